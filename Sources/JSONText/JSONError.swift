/// Why a text is not a JSON document that this reader takes, and where.
public struct JSONError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The text ends inside a value; the text says what was expected.
    case unexpectedEnd(expected: String)
    /// Something else stands where `expected` should.
    case unexpected(found: String, expected: String)
    /// A second value, or anything but white space, follows the document.
    case trailingData(found: String)
    /// An object names a member twice.
    case duplicateKey(String)
    /// Containers are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// A byte that UTF-8 does not allow at this place.
    case invalidUTF8(byte: UInt8)
    /// A character below U+0020 inside a string that is not escaped.
    case controlCharacter(UInt8)
    /// A backslash followed by something that is no escape.
    case invalidEscape(String)
    /// Half of a surrogate pair without its other half.
    case loneSurrogate(UInt16)
    /// A number that begins with a superfluous zero.
    case leadingZero
    /// A number whose magnitude exceeds that of every `Double`.
    case numberOutOfRange(String)
    /// A byte-order mark before the document.
    case byteOrderMark
  }

  /// What is wrong.
  public let reason: Reason
  /// The line of the offending byte, from 1. Lines end with a line feed.
  public let line: Int
  /// The place in the line, from 1, in Unicode scalars.
  public let column: Int
}

extension JSONError: CustomStringConvertible {
  /// `line 3, column 14: the key "a" stands twice in one object`.
  public var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSONError.Reason: CustomStringConvertible {
  /// What is wrong, without the place.
  public var description: String {
    switch self {
    case .unexpectedEnd(let expected): "the text ends where \(expected) should follow"
    case .unexpected(let found, let expected): "found \(found), expected \(expected)"
    case .trailingData(let found): "found \(found) after the end of the document"
    case .duplicateKey(let key):
      "the key \(JSONValue.string(key).text()) stands twice in one object"
    case .tooDeep(let limit): "values are nested deeper than \(limit) levels"
    case .invalidUTF8(let byte): "the byte 0x\(Self.hex(byte, 2)) is not valid UTF-8 here"
    case .controlCharacter(let byte):
      "a string contains the control character U+\(Self.hex(byte, 4)) unescaped"
    case .invalidEscape(let text): "\(text) is not an escape"
    case .loneSurrogate(let unit): "\\u\(Self.hex(unit, 4)) is half of a surrogate pair"
    case .leadingZero: "a number has a leading zero"
    case .numberOutOfRange(let text): "the number \(text) is out of range"
    case .byteOrderMark: "the document begins with a byte-order mark"
    }
  }

  private static func hex(_ value: some BinaryInteger, _ width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
