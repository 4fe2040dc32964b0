/// Reads subscripts scalar by scalar.
struct SubscriptsReader {
  private let text: String
  private let scalars: [Unicode.Scalar]
  /// The offset of the next scalar.
  private var position = 0
  private var operands: [Subscripts.Term] = []
  /// The items of the term that is being read.
  private var items: [Subscripts.Item] = []
  /// Whether that term is the output.
  private var isOutput = false

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  mutating func read() throws(SubscriptError) -> ([Subscripts.Term], Subscripts.Term?) {
    guard scalars.count <= Subscripts.lengthLimit else {
      throw error(
        "\(scalars.count) characters are beyond the limit of \(Subscripts.lengthLimit)",
        at: Subscripts.lengthLimit)
    }
    while position < scalars.count {
      switch scalars[position] {
      case " ", "\t": position += 1
      case ".": try readEllipsis()
      case "-", ">": try readArrow()
      case ",": try readComma()
      default: try readLabel()
      }
    }
    let last = endTerm()
    if isOutput { return (operands, last) }
    return (operands + [last], nil)
  }

  private mutating func readEllipsis() throws(SubscriptError) {
    let start = position
    while position < scalars.count, scalars[position] == "." { position += 1 }
    guard position - start == 3 else {
      throw error("an ellipsis is three dots, not \(position - start)", at: start)
    }
    guard !items.contains(where: { $0.kind == .ellipsis }) else {
      throw error("\(termName) has two ellipses", at: start)
    }
    items.append(Subscripts.Item(kind: .ellipsis, position: start))
  }

  private mutating func readArrow() throws(SubscriptError) {
    guard scalars[position] == "-", position + 1 < scalars.count, scalars[position + 1] == ">"
    else { throw error("\(scalars[position].quoted) alone: the arrow is '->'") }
    guard !isOutput else { throw error("'->' stands twice") }
    operands.append(endTerm())
    isOutput = true
    position += 2
  }

  private mutating func readComma() throws(SubscriptError) {
    guard !isOutput else { throw error("a comma in the output: there is only one result") }
    operands.append(endTerm())
    guard operands.count < Subscripts.operandLimit else {
      throw error("another operand is beyond the limit of \(Subscripts.operandLimit)")
    }
    position += 1
  }

  private mutating func readLabel() throws(SubscriptError) {
    let scalar = scalars[position]
    guard scalar.isLabel else {
      let hint =
        switch scalar {
        case "…": "the ellipsis is '...', three dots"
        case "→": "the arrow is '->'"
        default: "labels are single letters"
        }
      throw error("\(scalar.quoted) is not a label: \(hint)")
    }
    items.append(Subscripts.Item(kind: .label(scalar), position: position))
    position += 1
  }

  /// The term that ends before the next scalar.
  private mutating func endTerm() -> Subscripts.Term {
    defer { items = [] }
    return Subscripts.Term(items: items, position: items.first?.position ?? position)
  }

  private var termName: String { isOutput ? "the output" : "operand \(operands.count)" }

  private func error(_ message: String, at place: Int? = nil) -> SubscriptError {
    SubscriptError(
      text: text, position: place ?? position, message: message,
      operand: isOutput ? nil : operands.count)
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is a letter. Vowel signs of Indic scripts count as alphabetic, but are marks.
  fileprivate var isLabel: Bool {
    switch value {
    case 0x41...0x5A, 0x61...0x7A: true
    case 0..<0x80: false
    default: properties.isAlphabetic && !isMark
    }
  }
}
