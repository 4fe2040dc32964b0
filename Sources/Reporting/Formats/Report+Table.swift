extension Report {
  /// Aligned columns under their headers, two spaces apart; words to the left, numbers to the
  /// right.
  func tableText(digits: Int?) -> String {
    let texts = columnTexts(digits: digits)
    let aligned = columns.indices.map { index in
      let all = [columns[index].header] + texts[index]
      let width = all.map(DisplayWidth.of).max() ?? 0
      return all.map { text in
        columns[index].format == .text
          ? DisplayWidth.left(text, width) : DisplayWidth.right(text, width)
      }
    }
    guard !columns.isEmpty else { return "" }
    var result = ""
    for row in 0...rows.count {
      let line = aligned.map { $0[row] }.joined(separator: "  ")
      // Words in the last column would leave blanks at the end of the line.
      result += line[...(line.lastIndex { $0 != " " } ?? line.startIndex)] + "\n"
    }
    return result
  }
}
