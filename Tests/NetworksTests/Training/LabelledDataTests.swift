import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite struct ClassMapTests {
  @Test("numbers by their size, words by their bytes")
  func order() {
    let (numbers, rows) = ClassMap.fitted([10, 9, -1, 9, 1e3, 0.5])
    #expect(numbers.labels == ["-1", "0.5", "9", "10", "1000"] && rows == [3, 2, 0, 2, 4, 1])
    let (words, classes) = ClassMap.fitted([0, 1, 2, 1], texts: ["b", "a", "é"])
    #expect(words.labels == ["a", "b", "é"] && classes == [1, 0, 2, 0])
    #expect(ClassMap.fitted([0, 1], texts: ["a", "B"]).0.labels == ["B", "a"])
    #expect(words.counts(classes) == [2, 1, 1])
  }

  @Test func lookup() {
    let (map, _) = ClassMap.fitted([3, 1, 2, 0.25])
    #expect(map.index(of: "3") == 3 && map.index(of: 3.0) == 3 && map.index(of: 0.25) == 0)
    #expect(map.index(of: "4") == nil && map.index(of: "3.0") == nil && map.index(of: 4) == nil)
    #expect(ClassMap(labels: map.labels) == map)
    #expect(ClassMap(labels: ["a", "a"]) == nil)
    #expect(ClassMap.text(-0.0) == "0" && ClassMap.text(1e15) == "1000000000000000")
  }
}

@Suite struct TargetKindTests {
  /// `count` integers, `distinct` different ones.
  private func expect(
    _ count: Int, of distinct: Int, isClasses: Bool, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let kind = TargetKind((0..<count).map { Double($0 % distinct) })
    #expect(kind.isClasses == isClasses && kind.reason == reason, sourceLocation: sourceLocation)
  }

  @Test("integers of which few differ are classes")
  func integers() {
    expect(4, of: 2, isClasses: true, "integers, 2 classes")
    expect(2, of: 1, isClasses: true, "integers, one class")
    expect(20, of: 20, isClasses: true, "integers, 20 classes")
    expect(21, of: 21, isClasses: false, "integers, more than 20 different ones")
    // 40 people on 400 pictures; prices of houses.
    expect(400, of: 40, isClasses: true, "integers, 40 classes")
    expect(1460, of: 663, isClasses: false, "integers, more than 292 different ones")
    expect(20_000, of: 3842, isClasses: false, "integers, more than 1000 different ones")
  }

  @Test func otherNumbers() {
    #expect(TargetKind([-1, 1]).isClasses)
    #expect(!TargetKind([0, 1.5]).isClasses)
    #expect(TargetKind([0, 1.5]).reason == "numbers that are no integers")
  }

  @Test func words() {
    #expect(TargetKind(wordsOf: 3).isClasses && TargetKind(wordsOf: 3).reason == "words, 3 classes")
  }
}

@Suite struct LabelledDataTests {
  private func data(_ count: Int, _ width: Int, classes: Bool) throws -> LabelledData<Double> {
    let inputs = Tensor([count, width], (0..<count * width).map { Double($0) })
    let targets: LabelledTargets<Double>
    if classes {
      let (map, rows) = ClassMap.fitted((0..<count).map { Double($0 % 3) })
      targets = .classes(rows, map)
    } else {
      targets = .values(Tensor([count, 2], (0..<count * 2).map { -Double($0) }))
    }
    return try LabelledData(inputs: inputs, targets: targets)
  }

  private func row(_ tensor: Tensor<Double>, _ row: Int) -> [Double] {
    (0..<tensor.columns).map { tensor[row, $0] }
  }

  @Test("taking samples out keeps the order of both parts", arguments: [true, false])
  func removal(classes: Bool) throws {
    for rows in [[], [0], [4], [1, 2], [0, 2, 4], [0, 1, 2, 3, 4], [3]] {
      let all = try data(5, 3, classes: classes)
      var kept = all
      let removed = kept.removeRows(rows)
      let others = (0..<5).filter { !rows.contains($0) }
      for (part, source) in [(removed, rows), (kept, others)] {
        #expect(part.inputs.shape == [source.count, 3] && part.count == part.targets.count)
        for (place, origin) in source.enumerated() {
          #expect(row(part.inputs, place) == row(all.inputs, origin))
          switch (part.targets, all.targets) {
          case (.classes(let some, _), .classes(let every, _)):
            #expect(some[place] == every[origin])
          case (.values(let some), .values(let every)):
            #expect(row(some, place) == row(every, origin))
          default: Issue.record("the targets' kind has changed")
          }
        }
      }
    }
  }

  @Test("what stays is not copied")
  func removalInPlace() throws {
    var data = try data(100, 8, classes: true)
    let before = data.inputs.withUnsafeElements { $0.baseAddress }
    _ = data.removeRows([3, 50, 99])
    #expect(data.inputs.withUnsafeElements { $0.baseAddress } == before)
  }

  @Test func counts() throws {
    #expect(try data(6, 2, classes: true).targets.outputCount == 3)
    #expect(try data(6, 2, classes: false).targets.outputCount == 2)
    #expect(throws: NumericalError.shape("3 samples and 1 targets do not fit together")) {
      try LabelledData(
        inputs: Tensor([3, 1], [1, 2, 3] as [Double]), targets: .values(Tensor([1, 1], [1])))
    }
  }

  @Test("every single change gives another digest", arguments: [true, false])
  func digest(classes: Bool) throws {
    let original = try data(4, 3, classes: classes)
    var digests: Set<String> = [original.digest]
    var variants = 0
    func expectNew(_ data: LabelledData<Double>) {
      variants += 1
      #expect(digests.insert(data.digest).inserted)
    }
    #expect(try data(4, 3, classes: classes).digest == original.digest)
    #expect(original.digest.utf8.count == 32)
    for place in 0..<12 {
      for change in [1, Double.epsilon * 16, -0.0] where change != 0 || place == 0 {
        var numbers = original.inputs.elements
        numbers[place] = change == 0 ? -0.0 : numbers[place] + change
        expectNew(
          try LabelledData(inputs: Tensor([4, 3], numbers), targets: original.targets))
      }
    }
    // Two neighbours exchanged; other shapes of the same numbers.
    var exchanged = original.inputs.elements
    exchanged.swapAt(0, 1)
    expectNew(try LabelledData(inputs: Tensor([4, 3], exchanged), targets: original.targets))
    switch original.targets {
    case .classes(let rows, let map):
      for place in 0..<4 {
        var others = rows
        others[place] = (others[place] + 1) % 3
        expectNew(try LabelledData(inputs: original.inputs, targets: .classes(others, map)))
      }
      let renamed = try #require(ClassMap(labels: ["0", "1", "3"]))
      expectNew(try LabelledData(inputs: original.inputs, targets: .classes(rows, renamed)))
    case .values(let values):
      for place in 0..<8 {
        var others = values.elements
        others[place] += 1
        expectNew(
          try LabelledData(inputs: original.inputs, targets: .values(Tensor([4, 2], others))))
      }
    }
    expectNew(
      try LabelledData(
        inputs: Tensor([4, 2], Array(0..<8).map(Double.init)), targets: original.targets))
    #expect(digests.count == variants + 1)
  }
}
