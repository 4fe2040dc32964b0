import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite struct DataSplitTests {
  /// Random classes, class c with a weight of its own, some perhaps empty.
  private func classes(_ count: Int, of classCount: Int, seed: UInt64) -> [Int32] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      Int32(Double(classCount) * Double.random(in: 0..<1, using: &random).squareRoot())
    }
  }

  private func counts(_ rows: [Int], _ classes: [Int32], _ classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for row in rows { counts[Int(classes[row])] += 1 }
    return counts
  }

  @Test(
    "disjoint, complete, of the right size, every class in proportion",
    arguments: [2, 3, 7, 40], [0.1, 0.2, 0.25, 0.5])
  func stratified(classCount: Int, share: Double) throws {
    for seed in 0..<5 as Range<UInt64> {
      let classes = classes(1009, of: classCount, seed: seed)
      let split = try DataSplit(
        classes: classes, classCount: classCount, share: share, seed: seed)
      #expect((split.training + split.validation).sorted() == Array(0..<1009))
      #expect(split.training == split.training.sorted())
      #expect(split.validation == split.validation.sorted())
      let total = counts(Array(0..<1009), classes, classCount)
      let taken = counts(split.validation, classes, classCount)
      for (all, part) in zip(total, taken) {
        // Hamilton's method stays within one of the quota where the last sample is not asked for.
        #expect(abs(Double(part) - share * Double(all)) < 1 || part == all - 1)
        #expect(all == 0 || part < all)
      }
      if total.allSatisfy({ $0 > 10 }) {
        #expect(split.validation.count == Int((share * 1009).rounded()))
      }
    }
  }

  @Test("largest remainders, and what single samples do to them")
  func apportionment() {
    #expect(DataSplit.apportioned([10, 10, 10], share: 0.2) == [2, 2, 2])
    #expect(DataSplit.apportioned([7, 7, 6], share: 0.2) == [1, 2, 1].sorted().reversed())
    #expect(DataSplit.apportioned([14, 3, 3], share: 0.2) == [3, 1, 0])
    #expect(DataSplit.apportioned([1, 1, 8], share: 0.5) == [0, 0, 5])
    #expect(DataSplit.apportioned([1, 1], share: 0.5) == [0, 0])
    #expect(DataSplit.apportioned([2, 2, 2], share: 0.9) == [1, 1, 1])
    #expect(DataSplit.apportioned([0, 5], share: 0.4) == [0, 2])
    #expect(DataSplit.apportioned([], share: 0.4) == [])
  }

  @Test("the seed alone decides; another seed takes others")
  func determinism() throws {
    let classes = classes(300, of: 4, seed: 1)
    func split(_ seed: UInt64) throws -> DataSplit {
      try DataSplit(classes: classes, classCount: 4, share: 0.2, seed: seed)
    }
    #expect(try split(3) == split(3))
    #expect(try split(3) != split(4))
    #expect(
      try DataSplit(count: 300, share: 0.2, seed: 3) == DataSplit(count: 300, share: 0.2, seed: 3))
    #expect(
      try DataSplit(count: 300, share: 0.2, seed: 3) != DataSplit(count: 300, share: 0.2, seed: 4))
  }

  @Test("every sample is taken about equally often")
  func fairness() throws {
    let trials = 400
    var taken = [Int](repeating: 0, count: 20)
    for seed in 0..<UInt64(trials) {
      for row in try DataSplit(count: 20, share: 0.25, seed: seed).validation { taken[row] += 1 }
    }
    // Five standard deviations of a binomial distribution.
    let (mean, deviation) = (0.25 * Double(trials), (Double(trials) * 0.25 * 0.75).squareRoot())
    #expect(taken.allSatisfy { abs(Double($0) - mean) < 5 * deviation }, "\(taken)")
  }

  @Test func withoutClasses() throws {
    let split = try DataSplit(count: 11, share: 0.3, seed: 0)
    #expect(split.validation.count == 3 && split.training.count == 8)
    #expect((split.training + split.validation).sorted() == Array(0..<11))
    #expect(try DataSplit(count: 5, share: 0, seed: 0).validation.isEmpty)
    #expect(try DataSplit(count: 2, share: 0.9, seed: 0).training.count == 1)
  }

  @Test("a validation part without samples is refused")
  func empty() {
    let message = NumericalError.shape(
      "the validation part is empty (a share of 0.1 of 4 samples)")
    #expect(throws: message) { try DataSplit(count: 4, share: 0.1, seed: 0) }
    #expect(throws: message) {
      try DataSplit(classes: [0, 0, 1, 1], classCount: 2, share: 0.1, seed: 0)
    }
    #expect(throws: NumericalError.self) {
      try DataSplit(classes: [0, 1], classCount: 2, share: 0.5, seed: 0)
    }
    #expect(throws: NumericalError.self) { try DataSplit(count: 1, share: 0.9, seed: 0) }
  }
}
