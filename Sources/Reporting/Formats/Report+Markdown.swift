extension Report {
  /// A GitHub table, padded so that its source reads well too.
  func markdownText(digits: Int?) -> String {
    guard !columns.isEmpty else { return "" }
    let texts = columnTexts(digits: digits)
    var lines = [String](repeating: "|", count: rows.count + 2)
    for (column, cells) in zip(columns, texts) {
      let isText = column.format == .text
      let all = ([column.header] + cells).map(Self.markdownEscaped)
      let width = max(3, all.map(DisplayWidth.of).max() ?? 0)
      let rule = String(repeating: "-", count: width - 1)
      let padded = all.map { isText ? DisplayWidth.left($0, width) : DisplayWidth.right($0, width) }
      let parts = [padded[0], isText ? ":" + rule : rule + ":"] + padded[1...]
      for (line, part) in parts.enumerated() { lines[line] += " \(part) |" }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A text on one line that cannot end a cell.
  static func markdownEscaped(_ text: String) -> String {
    var result = ""
    for character in DisplayWidth.singleLine(text) {
      if character == "|" { result += "\\" }
      result.append(character)
    }
    return result
  }
}
