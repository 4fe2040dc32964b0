import TestSupport
import Tensors
import Testing

@testable import Einsum

@Suite("The definition")
struct DefinitionTests {
  private func resolved(_ text: String, _ shapes: [Shape]) throws -> ResolvedContraction {
    try Subscripts(parsing: text).resolved(shapes: shapes)
  }

  private func check<Element: Scalar>(_ example: NumPyCase, _ type: Element.Type) throws {
    let operands = example.shapes.enumerated().map { k, sizes in
      let shape = Shape(sizes)
      return Tensor<Element>(
        shape, (0..<shape.count).map { Element((7 * $0 + 5 * k + 3) % 11 - 5) })
    }
    let contraction = try resolved(example.equation, operands.map(\.shape))
    let result = contraction.reference(operands)
    #expect(result == Tensor(Shape(example.resultShape), example.result.map { Element($0) }))
    #expect(result.shape == contraction.outputShape)
  }

  @Test("agrees with NumPy", arguments: NumPyCase.all)
  func agreesWithNumPy(example: NumPyCase) throws {
    try check(example, Double.self)
    try check(example, Float.self)
  }

  @Test("agrees with loops over dictionaries on random subscripts")
  func agreesWithLoops() throws {
    var generator = SeededGenerator(seed: 47)
    for _ in 0..<3_000 {
      let equation = RandomEquation(using: &generator)
      let operands = equation.operands(using: &generator)
      let contraction = try resolved(equation.text, equation.shapes)
      #expect(
        contraction.reference(operands) == equation.value(operands),
        "\(equation.text) \(equation.shapes)")
      let magnitudes = operands.map { $0.mapped { $0.magnitude } }
      #expect(contraction.magnitude(operands) == equation.value(magnitudes))
    }
  }

  @Test func sumsInDoublePrecision() throws {
    // 2^24 + 1 is no Float; the sum of the three is.
    let a = Tensor<Float>([3], [16_777_216, 1, 1])
    #expect(try resolved("i->", [[3]]).reference([a]) == Tensor([], [16_777_218]))
  }

  @Test func boundsWhatCancels() throws {
    let dot = try resolved("i,i", [[2], [2]])
    let (a, b) = (Tensor<Double>([2], [3, -2]), Tensor<Double>([2], [2, 3]))
    #expect(dot.reference([a, b]) == Tensor([], [0]))
    #expect(dot.magnitude([a, b]) == Tensor([], [12]))
  }

  @Test func takesReshapedOperands() throws {
    let product = try resolved("ij,ij->ij", [[2, 1], [1, 3]])
    let a = Tensor<Double>([2, 1], [1, 2])
    let b = Tensor<Double>([1, 3], [3, 4, 5])
    let expected = Tensor<Double>([2, 3], [3, 4, 5, 6, 8, 10])
    #expect(product.reference([a, b]) == expected)
    let reshaped = zip([a, b], product.operandShapes).map { $0.reshaped($1) }
    #expect(product.reference(reshaped) == expected)
  }

  @Test func passesOnNaNAndInfinity() throws {
    let product = try resolved("i,i->i", [[3], [3]])
    let a = Tensor<Double>([3], [.infinity, .nan, 1])
    let b = Tensor<Double>([3], [0, 1, .infinity])
    let result = product.reference([a, b]).elements
    #expect(result[0].isNaN && result[1].isNaN && result[2] == .infinity)
  }

  @Test("a wrong element fails the check, rounding does not")
  func check() throws {
    let shapes: [Shape] = [[6, 50], [50, 7]]
    let contraction = try resolved("ij,jk->ik", shapes)
    let operands = shapes.enumerated().map {
      RandomSource(seed: UInt64($0.offset)).normal($0.element, as: Float.self)
    }
    let reference = contraction.reference(operands)
    let equal = contraction.check(reference, of: operands)
    #expect(equal.passes && equal.largestError == 0 && equal.worst == nil && equal.elements == 42)
    // What is allowed: (8 + √50)·3·ε·Σ|products|.
    let allowed = (8 + 50.squareRoot()) * 3 * Double(Float.epsilon)
    let magnitude = contraction.magnitude(operands)
    for (factor, passes) in [(0.9, true), (1.1, false)] {
      var elements = reference.elements
      elements[17] += Float(factor * allowed * Double(magnitude.elements[17]))
      let check = contraction.check(Tensor(reference.shape, elements), of: operands)
      #expect(check.passes == passes && check.worst?.position == 17, "\(factor)")
      #expect(abs(check.largestShare - factor) < 0.05)
    }
    var elements = reference.elements
    elements[3] = .nan
    let check = contraction.check(Tensor(reference.shape, elements), of: operands)
    #expect(!check.passes && check.largestError.isNaN && check.worst?.position == 3)
  }
}
