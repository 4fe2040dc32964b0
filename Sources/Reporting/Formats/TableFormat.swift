/// How a report is written.
public enum TableFormat: String, CaseIterable, Sendable {
  /// Aligned columns for a terminal.
  case table
  /// A GitHub table.
  case markdown
  /// Comma-separated values with a header of column keys, in full precision.
  case csv
  /// The same with tabs.
  case tsv
  /// One JSON document, `docs/json.md`.
  case json

  /// The format that a file's suffix stands for: `.txt`, `.md`, `.csv`, `.tsv`, `.json`, in any
  /// case; nil for another one.
  public init?(forPath path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "txt": self = .table
    case "md": self = .markdown
    case "csv": self = .csv
    case "tsv": self = .tsv
    case "json": self = .json
    default: return nil
    }
  }
}

extension Report {
  /// The report in a format, with a line feed at the end.
  ///
  /// - Parameter digits: the significant digits of real numbers in `table` and `markdown`; nil
  ///   shows what the column's format asks for and as many more as tell the rows apart.
  public func rendered(as format: TableFormat, digits: Int? = nil) -> String {
    switch format {
    case .table: leadText + (plainText ?? tableText(digits: digits))
    case .markdown: leadText + markdownText(digits: digits)
    case .csv: separatedText(.comma)
    case .tsv: separatedText(.tab)
    case .json: jsonDocument.text(.pretty) + "\n"
    }
  }

  /// The lead as a paragraph before the table, empty without one.
  private var leadText: String {
    lead.isEmpty ? "" : lead.map { DisplayWidth.singleLine($0) + "\n" }.joined() + "\n"
  }

  /// The notes and the closing line as text to follow the report: a line `note: …` each for a
  /// terminal, a list in Markdown, nothing where notes have no place (CSV, TSV) or are part of the
  /// document (JSON).
  public func renderedNotes(as format: TableFormat) -> String {
    switch format {
    case .table:
      return notes.map { "note: \(DisplayWidth.singleLine($0))\n" }.joined()
        + (closing.map { DisplayWidth.singleLine($0) + "\n" } ?? "")
    case .markdown:
      let items = notes + (closing.map { [$0] } ?? [])
      guard !items.isEmpty else { return "" }
      return "\n" + items.map { "- \(Self.markdownEscaped($0))\n" }.joined()
    case .csv, .tsv, .json: return ""
    }
  }

  /// What the printed table shows, column by column, without headers.
  func columnTexts(digits: Int?) -> [[String]] {
    columns.indices.map { index in
      let cells = rows.map { $0[index] }
      let column = ColumnText(columns[index].format, cells: cells, digits: digits)
      return cells.map { DisplayWidth.singleLine(column.text($0)) }
    }
  }
}
