import Tensors

/// One pass over the bytes of a text table.
///
/// The common cell, a bare number before a delimiter or a line end, is read without leaving the
/// loop; everything else (quotes, headers, errors) takes the slow road.
struct TextTableReader {
  private var cursor: TextCursor
  private let header: TextOptions.Header
  private let hints: NumberHints
  private var columns: Int?
  private(set) var rowCount = 0

  /// The cells per row, once a row was read.
  var columnCount: Int { columns ?? 0 }

  init(_ bytes: UnsafeBufferPointer<UInt8>, options: TextOptions) {
    cursor = TextCursor(bytes, delimiter: options.delimiter)
    header = options.header
    hints = header == .auto ? [.missingValues, .unseenHeader] : .missingValues
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
        emit(try cursor.readUncommonNumber(column, hints: hints))
      }
    } while cursor.takeDelimiter()
    return column
  }

  // MARK: Header

  /// Reads the header when there is one; returns its number of columns.
  private mutating func readHeader() throws(FormatError) -> Int? {
    guard header != .no else { return nil }
    let start = cursor
    let cells = try cursor.readCells()
    if header == .yes || !cells.contains(where: TextCell.resemblesNumber) { return cells.count }
    cursor = start
    return nil
  }
}
