import Einsum

/// Why an expression cannot be read, or does not fit the inputs it is for, and where.
public struct ExpressionError: Error, Sendable, Equatable {
  /// The expression as it was given.
  public let text: String
  /// The offence's offset in Unicode scalars, from 0; the text's length is the place after its end.
  public let position: Int
  /// What is wrong, in words, with the names and shapes that it is about.
  public let message: String
  /// The elements of the values up to this place, if they are more than were allowed; nil for every
  /// other reason.
  public let elements: Int?

  init(text: String, position: Int, message: String, elements: Int? = nil) {
    (self.text, self.position, self.message) = (text, position, message)
    self.elements = elements
  }
}

extension ExpressionError: CustomStringConvertible {
  /// The message alone; `caretLines` shows the place.
  public var description: String { message }
}

extension ExpressionError {
  /// The expression in one line and, in a second, a caret under the place
  /// (`MarkedText.caretLines`).
  public var caretLines: [String] {
    var line = String.UnicodeScalarView()
    line.append(contentsOf: text.unicodeScalars.lazy.map { $0.isLineEnd ? " " : $0 })
    return MarkedText(String(line), position: position).caretLines
  }
}

extension Unicode.Scalar {
  /// Whether the scalar ends a line; in expressions such an end is a space.
  var isLineEnd: Bool { self == "\n" || self == "\r" }
}
