import TestSupport
import Testing

@testable import Einsum

@Suite struct LabelSetTests {
  @Test(arguments: [10, 64, 65, 128, 129, 200, 3000])
  func agreesWithSetsOfIntegers(labelCount: Int) {
    var generator = SeededGenerator(seed: UInt64(labelCount))
    func labels() -> [Int] {
      // Every other time from the low end, so that sets of different lengths meet.
      let limit = Bool.random(using: &generator) ? labelCount : min(labelCount, 70)
      let count = Int.random(in: 0...12, using: &generator)
      return (0..<count).map { _ in Int.random(in: 0..<limit, using: &generator) }
    }
    for _ in 0..<300 {
      let (a, b) = (labels(), labels())
      let (ours, other) = (LabelSet(a), LabelSet(b))
      let (expected, second) = (Set(a), Set(b))
      #expect(Array(ours) == expected.sorted())
      #expect(ours.count == expected.count && ours.isEmpty == expected.isEmpty)
      #expect(Array(ours.union(other)) == expected.union(second).sorted())
      #expect(Array(ours.intersection(other)) == expected.intersection(second).sorted())
      #expect(Array(ours.subtracting(other)) == expected.subtracting(second).sorted())
      #expect(ours.isSubset(of: other) == expected.isSubset(of: second))
      #expect(ours.isSubset(of: ours.union(other)))
      #expect(ours.isDisjoint(with: other) == expected.isDisjoint(with: second))
      #expect((ours == other) == (expected == second))
      #expect((0..<labelCount).filter(ours.contains) == expected.sorted())
    }
  }

  @Test func equalSetsAreEqualHoweverTheyCameAbout() {
    let large: LabelSet = [1, 2000]
    #expect(large.subtracting([2000]) == [1])
    #expect(large.intersection([1, 70, 5000]) == [1])
    #expect(large.subtracting([2000]).hashValue == LabelSet([1]).hashValue)
    #expect(large.union([500]).subtracting([2000]) == [1, 500])
    #expect(large.subtracting(large).isEmpty && LabelSet().isEmpty)
    #expect(!large.contains(2001) && !large.contains(100_000) && large.contains(2000))
  }
}
