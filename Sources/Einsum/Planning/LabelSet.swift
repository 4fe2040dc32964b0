/// A set of labels as bits: two words in place, so that up to 128 labels cost no allocation, and an
/// array behind them for networks with thousands.
struct LabelSet: Hashable, Sendable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  /// The words from the third on, the last of them not zero; nil when there are none. The form is
  /// canonical, so that equal sets compare equal bit by bit.
  private var rest: [UInt64]?

  /// The empty set.
  init() {}

  /// The labels of an array; repeated ones count once.
  init(_ labels: [Int]) {
    for label in labels { insert(label) }
  }

  /// Whether there is no label.
  var isEmpty: Bool { first | second == 0 && rest == nil }

  /// The number of labels.
  var count: Int {
    let short = first.nonzeroBitCount + second.nonzeroBitCount
    guard let rest else { return short }
    return rest.reduce(short) { $0 + $1.nonzeroBitCount }
  }

  /// Whether a label is in the set.
  func contains(_ label: Int) -> Bool { word(label >> 6) >> UInt64(label & 63) & 1 == 1 }

  /// Adds a label.
  mutating func insert(_ label: Int) {
    precondition(label >= 0, "label \(label)")
    let bit: UInt64 = 1 << UInt64(label & 63)
    switch label >> 6 {
    case 0: first |= bit
    case 1: second |= bit
    case let index:
      var words = rest ?? []
      if words.count < index - 1 {
        words += [UInt64](repeating: 0, count: index - 1 - words.count)
      }
      words[index - 2] |= bit
      rest = words
    }
  }

  /// The labels that are in either set.
  func union(_ other: LabelSet) -> LabelSet { combined(other) { $0 | $1 } }

  /// The labels that are in both sets.
  func intersection(_ other: LabelSet) -> LabelSet { combined(other) { $0 & $1 } }

  /// The labels that are not in the other set.
  func subtracting(_ other: LabelSet) -> LabelSet { combined(other) { $0 & ~$1 } }

  /// Whether every label is in the other set, too.
  func isSubset(of other: LabelSet) -> Bool { !meets(other) { $0 & ~$1 } }

  /// Whether no label is in both sets.
  func isDisjoint(with other: LabelSet) -> Bool { !meets(other) { $0 & $1 } }

  fileprivate var wordCount: Int { 2 + (rest?.count ?? 0) }

  fileprivate func word(_ index: Int) -> UInt64 {
    switch index {
    case 0: first
    case 1: second
    default: if let rest, index - 2 < rest.count { rest[index - 2] } else { 0 }
    }
  }

  @inline(__always)
  private func combined(
    _ other: LabelSet, _ operation: (UInt64, UInt64) -> UInt64
  ) -> LabelSet {
    var result = LabelSet()
    result.first = operation(first, other.first)
    result.second = operation(second, other.second)
    if rest == nil && other.rest == nil { return result }
    let count = Swift.max(wordCount, other.wordCount)
    var words = (2..<count).map { operation(word($0), other.word($0)) }
    while words.last == 0 { words.removeLast() }
    result.rest = words.isEmpty ? nil : words
    return result
  }

  /// Whether the operation leaves a bit somewhere.
  @inline(__always)
  private func meets(_ other: LabelSet, _ operation: (UInt64, UInt64) -> UInt64) -> Bool {
    if operation(first, other.first) | operation(second, other.second) != 0 { return true }
    guard rest != nil else { return false }
    return (2..<wordCount).contains { operation(word($0), other.word($0)) != 0 }
  }
}

extension LabelSet: Sequence {
  /// The labels in ascending order.
  struct Iterator: IteratorProtocol {
    private let set: LabelSet
    private var index = 0
    private var word: UInt64

    fileprivate init(_ set: LabelSet) {
      self.set = set
      word = set.first
    }

    mutating func next() -> Int? {
      while word == 0 {
        index += 1
        guard index < set.wordCount else { return nil }
        word = set.word(index)
      }
      defer { word &= word - 1 }
      return index << 6 | word.trailingZeroBitCount
    }
  }

  /// Walks through the labels in ascending order.
  func makeIterator() -> Iterator { Iterator(self) }

  /// A lower bound for algorithms that reserve room.
  var underestimatedCount: Int { count }
}

extension LabelSet: ExpressibleByArrayLiteral {
  /// The labels as listed.
  init(arrayLiteral labels: Int...) { self.init(labels) }
}
