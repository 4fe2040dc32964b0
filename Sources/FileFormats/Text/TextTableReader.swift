import Tensors

/// One pass over the bytes of a text table.
///
/// The common cell, a bare number before a delimiter or a line end, is read without leaving the
/// loop; everything else (quotes, headers, errors) takes the slow road.
struct TextTableReader {
  private var cursor: TextCursor
  private let header: TextOptions.Header
  private var columns: Int?
  private(set) var rowCount = 0

  /// The cells per row, once a row was read.
  var columnCount: Int { columns ?? 0 }

  init(_ bytes: UnsafeBufferPointer<UInt8>, options: TextOptions) {
    cursor = TextCursor(bytes, delimiter: options.delimiter)
    header = options.header
  }

  /// Reads every row and hands each number to `emit`, row by row.
  ///
  /// - Throws: `FormatError.badData` naming line and column.
  mutating func readRows(_ emit: (Double) -> Void) throws(FormatError) {
    guard cursor.skipToRow() else { throw .badData("the file holds no numbers, only blank lines") }
    let columnsOfHeader = try readHeader()
    while cursor.skipToRow() {
      let count = try readRow(emit)
      let expected = columns ?? columnsOfHeader ?? count
      guard count == expected else {
        throw .badData(
          "line \(cursor.line): the row has \(count) columns, "
            + (rowCount == 0 ? "the header has \(expected)" : "the rows before it have \(expected)")
        )
      }
      columns = count
      rowCount += 1
    }
    guard rowCount > 0 else { throw .badData("the file holds a header but no numbers") }
  }

  /// Reads the cells of one row up to its line end, which is left for `skipToRow`.
  @inline(__always)
  private mutating func readRow(_ emit: (Double) -> Void) throws(FormatError) -> Int {
    var column = 0
    repeat {
      column += 1
      if let number = cursor.takeNumber() {
        emit(number)
      } else {
        emit(try readUncommonNumber(column))
      }
    } while cursor.takeDelimiter()
    return column
  }

  /// A quoted number, or the reason why the cell holds none.
  @inline(never)
  private mutating func readUncommonNumber(_ column: Int) throws(FormatError) -> Double {
    let cell = try cursor.readCell(column)
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
        "line \(cursor.line), column \(column): \(TextQuote.short(cell)) exceeds the largest number "
          + "(1.8e308)")
    default: throw complaint(cell, column)
    }
  }

  private func complaint(_ cell: String, _ column: Int) -> FormatError {
    let place = "line \(cursor.line), column \(column)"
    guard !cell.isEmpty else {
      return .badData("\(place): the cell is empty", hint: "write nan for a missing value")
    }
    let wrong = "\(place): '\(TextQuote.short(cell))' is not a number"
    let isNumeric = { (byte: UInt8) in byte < 0x40 || byte | 0x20 == UInt8(ascii: "e") }
    if cell.contains(","), cell.utf8.allSatisfy(isNumeric) {
      return .badData(wrong, hint: "decimal commas are not read; write 1.5 instead of 1,5")
    }
    if cursor.line == 1, header == .auto {
      return .badData(wrong, hint: "if the first row holds names, add --header yes")
    }
    return .badData(wrong)
  }

  // MARK: Header

  /// Reads the header when there is one; returns its number of columns.
  private mutating func readHeader() throws(FormatError) -> Int? {
    guard header != .no else { return nil }
    let start = cursor
    var cells: [String] = []
    repeat {
      cells.append(try cursor.readCell(cells.count + 1))
    } while cursor.takeDelimiter()
    if header == .yes || !cells.contains(where: Self.resemblesNumber) { return cells.count }
    cursor = start
    return nil
  }

  /// Whether a cell is, or was meant as, a number: such a row is no header, so that a mistyped
  /// first row is reported instead of skipped.
  private static func resemblesNumber(_ cell: String) -> Bool {
    if Double(cell) != nil { return true }
    guard let first = cell.utf8.first(where: { !"+-.".utf8.contains($0) }) else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
  }
}
