import TestSupport
import Testing

@testable import Einsum

@Suite struct MemoryLimitTests {
  @Test(arguments: 1...5)
  func theSmallestLimitIsExact(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(300 + count))
    for _ in 0..<120 {
      let contraction = Planning.random(count, using: &generator)
      let peak =
        count == 1
        ? contraction.shape(contraction.output).count : PairwiseOracle(contraction).peak
      if peak == 0 {
        #expect(try contraction.plan(maximumBytes: 0).peakBytes(elementBytes: 8) == 0)
        continue
      }
      #expect(throws: PlanningError.memory(smallestLimit: 8 * peak)) {
        try contraction.plan(maximumBytes: 8 * peak - 1)
      }
      #expect(throws: PlanningError.memory(smallestLimit: 4 * peak)) {
        try contraction.plan(elementBytes: 4, maximumBytes: 0)
      }
      let plan = try contraction.plan(maximumBytes: 8 * peak)
      #expect(plan.peakBytes(elementBytes: 8) == 8 * peak)
    }
  }

  @Test(arguments: 3...5)
  func theCheapestOrderUnderALimitIsFound(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(400 + count))
    var changed = 0
    for _ in 0..<120 {
      let contraction = Planning.random(count, sizes: 1...4, using: &generator)
      let least = PairwiseOracle(contraction).peak
      let free = try contraction.plan()
      let most = free.peakBytes(elementBytes: 1)
      for limit in Set([least, (least + most) / 2, max(least, most - 1), most]) {
        let plan = try contraction.plan(elementBytes: 1, maximumBytes: limit)
        #expect(plan.peakBytes(elementBytes: 1) <= limit)
        let best = PairwiseOracle(contraction, maximumLive: limit).operations
        // The unlimited order is kept where it fits, and it is as cheap.
        #expect(plan.operations == Double(best))
        if plan.method == .limited { changed += 1 }
      }
    }
    #expect(changed > 0)
  }

  @Test func tenOperandsHaveAnExactLimitToo() throws {
    var generator = SeededGenerator(seed: 8)
    let contraction = Planning.connected(10, bonds: 8, using: &generator)
    let smallest = try smallestLimit(contraction)
    let plan = try contraction.plan(maximumBytes: smallest)
    #expect(plan.peakBytes(elementBytes: 8) == smallest)
    #expect(throws: PlanningError.memory(smallestLimit: smallest)) {
      try contraction.plan(maximumBytes: smallest - 1)
    }
    // The searches' own orders never need less.
    for strategy in [PathStrategy.auto, .dynamic, .greedy] {
      #expect(try contraction.plan(strategy: strategy).peakBytes(elementBytes: 8) >= smallest)
    }
  }

  /// Beyond ten operands the limit that is named is the best of what was tried, and it works.
  @Test func theLimitThatIsNamedWorks() throws {
    var generator = SeededGenerator(seed: 9)
    for count in [11, 14, 20, 40] {
      let contraction = Planning.connected(count, bonds: count, using: &generator)
      for strategy in [PathStrategy.auto, .greedy, .dynamic] {
        let smallest = try smallestLimit(contraction, strategy)
        let plan = try contraction.plan(strategy: strategy, maximumBytes: smallest)
        #expect(plan.peakBytes(elementBytes: 8) == smallest)
        #expect(throws: PlanningError.memory(smallestLimit: smallest)) {
          try contraction.plan(strategy: strategy, maximumBytes: smallest - 1)
        }
        let free = try contraction.plan(strategy: strategy)
        #expect(smallest <= free.peakBytes(elementBytes: 8))
      }
    }
  }

  @Test func anotherOrderIsTakenWhenTheCheapestDoesNotFit() throws {
    // ab,bc first: 2·(900 + 900) operations, 100 + 9 elements; bc,cd first: 2·(8100 + 81), 81 + 9.
    let contraction = Planning.contraction("ab,bc,cd->ad", "a1 b9 c100 d9")
    for strategy in [PathStrategy.auto, .optimal, .dynamic, .greedy] {
      let free = try contraction.plan(strategy: strategy, maximumBytes: 109 * 8)
      #expect(free.path.text == "(0,1),(0,1)" && free.operations == 3600)
      let plan = try contraction.plan(strategy: strategy, maximumBytes: 109 * 8 - 1)
      #expect(plan.method == .limited && plan.path.text == "(1,2),(0,1)")
      #expect(plan.operations == 16_362 && plan.peakBytes(elementBytes: 8) == 90 * 8)
    }
  }

  @Test func aGivenPathIsNotReplaced() throws {
    let contraction = Planning.contraction("ij,jk,kl->il", "i2 j2 k5 l2")
    let given = PathStrategy.given(ContractionPath([[0, 1], [0, 1]]))
    let peak = try contraction.plan(strategy: given).peakBytes(elementBytes: 8)
    #expect(peak == 8 * (10 + 4))
    #expect(try contraction.plan(strategy: given, maximumBytes: peak).path.text == "(0,1),(0,1)")
    #expect(throws: PlanningError.memory(smallestLimit: peak)) {
      try contraction.plan(strategy: given, maximumBytes: peak - 1)
    }
    // Greed has another order.
    #expect(
      try contraction.plan(strategy: .greedy, maximumBytes: peak - 1).peakBytes(elementBytes: 8)
        == 64)
  }

  @Test func scratchMemoryCounts() throws {
    let contraction = Planning.contraction("ij,jk,kl->il", "i2 j2 k5 l2")
    let peak = try contraction.plan().peakBytes(elementBytes: 8)
    #expect(throws: PlanningError.memory(smallestLimit: peak + 5)) {
      try contraction.plan(maximumBytes: peak, peakBytes: { $0.peakBytes(elementBytes: 8) + 5 })
    }
    let plan = try contraction.plan(
      maximumBytes: peak + 5, peakBytes: { $0.peakBytes(elementBytes: 8) + 5 })
    #expect(plan.steps.count == 2)
  }

  private func smallestLimit(
    _ contraction: Contraction, _ strategy: PathStrategy = .auto
  ) throws -> Int {
    do throws(PlanningError) {
      _ = try contraction.plan(strategy: strategy, maximumBytes: 0)
      return 0
    } catch {
      guard case .memory(let smallestLimit) = error else { throw error }
      return smallestLimit
    }
  }
}
