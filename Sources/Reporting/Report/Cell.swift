/// One value of a row.
public enum Cell: Sendable, Equatable {
  /// A word.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A real number.
  case number(Double)
  /// A shape: printed `3x4`, an array in JSON.
  case integers([Int])
  /// The place of an element: printed `[0,2]`, `0x2` in CSV and TSV, an array in JSON.
  case index([Int])
  /// Printed `yes` or `no`.
  case bool(Bool)
  /// A number that is only known to lie between two bounds: printed `low…high`, rounded outwards.
  ///
  /// CSV, TSV and JSON hold the upper bound under the column's key. When any row of the column is
  /// an interval, they also have the key with `_low` added: the lower bound, empty or null in rows
  /// that are exact.
  case interval(low: Double, high: Double)
  /// No value: printed `-`, empty in CSV and TSV, null in JSON.
  case missing

  /// A number, or `missing` for nil.
  public init(_ number: Double?) {
    self = number.map(Cell.number) ?? .missing
  }

  /// A whole number, or `missing` for nil.
  public init(_ integer: Int?) {
    self = integer.map(Cell.integer) ?? .missing
  }

  /// A place as it is written in an expression.
  static func indexText(_ index: [Int]) -> String {
    "[\(index.map(String.init).joined(separator: ","))]"
  }

  var isInterval: Bool {
    if case .interval = self { true } else { false }
  }

  /// The real numbers that the cell shows.
  var numbers: [Double] {
    switch self {
    case .number(let value): [value]
    case .interval(let low, let high): [low, high]
    case .text, .integer, .integers, .index, .bool, .missing: []
    }
  }
}
