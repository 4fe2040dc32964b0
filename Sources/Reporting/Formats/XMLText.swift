/// Texts inside an XML document.
enum XMLText {
  /// What becomes of tabs and line breaks.
  enum WhiteSpace {
    /// A space each, where the text is to stay on one line.
    case spaces
    /// They stand as they are, in the content of an element.
    case kept
    /// Character references: the value of an attribute would lose them otherwise.
    case references
  }

  /// A text that can stand between tags and in an attribute. Characters that XML 1.0 does not know
  /// (production 2, Char) are replaced by U+FFFD.
  static func escaped(_ text: String, whiteSpace: WhiteSpace) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += escaped(scalar, whiteSpace)
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func escaped(_ scalar: Unicode.Scalar, _ whiteSpace: WhiteSpace) -> String {
    switch whiteSpace {
    case .spaces: " "
    // A reader makes a line feed of a carriage return that is not a reference.
    case .kept where scalar != "\r": String(Character(scalar))
    case .kept, .references: "&#\(scalar.value);"
    }
  }
}
