import Tensors

/// One pass over the bytes of a text table.
///
/// The common cell, a bare number before a delimiter or a line end, is read without leaving the
/// loop; everything else (quotes, headers, errors) takes the slow road.
struct TextTableReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let header: TextOptions.Header
  /// The byte between cells; a space stands for any run of spaces and tabs.
  private let delimiter: UInt8
  private var position = 0
  private var line = 1
  private var columns: Int?
  private(set) var rowCount = 0

  /// The cells per row, once a row was read.
  var columnCount: Int { columns ?? 0 }

  init(_ bytes: UnsafeBufferPointer<UInt8>, options: TextOptions) {
    self.bytes = bytes
    header = options.header
    switch options.delimiter {
    case .character(let scalar)?:
      precondition(TextOptions.Delimiter.isUsable(scalar), "'\(scalar)' as a delimiter")
      delimiter = UInt8(truncatingIfNeeded: scalar.value)
    case .whitespace?: delimiter = Self.space
    case nil: delimiter = Self.detectedDelimiter(bytes)
    }
  }

  /// Reads every row and hands each number to `emit`, row by row.
  ///
  /// - Throws: `FormatError.badData` naming line and column.
  mutating func readRows(_ emit: (Double) -> Void) throws(FormatError) {
    guard skipToRow() else { throw .badData("the file holds no numbers, only blank lines") }
    let columnsOfHeader = try readHeader()
    while skipToRow() {
      let count = try readRow(emit)
      let expected = columns ?? columnsOfHeader ?? count
      guard count == expected else {
        throw .badData(
          "line \(line): the row has \(count) columns, "
            + (rowCount == 0 ? "the header has \(expected)" : "the rows before it have \(expected)")
        )
      }
      columns = count
      rowCount += 1
    }
    guard rowCount > 0 else { throw .badData("the file holds a header but no numbers") }
  }

  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let hash = UInt8(ascii: "#")
  private static let quote = UInt8(ascii: "\"")

  // MARK: Rows

  /// Moves over blank and comment lines; false at the end of the file.
  private mutating func skipToRow() -> Bool {
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

  /// Reads the cells of one row up to its line end, which is left for `skipToRow`.
  @inline(__always)
  private mutating func readRow(_ emit: (Double) -> Void) throws(FormatError) -> Int {
    var column = 0
    repeat {
      column += 1
      emit(try readNumber(column))
    } while takeDelimiter()
    return column
  }

  /// Moves to the next cell of the row; false, behind a comment, when there is none.
  @inline(__always)
  private mutating func takeDelimiter() -> Bool {
    guard !isRowEnd else {
      skipComment()
      return false
    }
    // A run of whitespace was skipped together with the cell before it.
    if delimiter != Self.space { position += 1 }
    return true
  }

  /// One cell with the spaces around it; afterwards a delimiter or a row's end follows.
  @inline(__always)
  private mutating func readNumber(_ column: Int) throws(FormatError) -> Double {
    skipSpaces(tabsToo: delimiter != Self.tab)
    let start = position
    if case .value(let value) = DecimalNumber.scan(bytes, at: &position) {
      let end = position
      skipSpaces(tabsToo: delimiter != Self.tab)
      if isCellEnd || (delimiter == Self.space && position > end) { return value }
    }
    position = start
    return try readUncommonNumber(column)
  }

  private var isCellEnd: Bool { isRowEnd || bytes[position] == delimiter }

  private var isRowEnd: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == Self.newline || byte == Self.carriageReturn || byte == Self.hash
  }

  /// A quoted number, or the reason why the cell holds none.
  @inline(never)
  private mutating func readUncommonNumber(_ column: Int) throws(FormatError) -> Double {
    let cell = try readCell(column)
    var text = cell
    var at = 0
    let scan = text.withUTF8 { utf8 in
      let scan = DecimalNumber.scan(utf8, at: &at)
      return at == utf8.count ? scan : nil
    }
    switch scan {
    case .value(let value)?: return value
    case .overflow?:
      throw .badData(
        "line \(line), column \(column): \(TextQuote.short(cell)) exceeds the largest number "
          + "(1.8e308)")
    default: throw complaint(cell, column)
    }
  }

  private func complaint(_ cell: String, _ column: Int) -> FormatError {
    let place = "line \(line), column \(column)"
    guard !cell.isEmpty else {
      return .badData("\(place): the cell is empty", hint: "write nan for a missing value")
    }
    let wrong = "\(place): '\(TextQuote.short(cell))' is not a number"
    let isNumeric = { (byte: UInt8) in byte < 0x40 || byte | 0x20 == UInt8(ascii: "e") }
    if cell.contains(","), cell.utf8.allSatisfy(isNumeric) {
      return .badData(wrong, hint: "decimal commas are not read; write 1.5 instead of 1,5")
    }
    if rowCount == 0, columns == nil, header == .auto {
      return .badData(wrong, hint: "if the first row holds names, add --header yes")
    }
    return .badData(wrong)
  }

  // MARK: Header

  /// Reads the header when there is one; returns its number of columns.
  private mutating func readHeader() throws(FormatError) -> Int? {
    guard header != .no else { return nil }
    let start = (position, line)
    var cells: [String] = []
    repeat {
      cells.append(try readCell(cells.count + 1))
    } while takeDelimiter()
    if header == .yes || !cells.contains(where: Self.resemblesNumber) { return cells.count }
    (position, line) = start
    return nil
  }

  /// Whether a cell is, or was meant as, a number: such a row is no header, so that a mistyped
  /// first row is reported instead of skipped.
  private static func resemblesNumber(_ cell: String) -> Bool {
    if Double(cell) != nil { return true }
    guard let first = cell.utf8.first(where: { !"+-.".utf8.contains($0) }) else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
  }

  // MARK: Cells

  /// The text of the cell at the position, spaces around it dropped, quotes undone (RFC 4180).
  private mutating func readCell(_ column: Int) throws(FormatError) -> String {
    skipSpaces(tabsToo: delimiter != Self.tab)
    if position < bytes.count, bytes[position] == Self.quote { return try readQuoted(column) }
    let start = position
    while !isCellEnd, delimiter != Self.space || bytes[position] != Self.tab { position += 1 }
    var end = position
    while end > start, bytes[end - 1] == Self.space || bytes[end - 1] == Self.tab { end -= 1 }
    if delimiter == Self.space { skipSpaces(tabsToo: true) }
    return String(decoding: bytes[start..<end], as: UTF8.self)
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
