/// What stands between two values.
enum Separator {
  /// RFC 4180: a text with a comma, a quote or a line break is quoted.
  case comma
  /// There is no quoting: tabs and line breaks in a text become spaces.
  case tab
}

extension Report {
  /// A header of keys and one line per row, in full precision, each ended by a line feed (RFC 4180
  /// ends them with CRLF, Unix does not).
  func separatedText(_ separator: Separator) -> String {
    let (keys, rows) = flattened()
    let lines = [keys] + rows.map { $0.map(Self.plainText) }
    let mark = separator == .comma ? "," : "\t"
    return lines.map { line in
      line.map { Self.protected($0, separator) }.joined(separator: mark) + "\n"
    }.joined()
  }

  private static func plainText(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value), .interval(_, high: let value): NumberText.shortest(value)
    case .integers(let values), .index(let values):
      values.map(String.init).joined(separator: "x")
    case .bool(let value): value ? "true" : "false"
    case .missing: ""
    }
  }

  private static func protected(_ text: String, _ separator: Separator) -> String {
    switch separator {
    case .tab:
      return String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
    case .comma:
      guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
      return "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
    }
  }
}

extension Report {
  /// The rows as CSV, TSV and JSON hold them: a column with intervals is followed by one with their
  /// lower bounds.
  func flattened() -> (keys: [String], rows: [[Cell]]) {
    let holdsIntervals = columns.indices.map { index in rows.contains { $0[index].isInterval } }
    let keys = zip(columns, holdsIntervals).flatMap { column, isDouble in
      isDouble ? [column.key, column.key + "_low"] : [column.key]
    }
    let flatRows = rows.map { row in
      zip(row, holdsIntervals).flatMap { cell, isDouble -> [Cell] in
        if case .interval(let low, let high) = cell { return [.number(high), .number(low)] }
        return isDouble ? [cell, .missing] : [cell]
      }
    }
    return (keys, flatRows)
  }
}
