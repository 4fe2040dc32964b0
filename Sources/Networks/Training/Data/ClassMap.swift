/// The classes of a data set: class c is what its files call `labels[c]`.
public struct ClassMap: Sendable, Equatable {
  /// The labels by class: numbers by their size, words in the order of their UTF-8 bytes.
  public let labels: [String]
  private let places: [String: Int32]

  /// The classes in a given order, as a model has stored them; nil when a label stands twice.
  public init?(labels: [String]) {
    self.labels = labels
    var places: [String: Int32] = [:]
    for label in labels {
      guard places.updateValue(Int32(places.count), forKey: label) == nil else { return nil }
    }
    self.places = places
  }

  private init(distinct labels: [String]) {
    self.labels = labels
    places = Dictionary(
      uniqueKeysWithValues: labels.enumerated().map { ($0.element, Int32($0.offset)) })
  }

  /// The number of classes, C.
  public var count: Int { labels.count }

  /// The class with this label; nil when there is none.
  public func index(of label: String) -> Int32? { places[label] }

  /// The class whose label is this number's text.
  public func index(of number: Double) -> Int32? { places[Self.text(number)] }

  /// The classes of words, and per row the class.
  ///
  /// - Parameters:
  ///   - indices: per row a place in `texts`.
  ///   - texts: the distinct words.
  public static func fitted(
    _ indices: [Int32], texts: [String]
  ) -> (ClassMap, classes: [Int32]) {
    let sorted = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let map = ClassMap(distinct: sorted)
    let classOfText = texts.map { map.places[$0] ?? 0 }
    return (map, indices.map { classOfText[Int($0)] })
  }

  /// The classes of numbers, and per row the class. Integers are named without a point: `3`.
  public static func fitted(_ numbers: [Double]) -> (ClassMap, classes: [Int32]) {
    let sorted = Set(numbers).sorted()
    let map = ClassMap(distinct: sorted.map(text))
    var places: [Double: Int32] = [:]
    for (place, number) in sorted.enumerated() { places[number] = Int32(place) }
    return (map, numbers.map { places[$0] ?? 0 })
  }

  /// A number as a label: the shortest text that reads back as the same number.
  public static func text(_ number: Double) -> String {
    if let integer = Int64(exactly: number) { return String(integer) }
    return "\(number)"
  }

  /// How many samples each class has.
  public func counts(_ classes: [Int32]) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for index in classes { counts[Int(index)] += 1 }
    return counts
  }
}
