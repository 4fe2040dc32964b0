/// How texts fill the columns of a terminal.
enum DisplayWidth {
  /// The number of terminal columns that a text takes. Combining marks take none, East Asian wide
  /// characters and emoji two (Unicode Standard Annex 11, in the ranges that matter).
  static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  /// The text with spaces before it up to a width.
  static func right(_ text: String, _ width: Int) -> String { padding(text, width) + text }

  /// The text with spaces after it up to a width.
  static func left(_ text: String, _ width: Int) -> String { text + padding(text, width) }

  /// The text on one line, with control characters replaced: a file name must not be able to move
  /// the cursor or to break a table.
  static func singleLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      result.unicodeScalars.append(
        !isControl ? scalar : scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}")
    }
    return result
  }

  private static func padding(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - of(text)))
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    guard !scalar.isASCII else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
      0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
