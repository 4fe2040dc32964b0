import TestSupport
import Testing

@testable import Einsum

@Suite struct PlanTests {
  @Test func describesEachStep() throws {
    let contraction = Planning.contraction(
      "ea,fb,abcd,gc,hd->efgh", "a10 b10 c10 d10 e10 f10 g10 h10")
    let plan = try contraction.plan()
    #expect(
      plan.steps.map(plan.text) == [
        "ea,abcd->ebcd", "fb,ebcd->fecd", "gc,fecd->gfed", "hd,gfed->efgh",
      ])
    #expect(plan.steps.map(\.operands) == [[0, 2], [1, 5], [3, 6], [4, 7]])
    #expect(plan.steps.map(\.result) == [5, 6, 7, 8])
    #expect(plan.steps.map { contraction.text($0.summedLabels) } == ["a", "b", "c", "d"])
    #expect(plan.steps.allSatisfy { $0.operations == 2e5 && $0.resultElements == 10_000 })
    #expect(plan.pairSteps == plan.steps && plan.contraction == contraction)
  }

  @Test func stepsOfManyOperandsAreSplitIntoPairs() throws {
    let contraction = Planning.contraction("ij,jk,kl,lm->im", "i2 j3 k4 l5 m6")
    let plan = try ContractionPlan(contraction, path: ContractionPath(parsing: "(1,2,3),(0,1)"))
    #expect(plan.steps.map(plan.text) == ["jk,kl,lm->jm", "ij,jm->im"])
    #expect(plan.steps.map(\.operations) == [360.0 * 3, 72])
    #expect(plan.pairSteps.map(plan.text) == ["jk,kl->jl", "jl,lm->jm", "ij,jm->im"])
    #expect(plan.pairSteps.map(\.operands) == [[1, 2], [4, 3], [0, 5]])
    #expect(plan.pairSteps.map(\.result) == [4, 5, 6])
    #expect(plan.method == .given && plan.operations == 1152)

    let whole = try ContractionPlan(contraction, path: ContractionPath([[0, 1, 2, 3]]))
    #expect(whole.operations == whole.naiveOperations && whole.speedup == 1)
    #expect(whole.pairSteps.map(whole.text) == ["ij,jk->ik", "ik,kl->il", "il,lm->im"])
    #expect(whole.pairSteps.last?.resultLabels == contraction.output)
    #expect(whole.largestIntermediate == 12)
  }

  @Test func aPairWithinAStepKeepsWhatTheRestOfTheStepNeeds() throws {
    let contraction = Planning.contraction("a,a,a,b->b", "a3 b2")
    let plan = try ContractionPlan(contraction, path: ContractionPath(parsing: "(0,1,2),(0,1)"))
    #expect(plan.pairSteps.map(plan.text) == ["a,a->a", "a,a->", "b,->b"])
  }

  @Test func axesOfResultsCanBeOrderedOtherwise() throws {
    let contraction = Planning.contraction("ij,jk,kl->il", "i2 j3 k4 l5")
    let path = ContractionPath([[0, 1], [0, 1]])
    let plan = try ContractionPlan(contraction, path: path) { operands, kept in
      #expect(operands == [[0, 1], [1, 2]] && kept == [0, 2])
      return kept.reversed()
    }
    #expect(plan.steps.map(plan.text) == ["ij,jk->ki", "kl,ki->il"])
  }

  @Test func repeatedLabelsAndSinglesKeepTheirPlace() throws {
    let contraction = Planning.contraction("iij,jk,k->i", "i2 j3 k4")
    let plan = try ContractionPlan(contraction, path: ContractionPath(parsing: "(0),(0,1),(0,1)"))
    #expect(plan.steps.map(plan.text) == ["iij->ij", "jk,k->j", "ij,j->i"])
    #expect(plan.steps.map(\.operations) == [6, 24, 12])
    #expect(plan.steps.map(\.scaling) == [2, 2, 2])
  }

  /// Results, in order: ik (8), kl of the other pair (20), il (10).
  @Test func peakCountsLiveResultsAndScratch() throws {
    let contraction = Planning.contraction("ij,jk,km,ml->il", "i2 j3 k4 m6 l5")
    let plan = try ContractionPlan(
      contraction, path: ContractionPath(parsing: "(0,1),(0,1),(0,1)"))
    #expect(plan.steps.map(\.resultElements) == [8, 20, 10])
    #expect(plan.peakBytes(elementBytes: 4) == 38 * 4)
    // The first step: 8·4 and its own.
    #expect(plan.peakBytes(elementBytes: 4) { $0.operands == [0, 1] ? 1000 : 0 } == 1032)
    #expect(plan.peakBytes(elementBytes: 1) { _ in 100 } == 138)
    #expect(plan.peakBytes(elementBytes: 8) { _ in .max } == .max)
    // A single step has its output alone, and results are freed after their use.
    let chain = Planning.chain(6, sizes: [4])
    let path = ContractionTree.leftToRight(6).path
    #expect(try ContractionPlan(chain, path: path).peakBytes(elementBytes: 8) == 2 * 16 * 8)
    let trace = Planning.contraction("ii->", "i9")
    #expect(try trace.plan().peakBytes(elementBytes: 8) == 8)
  }

  /// The planner may choose among orders of the same tree: depth first, the larger need first.
  @Test func treesAreWalkedWithLittleMemory() throws {
    var tree = ContractionTree(leafCount: 6)
    let first = tree.join(0, 1)
    let second = tree.join(2, 3)
    let third = tree.join(4, 5)
    tree.join(first, tree.join(second, third))
    // Result sizes: 1, 10, 10, 5, 1. Left to right: 1 + 10 + 10 + 5 live; the pair of tens first: 25.
    let ordered = tree.orderedForMemory([1, 10, 10, 5, 1])
    #expect(
      ordered.pairs.map { [$0.left, $0.right] } == [[2, 3], [4, 5], [6, 7], [0, 1], [8, 9]])
    #expect(ordered.path.text == "(2,3),(2,3),(2,3),(0,1),(0,1)")
  }

  @Test func orderingATreeNeverNeedsMoreMemory() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      let count = Int.random(in: 2...12, using: &generator)
      let contraction = Planning.connected(count, bonds: 3, using: &generator)
      let network = ContractionNetwork(contraction)
      // A random tree in a random order of execution.
      var tree = ContractionTree(leafCount: count)
      var present = Array(0..<count)
      while present.count > 1 {
        present.shuffle(using: &generator)
        present.append(tree.join(present.removeLast(), present.removeLast()))
      }
      let plan = try ContractionPlan(contraction, path: tree.path)
      let ordered = try ContractionPlan(
        contraction, path: PathSearch.ordered(tree, network).path)
      #expect(ordered.operations == plan.operations)
      #expect(ordered.largestIntermediate == plan.largestIntermediate)
      #expect(network.cost(of: tree).total.operations == plan.operations)
      let depthFirst = try ContractionPlan(contraction, path: depthFirst(tree).path)
      #expect(ordered.peakBytes(elementBytes: 8) <= depthFirst.peakBytes(elementBytes: 8))
    }
  }

  /// The tree in postorder, the lower number first.
  private func depthFirst(_ tree: ContractionTree) -> ContractionTree {
    var result = ContractionTree(leafCount: tree.leafCount)
    func walk(_ node: Int) -> Int {
      guard node >= tree.leafCount else { return node }
      let pair = tree.pairs[node - tree.leafCount]
      let left = walk(pair.left)
      return result.join(left, walk(pair.right))
    }
    _ = walk(tree.leafCount + tree.pairs.count - 1)
    return result
  }
}
