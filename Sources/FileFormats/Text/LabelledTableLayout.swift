/// What the first row of a labelled table says: how many columns there are, which is the target
/// and whether the row holds names.
struct LabelledTableLayout {
  /// Stands at the first row of data.
  let cursor: TextCursor
  let columnCount: Int
  /// The target's place, from 0; nil when there is none.
  let target: Int?
  /// The columns' names, the target's too; nil without a header.
  let names: [String]?
  /// Whether the user said nothing of a header.
  let isDetected: Bool

  /// The columns that are no target.
  var featureCount: Int { target == nil ? columnCount : columnCount - 1 }

  /// Their names.
  var featureNames: [String]? {
    names.map { names in names.indices.filter { $0 != target }.map { names[$0] } }
  }

  /// - Throws: `FormatError.badData` for a file without rows, `.usage` for a column that is not
  ///   there.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, column: TargetColumn, options: TextOptions
  ) throws(FormatError) {
    var cursor = TextCursor(bytes, delimiter: options.delimiter)
    guard cursor.skipToRow() else { throw .badData("the file holds no numbers, only blank lines") }
    let start = cursor
    let first = try cursor.readCells()
    let hasNames: Bool
    switch column {
    case .named(let name):
      hasNames = true
      target = try Self.place(of: name, in: first, header: options.header)
    case .none, .last, .index:
      target = try Self.place(of: column, among: first.count)
      var behind = cursor
      let second = behind.skipToRow() ? try behind.readCell(1) : ""
      hasNames =
        switch options.header {
        case .yes: true
        case .no: false
        case .auto: Self.isHeader(first, target: target, second: second)
        }
    }
    columnCount = first.count
    names = hasNames ? first : nil
    isDetected = options.header == .auto
    if hasNames {
      guard cursor.skipToRow() else { throw .badData("the file holds a header but no numbers") }
    }
    self.cursor = hasNames ? cursor : start
  }

  /// - Parameter second: the first cell of the row below.
  private static func isHeader(_ cells: [String], target: Int?, second: String) -> Bool {
    if cells.count == 1, target != nil {
      return !TextCell.resemblesNumber(cells[0]) && TextCell.resemblesNumber(second)
    }
    return !cells.indices.contains { $0 != target && TextCell.resemblesNumber(cells[$0]) }
  }

  private static func place(
    of column: TargetColumn, among count: Int
  ) throws(FormatError) -> Int? {
    switch column {
    case .none, .named: return nil
    case .last: return count - 1
    case .index(let index):
      guard -count..<count ~= index else {
        throw FormatError(
          .usage, "there is no column \(index) (the table has \(count): 0 to \(count - 1))",
          hint: "columns count from 0, from the end with -1")
      }
      return index < 0 ? index + count : index
    }
  }

  private static func place(
    of name: String, in cells: [String], header: TextOptions.Header
  ) throws(FormatError) -> Int {
    let quoted = "'\(TextQuote.short(name))'"
    guard header != .no else {
      throw FormatError(
        .usage, "without a header no column is called \(quoted)",
        hint: "give its place, counted from 0")
    }
    let places = cells.indices.filter { cells[$0] == name }
    guard let place = places.first else {
      if header == .auto, cells.contains(where: TextCell.resemblesNumber) {
        throw FormatError(
          .usage, "no column is called \(quoted): the first row holds numbers, not names",
          hint: "give its place, counted from 0")
      }
      throw FormatError(.usage, "no column is called \(quoted) (columns: \(listing(cells)))")
    }
    guard places.count == 1 else {
      throw FormatError(
        .usage, "\(places.count) columns are called \(quoted)",
        hint: "give its place, counted from 0")
    }
    return place
  }

  private static func listing(_ names: [String]) -> String {
    let shown = names.prefix(12).map { TextQuote.short($0, longest: 20) }.joined(separator: ", ")
    return names.count > 12 ? "\(shown), …" : shown
  }
}
