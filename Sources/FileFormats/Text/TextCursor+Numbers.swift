// Cells that are no bare number, and what to say of them.
extension TextCursor {
  /// A quoted number, or the reason why the cell holds none.
  ///
  /// - Parameters:
  ///   - column: the cell's column, from 1.
  ///   - hints: whether the file may have a header that was not seen, and missing values.
  @inline(never)
  mutating func readUncommonNumber(
    _ column: Int, hints: NumberHints
  ) throws(FormatError) -> Double {
    let cell = try readCell(column)
    switch TextCell.number(cell) {
    case .value(let value)?: return value
    case .overflow?:
      throw .badData(
        "line \(line), column \(column): \(TextQuote.short(cell)) exceeds the largest number "
          + "(1.8e308)")
    default: throw complaint(cell, column, hints)
    }
  }

  private func complaint(_ cell: String, _ column: Int, _ hints: NumberHints) -> FormatError {
    let place = "line \(line), column \(column)"
    guard !cell.isEmpty else {
      return .badData(
        "\(place): the cell is empty",
        hint: hints.contains(.missingValues) ? "write nan for a missing value" : nil)
    }
    let wrong = "\(place): '\(TextQuote.short(cell))' is not a number"
    let isNumeric = { (byte: UInt8) in byte < 0x40 || byte | 0x20 == UInt8(ascii: "e") }
    if cell.contains(","), cell.utf8.allSatisfy(isNumeric) {
      return .badData(wrong, hint: "decimal commas are not read; write 1.5 instead of 1,5")
    }
    if line == 1, hints.contains(.unseenHeader) {
      return .badData(wrong, hint: "if the first row holds names, add --header yes")
    }
    return .badData(wrong)
  }
}

/// What may help a user whose cell is no number.
struct NumberHints: OptionSet {
  let rawValue: Int

  /// The first row may be a header that was not recognised.
  static let unseenHeader = NumberHints(rawValue: 1)
  /// Missing values may stand in the table as `nan`.
  static let missingValues = NumberHints(rawValue: 2)
}

/// The text of one cell as a number.
enum TextCell {
  /// The number that fills the cell, or nil.
  static func number(_ cell: String) -> DecimalNumber.Scan? {
    var text = cell
    var at = 0
    return text.withUTF8 { utf8 in
      let scan = DecimalNumber.scan(utf8, at: &at)
      return at == utf8.count ? scan : nil
    }
  }

  /// Whether a cell is, or was meant as, a number: such a row is no header, so that a mistyped
  /// first row is reported instead of skipped.
  static func resemblesNumber(_ cell: String) -> Bool {
    if Double(cell) != nil { return true }
    guard let first = cell.utf8.first(where: { !"+-.".utf8.contains($0) }) else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
  }
}
