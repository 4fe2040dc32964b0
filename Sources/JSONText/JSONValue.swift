/// A JSON document or a part of one.
///
/// Numbers keep the form they were written in: digits alone are an `integer`, a fraction or an
/// exponent makes a `number`. Digits that `Int` cannot hold become the nearest `number`, so a
/// caller that needs an exact count matches `.integer` and refuses the rest.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent that `Int` holds.
  case integer(Int)
  /// Any other number. A value that is not finite is written as a string: see `text(_:)`.
  case number(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Named values in order.
  case object(JSONObject)
}

extension JSONValue {
  /// The text of a `string`, else nil.
  public var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of an `integer`, else nil: `1.0` is not an integer.
  public var integerValue: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The value of a `number` or an `integer`, else nil.
  public var numberValue: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The elements of an `array`, else nil.
  public var arrayValue: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an `object`, else nil.
  public var objectValue: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// Whether the value holds no other values.
  var isScalar: Bool {
    switch self {
    case .array, .object: false
    case .null, .bool, .integer, .number, .string: true
    }
  }
}
