import TestSupport
import Testing

@testable import Einsum

@Suite struct CostTests {
  /// FORMULAS §3.
  @Test func goldenContractions() throws {
    let golden = Planning.contraction(
      "ea,fb,abcd,gc,hd->efgh", "a10 b10 c10 d10 e10 f10 g10 h10")
    let plan = try golden.plan()
    #expect(plan.naiveOperations == 5e8 && plan.operations == 8e5 && plan.speedup == 625)
    #expect(plan.path.text == "(0,2),(0,3),(0,2),(0,1)")
    #expect(plan.largestIntermediate == 10_000 && plan.steps.allSatisfy { $0.scaling == 5 })

    let chain = Planning.contraction("ij,jk,kl->il", "i2 j2 k5 l2")
    let chainPlan = try chain.plan()
    #expect(chainPlan.naiveOperations == 120 && chainPlan.operations == 56)
    #expect(chainPlan.largestIntermediate == 4 && chainPlan.path.text == "(1,2),(0,1)")
    #expect(chainPlan.method == .optimal)
  }

  /// Contraction, path, operations of each step.
  @Test(
    arguments: [
      // One operand: max(1, 0) and the sum.
      ("ij->i", "i3 j4", "(0)", [24]), ("ij->ji", "i3 j4", "(0)", [12]),
      ("ii->i", "i5", "(0)", [5]),
      ("ii->", "i5", "(0)", [10]), ("->", "", "(0)", [1]),
      // A label of both operands that is in the output is not summed.
      ("ij,ij->ij", "i3 j4", "(0,1)", [12]), ("ij,ij->i", "i3 j4", "(0,1)", [24]),
      // One of the two alone has the label.
      ("ik,j->ij", "i3 j4 k5", "(0,1)", [120]), (",->", "", "(0,1)", [1]),
      // Three and four at once; a single operand first, and last.
      ("ij,jk,kl->il", "i2 j2 k5 l2", "(0,1,2)", [120]),
      ("a,b,c,d->", "a2 b3 c4 d5", "(0,1,2,3)", [480]),
      ("ij,jk->k", "i2 j3 k4", "(0),(0,1)", [12, 24]),
      ("ij,jk->k", "i2 j3 k4", "(0,1),(0)", [48, 4]),
      // The label stays as long as a remaining operand has it.
      ("i,i,i->", "i7", "(0,1),(0,1)", [7, 14]), ("i,i,i->", "i7", "(0,1,2)", [21]),
      // Sizes of zero and one.
      ("ij,jk->ik", "i3 j0 k4", "(0,1)", [0]), ("ij,jk->ik", "i1 j1 k1", "(0,1)", [2]),
      ("ij,jk,kl->il", "i3 j0 k4 l5", "(1,2),(0,1)", [0, 0]),
    ] as [(String, String, String, [Double])])
  func countsEachStep(text: String, sizes: String, path: String, operations: [Double]) throws {
    let contraction = Planning.contraction(text, sizes)
    let plan = try ContractionPlan(contraction, path: ContractionPath(parsing: path))
    #expect(plan.steps.map(\.operations) == operations)
    #expect(plan.operations == operations.reduce(0, +))
    #expect(plan.steps.last?.resultLabels == contraction.output)
  }

  @Test func nothingToDoHasASpeedup() throws {
    let empty = Planning.contraction("ij,jk,kl->il", "i3 j0 k4 l5")
    #expect(try empty.plan().speedup == 1)
    // Only the step over all operands meets the zero at once.
    let late = Planning.contraction("a,b,c->", "a3 b4 c0")
    let plan = try ContractionPlan(late, path: ContractionPath([[0, 1], [0, 1]]))
    #expect(plan.operations == 24 && plan.naiveOperations == 0 && plan.speedup == 0)
  }

  @Test func countsSaturate() throws {
    let sizes = [Double](repeating: 1e10, count: 40)
    #expect(ContractionCost.elements(0..<40, sizes: sizes) == .greatestFiniteMagnitude)
    #expect(ContractionCost.elements(0..<40, sizes: sizes.dropLast() + [0]) == 0)
    let lengths = [Int](repeating: 1 << 20, count: 5)
    #expect(ContractionCost.elementCount(0..<5, sizes: lengths) == .max)
    #expect(ContractionCost.elementCount(0..<5, sizes: lengths.dropLast() + [0]) == 0)
    #expect(ContractionCost.elementCount([0, 0, 1], sizes: [2, 5]) == 20)

    let huge = Planning.contraction([[0, 1, 2, 3, 4], [4], []], [0, 1, 2, 3], lengths)
    let plan = try huge.plan()
    #expect(plan.largestIntermediate == .max && plan.peakBytes(elementBytes: 8) == .max)
    #expect(throws: PlanningError.memory(smallestLimit: .max)) {
      try huge.plan(maximumBytes: 1 << 40)
    }
  }
}
