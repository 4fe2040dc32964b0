/// What every text format refuses before its syntax is looked at.
enum TextCheck {
  /// Checks that `bytes` hold text: not empty, UTF-8, no NUL. Returns them without a byte order
  /// mark.
  ///
  /// - Throws: `FormatError.badData` naming line and byte.
  static func text(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> ArraySlice<UInt8> {
    guard !bytes.isEmpty else { throw .badData("the file is empty") }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw .badData(
        "the text is UTF-16, not UTF-8", hint: "convert it: iconv -f UTF-16 -t UTF-8")
    }
    if let position = firstOffence(bytes) {
      let before = bytes[..<position]
      let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
      let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.startIndex
      let what =
        bytes[position] == 0
        ? "a NUL byte" : "byte 0x" + String(bytes[position], radix: 16) + " is not UTF-8"
      throw .badData("line \(line), byte \(position - lineStart + 1): \(what)")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
  }

  /// The first NUL or ill-formed byte, or nil.
  private static func firstOffence(_ bytes: ArraySlice<UInt8>) -> Int? {
    let offset: Int? = bytes.withUnsafeBytes { buffer in
      var position = 0
      while position < buffer.count {
        // Eight bytes at once: nearly every number file is pure ASCII.
        if position + 8 <= buffer.count {
          let word = buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self)
          // A byte without its top bit minus one sets the top bit only when it was zero.
          if (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 == 0 {
            position += 8
            continue
          }
        }
        let length = sequenceLength(buffer, position)
        if length == 0 { return position }
        position += length
      }
      return nil
    }
    return offset.map { bytes.startIndex + $0 }
  }

  /// The bytes of the well-formed UTF-8 sequence at `position` (Unicode 16, table 3-7); 0 when
  /// it is ill-formed or NUL.
  private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[position] {
    case 0x01...0x7F: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return 0
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return 0 }
    for next in position + 2..<max(position + length, position + 2)
    where !(0x80...0xBF).contains(bytes[next]) { return 0 }
    return length
  }
}
