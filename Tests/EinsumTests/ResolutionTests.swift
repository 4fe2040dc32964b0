import TestSupport
import Tensors
import Testing

@testable import Einsum

@Suite("Subscripts and shapes")
struct ResolutionTests {
  private func resolved(_ text: String, _ shapes: [Shape]) throws -> ResolvedContraction {
    try Subscripts(parsing: text).resolved(shapes: shapes)
  }

  @Test func numbersLabelsInTheirOrder() throws {
    let product = try resolved("ik, kj", [[2, 3], [3, 4]])
    #expect(
      product
        == ResolvedContraction(
          contraction: Contraction(
            operands: [[0, 1], [1, 2]], output: [0, 2], sizes: [2, 3, 4], names: ["i", "k", "j"]),
          operandShapes: [[2, 3], [3, 4]], outputLabels: [0, 2], outputShape: [2, 4]))
    #expect(!product.writesDiagonal)
  }

  @Test("the canonical form, shapes without broadcast axes, and the output's shape")
  func writesTheCanonicalForm() throws {
    let cases: [(String, [Shape], String, [Shape], Shape)] = [
      ("ij,jk->ki", [[2, 3], [3, 4]], "ij,jk->ki", [[2, 3], [3, 4]], [4, 2]),
      (
        "...ij,...jk", [[8, 1, 2, 3], [5, 3, 4]], "₀ij,₁jk->₀₁ik", [[8, 2, 3], [5, 3, 4]],
        [8, 5, 2, 4]
      ),
      ("...,...", [[1], [1, 1]], "₁,₀₁->₀₁", [[1], [1, 1]], [1, 1]),
      ("i...,...->...i", [[3, 2], [2]], "i₀,₀->₀i", [[3, 2], [2]], [2, 3]),
      ("...i->i", [[3]], "i->i", [[3]], [3]),
      ("...->", [[]], "->", [[]], []),
      ("ij,jk", [[2, 1], [3, 4]], "i,jk->ik", [[2], [3, 4]], [2, 4]),
      ("ij,ij->ij", [[2, 1], [1, 3]], "i,j->ij", [[2], [3]], [2, 3]),
      ("ii,i->i", [[1, 1], [3]], ",i->i", [[], [3]], [3]),
      ("ii,i->ii", [[3, 3], [1]], "ii,->i", [[3, 3], []], [3, 3]),
      ("ij->ji", [[1, 3]], "ij->ji", [[1, 3]], [3, 1]),
      ("i,i,i", [[1], [1], [0]], ",,i->", [[], [], [0]], []),
      ("i,i->i", [[1], [1]], "i,i->i", [[1], [1]], [1]),
      ("ij,j->iji", [[2, 3], [3]], "ij,j->ij", [[2, 3], [3]], [2, 3, 2]),
      ("...i->i...i", [[0, 2]], "₀i->i₀", [[0, 2]], [2, 0, 2]),
      (",->", [[], []], ",->", [[], []], []),
    ]
    for (text, shapes, canonical, operandShapes, outputShape) in cases {
      let result = try resolved(text, shapes)
      #expect(result.contraction.text == canonical, "\(text)")
      #expect(result.operandShapes == operandShapes, "\(text)")
      #expect(result.outputShape == outputShape, "\(text)")
      let output = result.outputLabels
      #expect(result.writesDiagonal == (Set(output).count < output.count), "\(text)")
    }
  }

  @Test func namesManyEllipsisAxes() throws {
    let names = try resolved("...", [Shape([Int](repeating: 1, count: 12))]).contraction.names
    #expect(names.prefix(3) == ["₀", "₁", "₂"])
    #expect(names.suffix(3) == ["₉", "₁₀", "₁₁"])
  }

  @Test func countsOperands() throws {
    func error(_ text: String, _ shapes: [Shape]) -> SubscriptError? {
      #expect(throws: SubscriptError.self) { try resolved(text, shapes) }
    }
    #expect(
      error("ij, jk,kl", [[2, 2]])
        == SubscriptError(
          text: "ij, jk,kl", position: 4,
          message: "the subscripts have 3 operands but 1 array is given", operand: 1))
    #expect(
      error("ij", [[2, 2], [2, 2]])
        == SubscriptError(
          text: "ij", position: 0,
          message: "the subscripts have 1 operand but 2 arrays are given"))
    #expect(error("", [])?.message == "the subscripts have 1 operand but 0 arrays are given")
  }

  @Test("arrays that do not fit are refused with the place and both numbers")
  func refuses() throws {
    let cases: [(String, [Shape], Int, Int?, String)] = [
      (
        "ij,jk", [[2, 3], [4, 5]], 3, 1,
        "label 'j' is 3 in operand 0 (A.npy) but 4 in operand 1 (B.npy)"
      ),
      (
        "ij,jk->ik", [[2, 4], [3, 5]], 3, 1,
        "label 'j' is 4 in operand 0 (A.npy) but 3 in operand 1 (B.npy)"
      ),
      (
        "i,i,i", [[1], [3], [4]], 4, 2,
        "label 'i' is 3 in operand 1 (B.npy) but 4 in operand 2 (C.npz:w)"
      ),
      ("i,i", [[0], [3]], 2, 1, "label 'i' is 0 in operand 0 (A.npy) but 3 in operand 1 (B.npy)"),
      ("ii", [[3, 4]], 1, 0, "label 'i' is both 3 and 4 in operand 0 (A.npy)"),
      ("j,i i", [[2], [1, 3]], 4, 1, "label 'i' is both 1 and 3 in operand 1 (B.npy)"),
      ("ii,i", [[3, 1], [3]], 1, 0, "label 'i' is both 3 and 1 in operand 0 (A.npy)"),
      ("ijk", [[2, 3]], 0, 0, "operand 0 (A.npy) has 2 axes but 3 labels"),
      ("i, i", [[2], [2, 3]], 3, 1, "operand 1 (B.npy) has 2 axes but 1 label"),
      ("", [[2]], 0, 0, "operand 0 (A.npy) has 1 axis but 0 labels"),
      ("i,...ij", [[2], [2]], 2, 1, "operand 1 (B.npy) has 1 axis but 2 labels"),
      ("i,", [[2], [2]], 2, 1, "operand 1 (B.npy) has 1 axis but 0 labels"),
      (
        "...i,j...", [[3, 2], [2, 4]], 6, 1,
        "ellipsis axis 1 from the right is 3 in operand 0 (A.npy) but 4 in operand 1 (B.npy)"
      ),
      (
        "...,...", [[5, 1, 2], [4, 3, 2]], 4, 1,
        "ellipsis axis 3 from the right is 5 in operand 0 (A.npy) but 4 in operand 1 (B.npy)"
      ),
      (
        "...i->i", [[3, 2]], 6, 0,
        "the ellipsis of operand 0 (A.npy) stands for 1 axis but the output has no '...'"
      ),
      (
        "...i,...->", [[2], [1, 1]], 10, 1,
        "the ellipsis of operand 1 (B.npy) stands for 2 axes but the output has no '...'"
      ),
    ]
    let names = ["A.npy", "B.npy", "C.npz:w"]
    for (text, shapes, position, operand, message) in cases {
      let error = #expect(throws: SubscriptError.self) {
        try Subscripts(parsing: text).resolved(
          shapes: shapes, names: Array(names.prefix(shapes.count)))
      }
      #expect(
        error
          == SubscriptError(text: text, position: position, message: message, operand: operand))
    }
  }

  @Test func doesWithoutNames() throws {
    let error = #expect(throws: SubscriptError.self) { try resolved("α,α", [[2], [3]]) }
    #expect(error?.message == "label 'α' is 2 in operand 0 but 3 in operand 1")
    #expect(error?.caretLines == ["α,α", "  ^"])
  }

  @Test func refusesResultsThatCannotBeCounted() throws {
    let error = #expect(throws: SubscriptError.self) {
      try resolved("i,j->ij", [[1 << 40], [1 << 40]])
    }
    #expect(error?.message == "the result has more elements than can be counted")
    #expect(error?.position == 5)
    #expect(throws: SubscriptError.self) { try resolved("i->ii", [[1 << 40]]) }
    #expect(throws: SubscriptError.self) { try resolved("i,j", [[1 << 40], [1 << 40]]) }
  }

  @Test("the text of a contraction is read as the same contraction")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 43)
    for _ in 0..<2_000 {
      let equation = RandomEquation(ellipsis: false, using: &generator)
      let first = try resolved(equation.text, equation.shapes)
      let second = try resolved(first.contraction.text, first.operandShapes)
      #expect(second.contraction == first.contraction, "\(equation.text) \(equation.shapes)")
      #expect(second.operandShapes == first.operandShapes)
    }
  }
}
