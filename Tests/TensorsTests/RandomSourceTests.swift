import Testing

@testable import Tensors

@Suite struct RandomSourceTests {
  /// The known-answer vectors that Salmon et al. publish for Philox4×32-10.
  @Test(arguments: [
    (
      [0, 0, 0, 0, 0, 0],
      [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
    ),
    (
      [.max, .max, .max, .max, .max, .max],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344, 0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ])
  func matchesTheKnownAnswers(counterAndKey: [UInt32], expected: [UInt32]) {
    let c = counterAndKey
    let block = RandomSource.philox(counter: (c[0], c[1], c[2], c[3]), key: (c[4], c[5]))
    #expect([block.0, block.1, block.2, block.3] == expected)
  }

  @Test func normalNumbersHaveTheMomentsOfTheNormalLaw() {
    let n = 200_000
    let x = RandomSource(seed: 7).normal([n], as: Double.self)
    let mean = x.sum() / Double(n)
    let variance = (x * x).sum() / Double(n)
    let fourth = (x * x * x * x).sum() / Double(n)
    // Five standard errors: 1/√n, √(2/n), √(96/n).
    let root = Double(n).squareRoot()
    #expect(abs(mean) < 5 / root)
    #expect(abs(variance - 1) < 5 * 2.0.squareRoot() / root)
    #expect(abs(fourth - 3) < 5 * 96.0.squareRoot() / root)
  }

  @Test func streamsSeedsAndSubstreamsDiffer() {
    let base = RandomSource(seed: 1).normal([8], as: Double.self)
    #expect(base == RandomSource(seed: 1).normal([8], as: Double.self))
    #expect(base != RandomSource(seed: 2).normal([8], as: Double.self))
    #expect(base != RandomSource(seed: 1, stream: .noise).normal([8], as: Double.self))
    #expect(base != RandomSource(seed: 1, substream: 1).normal([8], as: Double.self))
  }

  @Test func longerDrawsBeginWithShorterOnes() {
    let long = RandomSource(seed: 3).normal([5003], as: Float.self)
    let short = RandomSource(seed: 3).normal([10], as: Float.self)
    #expect(Array(long.elements[..<10]) == short.elements)
    #expect(
      long == RandomSource(seed: 3).normal([5003], as: Double.self).converted(to: Float.self))
  }
}

@Suite(.serialized) struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 1000], [1, 2, 5])
  func visitsEveryIndexOnce(count: Int, threads: Int) {
    let before = BLAS.threads
    BLAS.setThreads(threads)
    defer { BLAS.setThreads(before) }
    var visits = [Int](repeating: 0, count: count)
    visits.withUnsafeMutableBufferPointer { visits in
      Parallel.forEachRange(count) { range in
        for i in range { visits[i] += 1 }
      }
    }
    #expect(visits.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [0, 1, 7, 1000], [1, 2, 3])
  func handsOutEveryItemOnce(count: Int, threads: Int) {
    let before = BLAS.threads
    BLAS.setThreads(threads)
    defer { BLAS.setThreads(before) }
    // The number belongs to the process, and other tests' loops may change it meanwhile: the
    // expectation on it has to hold in one of a few attempts.
    var isLimited = false
    for _ in 0..<50 where !isLimited {
      BLAS.setThreads(threads)
      var visits = [Int](repeating: 0, count: count)
      var threadsInside = [Int](repeating: 0, count: count)
      visits.withUnsafeMutableBufferPointer { visits in
        threadsInside.withUnsafeMutableBufferPointer { threadsInside in
          Parallel.forEachItem(count) { i in
            visits[i] += 1
            threadsInside[i] = BLAS.threads
          }
        }
      }
      #expect(visits.allSatisfy { $0 == 1 })
      // A single item runs here, where BLAS may use the threads.
      isLimited =
        threadsInside.allSatisfy { $0 == (count == 1 ? threads : 1) } && BLAS.threads == threads
    }
    #expect(isLimited)
  }

  @Test func itemsMayLoopThemselves() {
    let before = BLAS.threads
    BLAS.setThreads(2)
    defer { BLAS.setThreads(before) }
    var visits = [Int](repeating: 0, count: 12)
    visits.withUnsafeMutableBufferPointer { visits in
      Parallel.forEachItem(3) { i in
        Parallel.forEachItem(4) { j in visits[4 * i + j] += 1 }
      }
    }
    #expect(visits.allSatisfy { $0 == 1 })
  }

  @Test func callersSideBySideDoNotMixTheirLoops() async {
    let before = BLAS.threads
    BLAS.setThreads(3)
    defer { BLAS.setThreads(before) }
    await withTaskGroup(of: Bool.self) { group in
      for caller in 0..<4 {
        group.addTask {
          for round in 0..<300 {
            let count = 1 + (caller * 7 + round) % 40
            var visits = [Int](repeating: 0, count: count)
            visits.withUnsafeMutableBufferPointer { visits in
              Parallel.forEachRange(count) { range in
                for i in range { visits[i] += caller + 1 }
              }
            }
            guard visits.allSatisfy({ $0 == caller + 1 }) else { return false }
          }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func thereIsAProcessor() {
    #expect(Parallel.availableProcessors() >= 1)
  }
}

@Suite struct MemoryBudgetTests {
  @Test func countsAndRefuses() throws {
    let budget = MemoryBudget(limit: 100)
    try budget.reserve(60, for: "a")
    #expect(throws: NumericalError.memory(needed: 50, available: 40, purpose: "b")) {
      try budget.reserve(50, for: "b")
    }
    try budget.reserving(40, for: "c") { () throws(NumericalError) in
      #expect(budget.current == 100)
    }
    #expect(budget.current == 60)
    #expect(budget.peak == 100)
    budget.release(60)
    #expect(budget.current == 0)
  }

  @Test func theSystemHasMemory() {
    #expect(MemoryBudget.system().limit > 1 << 20)
  }
}
