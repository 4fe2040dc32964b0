/// Why subscripts cannot be read, or do not fit the arrays they are for, and where.
public struct SubscriptError: Error, Sendable, Equatable {
  /// The subscripts as they were given.
  public let text: String
  /// The offence's offset in Unicode scalars, from 0; the text's length is the place after its end.
  public let position: Int?
  /// What is wrong, in words, with the labels, numbers and names that it is about.
  public let message: String
  /// The operand that it is about, from 0; of two that disagree the later one.
  public let operand: Int?

  init(text: String, position: Int?, message: String, operand: Int? = nil) {
    self.text = text
    self.position = position
    self.message = message
    self.operand = operand
  }
}

extension SubscriptError: CustomStringConvertible {
  /// The message alone; `caretLines` shows the place.
  public var description: String { message }
}

extension SubscriptError {
  /// The widest line that `caretLines` renders.
  static let caretLineWidth = 72

  /// The subscripts and, in a second line, a caret under the place; without a place only the first.
  ///
  /// Every scalar is one column: spaces of all kinds are shown as spaces, marks and characters
  /// without a picture as U+FFFD. Of a longer text a window around the place remains, with `…` where
  /// it is cut.
  public var caretLines: [String] {
    let columns = text.unicodeScalars.map(Self.column)
    let width = Self.caretLineWidth
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
