extension JSONValue {
  /// The deepest nesting of arrays and objects that `parse(_:)` follows.
  public static let depthLimit = 200

  /// Reads a whole document, strictly by RFC 8259.
  ///
  /// Refused beyond the grammar: a key twice in one object, nesting beyond `depthLimit`, a
  /// byte-order mark, half a surrogate pair, a number too large for `Double`. A number too small
  /// for `Double` becomes zero, as everywhere in IEEE arithmetic.
  ///
  /// - Throws: `JSONError` with the line and column of the first offence.
  public static func parse(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSONValue {
    var reader = JSONReader(Array(bytes))
    return try reader.readDocument()
  }

  /// Reads a whole document that is already a string.
  ///
  /// - Throws: `JSONError` with the line and column of the first offence.
  public static func parse(_ text: String) throws(JSONError) -> JSONValue {
    try parse(text.utf8)
  }
}

/// A recursive-descent reader over bytes. Strings and numbers stand in extensions of their own.
struct JSONReader {
  private let bytes: [UInt8]
  /// The index of the next byte.
  private(set) var position = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func readDocument() throws(JSONError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.byteOrderMark) }
    skipWhiteSpace()
    let value = try readValue()
    skipWhiteSpace()
    if peek() != nil { throw error(.trailingData(found: found())) }
    return value
  }

  private mutating func readValue() throws(JSONError) -> JSONValue {
    guard let first = peek() else { throw unexpected("a value") }
    switch first {
    case UInt8(ascii: "{"):
      return .object(try nested { (reader) throws(JSONError) in try reader.readObject() })
    case UInt8(ascii: "["):
      return .array(try nested { (reader) throws(JSONError) in try reader.readArray() })
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    default: throw unexpected("a value")
    }
  }

  /// Reads a container one level deeper.
  private mutating func nested<Result>(
    _ read: (inout JSONReader) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    guard depth < JSONValue.depthLimit else { throw error(.tooDeep(limit: JSONValue.depthLimit)) }
    depth += 1
    defer { depth -= 1 }
    return try read(&self)
  }

  private mutating func readObject() throws(JSONError) -> JSONObject {
    advance()
    skipWhiteSpace()
    var object = JSONObject()
    if skip(UInt8(ascii: "}")) { return object }
    while true {
      let start = position
      guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let key = try readString()
      skipWhiteSpace()
      guard skip(UInt8(ascii: ":")) else { throw unexpected("':'") }
      skipWhiteSpace()
      let value = try readValue()
      guard object.appendIfNew(key, value) else { throw error(.duplicateKey(key), at: start) }
      skipWhiteSpace()
      if skip(UInt8(ascii: "}")) { return object }
      guard skip(UInt8(ascii: ",")) else { throw unexpected("',' or '}'") }
      skipWhiteSpace()
    }
  }

  private mutating func readArray() throws(JSONError) -> [JSONValue] {
    advance()
    skipWhiteSpace()
    var elements: [JSONValue] = []
    if skip(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try readValue())
      skipWhiteSpace()
      if skip(UInt8(ascii: "]")) { return elements }
      guard skip(UInt8(ascii: ",")) else { throw unexpected("',' or ']'") }
      skipWhiteSpace()
    }
  }

  private mutating func readWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for letter in "\(word)".utf8 {
      guard skip(letter) else { throw unexpected(word.description) }
    }
    return value
  }

  private mutating func skipWhiteSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      advance()
    }
  }
}

// What the readers of strings and numbers share.
extension JSONReader {
  /// The byte `offset` places after the next one, or nil beyond the end.
  func peek(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  /// Passes over `count` bytes that were peeked at.
  mutating func advance(_ count: Int = 1) { position += count }

  /// Passes over the next byte if it is `byte`; tells whether it was.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    advance()
    return true
  }

  /// The bytes from `start` up to the next one.
  func read(since start: Int) -> ArraySlice<UInt8> { bytes[start..<position] }

  /// An error at the next byte or at `place`.
  func error(_ reason: JSONError.Reason, at place: Int? = nil) -> JSONError {
    let before = bytes[..<min(place ?? position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    // Continuation bytes of UTF-8 belong to the scalar before them.
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return JSONError(reason: reason, line: line, column: column)
  }

  /// An error at the next byte, which is not what it should be, or is missing.
  func unexpected(_ expected: String) -> JSONError {
    error(
      peek() == nil
        ? .unexpectedEnd(expected: expected) : .unexpected(found: found(), expected: expected))
  }

  /// The next byte as an error message shows it.
  private func found() -> String {
    guard let byte = peek() else { return "the end" }
    return (0x21...0x7E).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'"
      : "the byte 0x" + String(byte, radix: 16, uppercase: true)
  }
}
