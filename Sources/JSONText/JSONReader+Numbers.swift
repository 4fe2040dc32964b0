extension JSONReader {
  /// Reads a number: `-`? digits, then optionally a fraction and an exponent.
  mutating func readNumber() throws(JSONError) -> JSONValue {
    let start = position
    _ = skip(UInt8(ascii: "-"))
    if peek() == UInt8(ascii: "0"), isDigit(peek(1)) { throw error(.leadingZero) }
    try readDigits()
    var isInteger = true
    if skip(UInt8(ascii: ".")) {
      isInteger = false
      try readDigits()
    }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      isInteger = false
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      try readDigits()
    }
    let text = String(decoding: read(since: start), as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw error(.numberOutOfRange(Self.shortened(text)), at: start)
    }
    return .number(value)
  }

  /// Passes over one digit or more.
  private mutating func readDigits() throws(JSONError) {
    guard isDigit(peek()) else { throw unexpected("a digit") }
    while isDigit(peek()) { advance() }
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  /// A number of any length in a form that fits into a message.
  private static func shortened(_ text: String) -> String {
    text.utf8.count <= 40 ? text : text.prefix(20) + "…"
  }
}
