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
  /// The subscripts and, in a second line, a caret under the place (`MarkedText.caretLines`).
  public var caretLines: [String] { MarkedText(text, position: position).caretLines }
}
