/// A position in a text table that knows lines, cells and what separates them.
struct TextCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// The byte between cells; a space stands for any run of spaces and tabs.
  private let delimiter: UInt8
  private var position = 0
  /// The line of the position, from 1.
  private(set) var line = 1

  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: TextOptions.Delimiter?) {
    self.bytes = bytes
    switch delimiter {
    case .character(let scalar)?:
      precondition(TextOptions.Delimiter.isUsable(scalar), "'\(scalar)' as a delimiter")
      self.delimiter = UInt8(truncatingIfNeeded: scalar.value)
    case .whitespace?: self.delimiter = Self.space
    case nil: self.delimiter = Self.detectedDelimiter(bytes)
    }
  }

  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let hash = UInt8(ascii: "#")
  private static let quote = UInt8(ascii: "\"")

  // MARK: Rows

  /// Moves over blank and comment lines; false at the end of the file.
  mutating func skipToRow() -> Bool {
    while true {
      skipSpaces(tabsToo: true)
      guard position < bytes.count else { return false }
      switch bytes[position] {
      case Self.hash: skipComment()
      case Self.newline, Self.carriageReturn: break
      default:
        // A tab before the first number was an empty first cell, unless tabs are mere space.
        if delimiter == Self.tab { position = startOfLine(position) }
        return true
      }
      skipLineEnd()
    }
  }

  /// Moves to the next cell of the row; false, behind a comment, when there is none.
  @inline(__always)
  mutating func takeDelimiter() -> Bool {
    guard !isRowEnd else {
      skipComment()
      return false
    }
    // A run of whitespace was skipped together with the cell before it.
    if delimiter != Self.space { position += 1 }
    return true
  }

  private var isCellEnd: Bool { isRowEnd || bytes[position] == delimiter }

  private var isRowEnd: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == Self.newline || byte == Self.carriageReturn || byte == Self.hash
  }

  // MARK: Cells

  /// The bare number that fills the cell, or nil with the position unmoved; afterwards a
  /// delimiter, the next cell or the row's end follows.
  @inline(__always)
  mutating func takeNumber() -> Double? {
    skipSpaces(tabsToo: delimiter != Self.tab)
    let start = position
    if case .value(let value) = DecimalNumber.scan(bytes, at: &position) {
      let end = position
      skipSpaces(tabsToo: delimiter != Self.tab)
      if isCellEnd || (delimiter == Self.space && position > end) { return value }
    }
    position = start
    return nil
  }

  /// The text of the cell at the position, spaces around it dropped, quotes undone (RFC 4180).
  mutating func readCell(_ column: Int) throws(FormatError) -> String {
    skipSpaces(tabsToo: delimiter != Self.tab)
    if position < bytes.count, bytes[position] == Self.quote { return try readQuoted(column) }
    let start = position
    while !isCellEnd, delimiter != Self.space || bytes[position] != Self.tab { position += 1 }
    var end = position
    while end > start, bytes[end - 1] == Self.space || bytes[end - 1] == Self.tab { end -= 1 }
    if delimiter == Self.space { skipSpaces(tabsToo: true) }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The texts of the row's remaining cells.
  mutating func readCells() throws(FormatError) -> [String] {
    var cells: [String] = []
    repeat {
      cells.append(try readCell(cells.count + 1))
    } while takeDelimiter()
    return cells
  }

  private mutating func readQuoted(_ column: Int) throws(FormatError) -> String {
    let openLine = line
    var content: [UInt8] = []
    position += 1
    while true {
      guard position < bytes.count else {
        throw .badData("line \(openLine), column \(column): a quote is not closed")
      }
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else { break }
        position += 1
      } else if byte == Self.newline {
        line += 1
      }
      content.append(byte)
    }
    skipSpaces(tabsToo: delimiter != Self.tab)
    guard isCellEnd || delimiter == Self.space else {
      throw .badData("line \(line), column \(column): text follows a closing quote")
    }
    return String(decoding: content, as: UTF8.self)
  }

  // MARK: Bytes

  @inline(__always)
  private mutating func skipSpaces(tabsToo: Bool) {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == Self.space || (tabsToo && byte == Self.tab) else { return }
      position += 1
    }
  }

  private mutating func skipComment() {
    while position < bytes.count, !Self.endsLine(bytes[position]) { position += 1 }
  }

  /// `\n`, `\r\n` or a lone `\r`.
  private mutating func skipLineEnd() {
    guard position < bytes.count else { return }
    let isPair =
      bytes[position] == Self.carriageReturn && position + 1 < bytes.count
      && bytes[position + 1] == Self.newline
    position += isPair ? 2 : 1
    line += 1
  }

  private func startOfLine(_ position: Int) -> Int {
    var start = position
    while start > 0, !Self.endsLine(bytes[start - 1]) { start -= 1 }
    return start
  }

  private static func endsLine(_ byte: UInt8) -> Bool { byte == newline || byte == carriageReturn }

  /// The delimiter of the first line that is neither blank nor a comment: the first of tab, `;`
  /// and `,` that stands in it outside quotes, else whitespace.
  private static func detectedDelimiter(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var rest = bytes[...]
    while true {
      rest = rest.drop { $0 == space || $0 == tab || endsLine($0) }
      guard rest.first == hash else { break }
      rest = rest.drop { !endsLine($0) }
    }
    var isQuoted = false
    var seen: Set<UInt8> = []
    for byte in rest {
      if byte == quote { isQuoted.toggle() }
      if isQuoted { continue }
      if endsLine(byte) || byte == hash { break }
      seen.insert(byte)
    }
    return [tab, UInt8(ascii: ";"), UInt8(ascii: ",")].first(where: seen.contains) ?? space
  }
}
