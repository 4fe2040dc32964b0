/// A line of a text language and the place in it that an error is about.
public struct MarkedText: Sendable, Equatable {
  /// The text as it was given.
  public let text: String
  /// The offset in Unicode scalars, from 0; the text's length is the place after its end.
  public let position: Int?

  /// A text and a place in it.
  public init(_ text: String, position: Int?) { (self.text, self.position) = (text, position) }

  /// The widest line that `caretLines` renders.
  public static let width = 72

  /// The text and, in a second line, a caret under the place; without a place only the first.
  ///
  /// Every scalar is one column: spaces of all kinds are shown as spaces, marks and characters
  /// without a picture as U+FFFD. Of a longer text a window around the place remains, with `…` where
  /// it is cut.
  public var caretLines: [String] {
    let columns = text.unicodeScalars.map(Self.column)
    let width = Self.width
    let place = position ?? 0
    // The place after the end is a column, too.
    let start = max(0, min(place - width / 2, columns.count + 1 - width))
    let end = min(columns.count, start + width)
    var window = Array(columns[start..<end])
    if start > 0 { window[0] = "…" }
    if end < columns.count { window[window.count - 1] = "…" }
    var line = String.UnicodeScalarView()
    line.append(contentsOf: window)
    guard position != nil else { return [String(line)] }
    return [String(line), String(repeating: " ", count: place - start) + "^"]
  }

  private static func column(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator { return " " }
    return scalar.hasPicture ? scalar : "\u{FFFD}"
  }

  /// A scalar in a message: `'!'`, or `U+00A0 (NO-BREAK SPACE)` if nothing would be seen.
  public static func quoted(_ scalar: Unicode.Scalar) -> String { scalar.quoted }
}

extension Unicode.Scalar {
  /// Whether the scalar combines with the one before it.
  var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// Whether the scalar can be printed on its own and be seen.
  var hasPicture: Bool {
    if isASCII { return value > 0x20 && value < 0x7F }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
      .paragraphSeparator:
      return false
    default: return !isMark
    }
  }

  /// The scalar in a message: `'!'`, or `U+00A0 (NO-BREAK SPACE)` if nothing would be seen.
  var quoted: String {
    if hasPicture { return "'\(self)'" }
    let digits = String(value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return properties.name.map { "\(code) (\($0))" } ?? code
  }
}
