extension JSONReader {
  /// Reads a string from its opening quote past its closing one.
  mutating func readString() throws(JSONError) -> String {
    advance()
    var text: [UInt8] = []
    while true {
      let start = position
      skipPlainBytes()
      text += read(since: start)
      switch peek() {
      case nil: throw unexpected("'\"'")
      case UInt8(ascii: "\""):
        advance()
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try readEscape()
      case .some(let byte) where byte < 0x20: throw error(.controlCharacter(byte))
      case .some(let byte):
        let start = position
        guard let length = multibyteLength() else { throw error(.invalidUTF8(byte: byte)) }
        advance(length)
        text += read(since: start)
      }
    }
  }

  /// Passes over ASCII that stands for itself; strings are mostly that.
  private mutating func skipPlainBytes() {
    while let byte = peek(), byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""),
      byte != UInt8(ascii: "\\")
    { advance() }
  }

  /// The length of the UTF-8 sequence at the next byte, or nil when it is malformed: overlong,
  /// a surrogate, beyond U+10FFFF, cut, or a continuation byte without a start (Unicode 15,
  /// table 3-7).
  private func multibyteLength() -> Int? {
    guard let first = peek() else { return nil }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    for offset in 1..<length {
      guard let byte = peek(offset), (offset == 1 ? second : 0x80...0xBF).contains(byte) else {
        return nil
      }
    }
    return length
  }

  /// Reads an escape from its backslash on; the result is UTF-8.
  private mutating func readEscape() throws(JSONError) -> [UInt8] {
    guard let letter = peek(1) else {
      advance()
      throw unexpected("an escape")
    }
    let byte: UInt8
    switch letter {
    case UInt8(ascii: "u"): return try readUnicodeEscape()
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = letter
    case UInt8(ascii: "b"): byte = 0x08
    case UInt8(ascii: "t"): byte = 0x09
    case UInt8(ascii: "n"): byte = 0x0A
    case UInt8(ascii: "f"): byte = 0x0C
    case UInt8(ascii: "r"): byte = 0x0D
    default: throw error(.invalidEscape(escapeText(letter)))
    }
    advance(2)
    return [byte]
  }

  /// Reads `\uXXXX`, or two of them that make a surrogate pair.
  private mutating func readUnicodeEscape() throws(JSONError) -> [UInt8] {
    let start = position
    let unit = try readCodeUnit()
    var units = [unit]
    if UTF16.isLeadSurrogate(unit), peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
      units.append(try readCodeUnit())
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw error(.loneSurrogate(unit), at: start)
    }
    return Array(text.utf8)
  }

  /// Reads `\uXXXX` as the number that it names.
  private mutating func readCodeUnit() throws(JSONError) -> UInt16 {
    let start = position
    advance(2)
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw unexpected("a hexadecimal digit") }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error(.invalidEscape("\\u without four hexadecimal digits"), at: start)
      }
      unit = unit << 4 | UInt16(digit)
      advance()
    }
    return unit
  }

  private func escapeText(_ letter: UInt8) -> String {
    (0x21...0x7E).contains(letter)
      ? "\\" + String(Character(Unicode.Scalar(letter))) : "a lone backslash"
  }
}
