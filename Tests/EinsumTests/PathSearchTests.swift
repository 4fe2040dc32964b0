import TestSupport
import Testing

@testable import Einsum

@Suite struct PathSearchTests {
  @Test(arguments: OptEinsumCase.all)
  func optimalAgreesWithOptEinsum(golden: OptEinsumCase) throws {
    let contraction = Planning.contraction(golden.text, golden.sizes)
    let found = try Planning.operations(contraction, PathSearch.optimal(contraction))
    #expect(found == golden.least ?? golden.optEinsum)
    #expect(found <= golden.optEinsum)
    #expect(try contraction.plan().operations == found)
  }

  @Test(arguments: 2...6)
  func optimalEqualsEveryPairwiseOrder(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(100 + count))
    for _ in 0..<(count == 6 ? 60 : 150) {
      let contraction = Planning.random(count, using: &generator)
      let best = Double(PairwiseOracle(contraction).operations)
      #expect(
        try Planning.operations(contraction, PathSearch.optimal(contraction)) == best,
        "\(contraction.text) \(contraction.sizes)")
      for path in [PathSearch.dynamic(contraction), PathSearch.greedy(contraction)] {
        #expect(try Planning.operations(contraction, path) >= best)
      }
    }
  }

  @Test func oneOperandIsOneStep() throws {
    for text in ["ij->", "ii->i", "->", "ij->ji"] {
      let contraction = Planning.contraction(text, "i3 j4")
      for strategy in [PathStrategy.auto, .optimal, .dynamic, .greedy] {
        #expect(try contraction.plan(strategy: strategy).path.text == "(0)")
      }
    }
  }

  /// Guaranteed on connected networks for orders in which every pair shares a summed label.
  @Test(arguments: 2...6)
  func dynamicEqualsEveryOrderWithoutOuterProducts(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(200 + count))
    for _ in 0..<60 {
      let bonds = Int.random(in: 0...3, using: &generator)
      let contraction = Planning.connected(count, bonds: bonds, using: &generator)
      let best = Double(PairwiseOracle(contraction, onlyConnected: true).operations)
      let network = ContractionNetwork(contraction)
      let tree = try #require(ConnectedParts.tree(network))
      let dynamic = try Planning.operations(contraction, PathSearch.dynamic(contraction))
      if count > 2 { #expect(network.cost(of: tree).total.operations == best) }
      // Greed may use an outer product that pays.
      #expect(dynamic <= best)
    }
  }

  @Test func noStrategyIsWorseThanGreedOrLeftToRight() throws {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<300 {
      let count = Int.random(in: 2...14, using: &generator)
      let contraction =
        round % 2 == 0
        ? Planning.random(count, sizes: 1...4, using: &generator)
        : Planning.connected(count, bonds: round % 7, using: &generator)
      let network = ContractionNetwork(contraction)
      let greedy = try contraction.plan(strategy: .greedy).operations
      #expect(greedy <= network.cost(of: .leftToRight(count)).total.operations)
      #expect(try contraction.plan(strategy: .auto).operations <= greedy)
      #expect(try contraction.plan(strategy: .dynamic).operations <= greedy)
      if count <= 10 {
        let optimal = try contraction.plan(strategy: .optimal).operations
        #expect(try contraction.plan(strategy: .auto).operations == optimal)
        #expect(optimal <= (try contraction.plan(strategy: .dynamic).operations))
      }
    }
  }

  @Test func searchesStayBelowTheSizeLimitOrFindNothing() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let count = Int.random(in: 2...6, using: &generator)
      let contraction = Planning.random(count, sizes: 1...4, using: &generator)
      let largest = try contraction.plan().largestIntermediate
      for limit in [0, largest / 4, largest / 2, largest - 1, largest] {
        let elements = Double(limit)
        let optimal = PathSearch.optimal(contraction, maximumElements: elements)
        #expect(limit < largest || optimal != nil)
        for path in [
          optimal, PathSearch.dynamic(contraction, maximumElements: elements),
          PathSearch.greedy(contraction, maximumElements: elements),
        ] {
          guard let path else { continue }
          #expect(try ContractionPlan(contraction, path: path).largestIntermediate <= limit)
          #expect(optimal != nil)
        }
      }
    }
  }

  @Test func structuresBeyondTenOperandsAreSolvedExactly() throws {
    // Matrix chains have a dynamic programme of their own (Godbole 1973).
    for (count, pattern) in [(30, [7, 3, 9, 2, 8, 4, 6, 5]), (100, [4, 9, 2, 7, 5])] {
      let chain = Planning.chain(count, sizes: pattern)
      let plan = try chain.plan()
      #expect(plan.method == .dynamic)
      #expect(plan.operations == 2 * matrixChain(chain.sizes.map(Double.init)))
    }
    for (rows, columns) in [(3, 4), (3, 6), (4, 4)] {
      let plan = try Planning.grid(rows, columns, bond: 3).plan()
      #expect(plan.method == .dynamic && plan.steps.count == rows * columns - 1)
    }
    let ring = Planning.contraction(
      (0..<24).map { [$0, ($0 + 1) % 24] }, [], (0..<24).map { 2 + $0 % 5 })
    #expect(try ring.plan().method == .dynamic)
  }

  /// The fewest multiplications of a matrix chain with these sizes.
  private func matrixChain(_ sizes: [Double]) -> Double {
    let count = sizes.count - 1
    var cost = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for length in 1..<count {
      for first in 0..<(count - length) {
        let last = first + length
        cost[first][last] =
          (first..<last).map {
            cost[first][$0] + cost[$0 + 1][last] + sizes[first] * sizes[$0 + 1] * sizes[last + 1]
          }.min() ?? 0
      }
    }
    return cost[0][count - 1]
  }

  @Test func partsWithoutCommonLabelsAreJoinedLast() throws {
    // Two chains of eight: each on its own, one outer product of their results.
    let operands = (0..<16).map { $0 < 8 ? [$0, $0 + 1] : [$0 + 1, $0 + 2] }
    let contraction = Planning.contraction(
      operands, [0, 8, 9, 17], (0..<18).map { 2 + ($0 * 7) % 5 })
    let plan = try contraction.plan()
    #expect(plan.method == .dynamic && plan.steps.count == 15)
    #expect(plan.steps.dropLast().allSatisfy { !$0.summedLabels.isEmpty })
    #expect(plan.steps.last?.summedLabels == [])
  }

  @Test func anExplodingNumberOfSubsetsIsLeftToGreed() throws {
    // Every operand shares a label with every other: 2²⁴ connected subsets.
    var operands = [[Int]](repeating: [], count: 24)
    var count = 0
    for second in operands.indices {
      for first in 0..<second {
        operands[first].append(count)
        operands[second].append(count)
        count += 1
      }
    }
    let complete = Planning.contraction(operands, [], [Int](repeating: 1, count: count))
    let plan = try complete.plan(strategy: .dynamic)
    #expect(plan.method == .greedy && plan.steps.count == 23)
    #expect(throws: PlanningError.tooManyOperands(count: 24, maximum: 16)) {
      try complete.plan(strategy: .optimal)
    }
    // No cost at all, however many subsets: depth first finds an end.
    let zeros = Planning.contraction(operands, [], [Int](repeating: 0, count: count))
    #expect(try zeros.plan().operations == 0)
  }

  @Test func hundredsOfOperandsAreOrdered() throws {
    var generator = SeededGenerator(seed: 5)
    let network = Planning.connected(300, bonds: 100, using: &generator)
    let wide = Planning.contraction(
      (0..<300).map { [0, 1 + $0] }, [0, 7, 200], [3] + (0..<300).map { 2 + $0 % 2 })
    let outer = Planning.contraction((0..<200).map { [$0] }, [3], [Int](repeating: 2, count: 200))
    for contraction in [network, wide, outer] {
      for strategy in [PathStrategy.auto, .greedy, .dynamic] {
        let plan = try contraction.plan(strategy: strategy)
        #expect(plan.steps.count == contraction.operands.count - 1)
        #expect(plan.operations <= plan.naiveOperations)
      }
    }
    // A label of all operands, then sums of one operand each: nothing grows.
    #expect(try wide.plan().largestIntermediate == 18)
  }

  @Test func pathsAreTheSameEveryTime() throws {
    var generator = SeededGenerator(seed: 6)
    for count in [4, 9, 20, 60] {
      let contraction = Planning.connected(count, bonds: count / 3, using: &generator)
      let copy = Contraction(
        operands: contraction.operands, output: contraction.output, sizes: contraction.sizes,
        names: contraction.names)
      #expect(try contraction.plan().path == copy.plan().path)
    }
  }
}
