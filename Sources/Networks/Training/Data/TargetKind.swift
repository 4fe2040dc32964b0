/// What the targets of a data set say of the task.
public struct TargetKind: Sendable, Equatable {
  /// Whether they name classes; otherwise they are numbers to be met.
  public let isClasses: Bool
  /// Why, in words: `integers, 10 classes`.
  public let reason: String

  /// Integers with more distinct values than this are no classes: 20, or one in five samples up
  /// to 1000, which lets 40 faces pass that 400 pictures show and not the prices of 1000 houses.
  static func mostClasses(of count: Int) -> Int { max(20, min(count / 5, 1000)) }

  /// The kind of targets that are words: always classes.
  public init(wordsOf classCount: Int) {
    isClasses = true
    reason = "words, \(Self.classes(classCount))"
  }

  /// The kind of targets that are numbers: classes when all are integers of which few differ.
  public init(_ numbers: [Double]) {
    let most = Self.mostClasses(of: numbers.count)
    var distinct: Set<Double> = []
    for number in numbers {
      guard number == number.rounded() else {
        (isClasses, reason) = (false, "numbers that are no integers")
        return
      }
      if distinct.count <= most { distinct.insert(number) }
    }
    isClasses = distinct.count <= most
    reason =
      isClasses
      ? "integers, \(Self.classes(distinct.count))"
      : "integers, more than \(most) different ones"
  }

  private static func classes(_ count: Int) -> String {
    count == 1 ? "one class" : "\(count) classes"
  }
}
