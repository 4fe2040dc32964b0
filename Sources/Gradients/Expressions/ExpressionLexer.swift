import Einsum

/// Cuts an expression into tokens.
struct ExpressionLexer {
  private let text: String
  private let scalars: [Unicode.Scalar]
  /// The offset of the next scalar.
  private var position = 0

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  /// All tokens, the last one is `end`.
  mutating func tokens() throws(ExpressionError) -> [Token] {
    guard scalars.count <= Expression.lengthLimit else {
      throw error(
        "\(scalars.count) characters are beyond the limit of \(Expression.lengthLimit)",
        at: Expression.lengthLimit)
    }
    var result: [Token] = []
    while let scalar = peek() {
      if scalar == " " || scalar == "\t" || scalar.isLineEnd {
        position += 1
        continue
      }
      let start = position
      result.append(Token(kind: try kind(from: scalar), position: start))
    }
    result.append(Token(kind: .end, position: scalars.count))
    return result
  }

  private mutating func kind(from scalar: Unicode.Scalar) throws(ExpressionError) -> Token.Kind {
    if scalar.isDigit || scalar == "." && peek(1)?.isDigit == true { return try number() }
    if scalar.startsName { return .name(name()) }
    if scalar == "'" || scalar == "\"" { return try quoted(by: scalar) }
    return .symbol(try symbol(from: scalar))
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
    while let scalar = peek(), condition(scalar) { position += 1 }
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<position])
    return String(view)
  }

  private mutating func number() throws(ExpressionError) -> Token.Kind {
    let start = position
    skip(while: \.isDigit)
    var isWhole = true
    if peek() == "." {
      isWhole = false
      position += 1
      skip(while: \.isDigit)
    }
    if peek() == "e" || peek() == "E" {
      let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
      if peek(1 + sign)?.isDigit == true {
        isWhole = false
        position += 1 + sign
        skip(while: \.isDigit)
      }
    }
    if let next = peek(), next.startsName {
      let hint =
        next == "j" || next == "J"
        ? "complex numbers are not supported" : "a product is written with *"
      throw error("\(MarkedText.quoted(next)) stands directly behind a number: \(hint)")
    }
    // 5. and .5 are numbers here as in Python.
    let digits = text(from: start)
    guard let value = Double("0" + digits + (digits.hasSuffix(".") ? "0" : "")), value.isFinite
    else { throw error("the number is too large", at: start) }
    // Beyond 2⁵³ neighbours are no whole numbers apart.
    return .number(value, isWhole: isWhole && value <= 0x1p53)
  }

  private mutating func name() -> String {
    let start = position
    skip(while: \.continuesName)
    return text(from: start)
  }

  private mutating func quoted(by quote: Unicode.Scalar) throws(ExpressionError) -> Token.Kind {
    let start = position
    position += 1
    let first = position
    skip { $0 != quote && $0 != "\\" && !$0.isLineEnd }
    guard peek() != "\\" else { throw error("texts have no escapes: '\\' is not allowed") }
    guard peek() == quote else { throw error("the text is not closed", at: start) }
    defer { position += 1 }
    return .text(text(from: first))
  }

  private mutating func symbol(from scalar: Unicode.Scalar) throws(ExpressionError) -> Token.Symbol
  {
    for (spelling, hint) in Self.unsupported
    where scalars[position...].starts(with: spelling.unicodeScalars) {
      throw error("'\(spelling)' is not supported: \(hint)")
    }
    for (symbol, spelling) in Token.Symbol.spellings
    where scalars[position...].starts(with: spelling) {
      position += spelling.count
      return symbol
    }
    if let hint = Self.lookAlikes[scalar] {
      throw error("\(MarkedText.quoted(scalar)) is not an operator: \(hint)")
    }
    throw error("\(MarkedText.quoted(scalar)) has no meaning in an expression")
  }

  /// What Python has and expressions have not; longer spellings first.
  private static let unsupported: [(spelling: String, hint: String)] = [
    ("==", noComparisons), ("!=", noComparisons), ("<=", noComparisons), (">=", noComparisons),
    ("<", noComparisons), (">", noComparisons), ("->", "there are no functions of one's own"),
    (":=", "a name is bound by = at the start of a statement"),
    ("//", "divide with /"), ("%", "there is no remainder"),
    ("^", "powers are written **"), ("&", noLogic), ("|", noLogic), ("~", noLogic),
    ("!", noLogic), ("{", "only lists in [ ]"), ("}", "only lists in [ ]"),
    ("#", "there are no comments"), ("**=", noUpdates), ("+=", noUpdates), ("-=", noUpdates),
    ("*=", noUpdates), ("/=", noUpdates), ("@=", noUpdates),
  ]
  private static let noComparisons = "there are no comparisons"
  private static let noLogic = "there is no logic, only arithmetic"
  private static let noUpdates = "bind a new name with ="

  /// Typographic characters, and what is meant.
  private static let lookAlikes: [Unicode.Scalar: String] = [
    "−": "minus is -", "–": "minus is -", "·": "a product is written with *",
    "×": "a product is written with *", "⋅": "a product is written with *",
    "÷": "divide with /", "…": "the ellipsis is three dots", "‘": "quotes are ' or \"",
    "’": "quotes are ' or \"", "“": "quotes are ' or \"", "”": "quotes are ' or \"",
    "ᵀ": "the transpose is .T", "⊤": "the transpose is .T", "²": "powers are written **",
    "√": "the root is sqrt(…)",
  ]

  private func error(_ message: String, at place: Int? = nil) -> ExpressionError {
    ExpressionError(text: text, position: place ?? position, message: message)
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { value >= 0x30 && value <= 0x39 }

  /// Whether a name may begin with the scalar.
  var startsName: Bool {
    if isASCII { return properties.isAlphabetic || self == "_" }
    return properties.isXIDStart && Self.isPlain(self)
  }

  /// Whether a name may go on with the scalar.
  var continuesName: Bool {
    if isASCII { return startsName || isDigit }
    return properties.isXIDContinue && Self.isPlain(self)
  }

  /// Modifier letters such as a raised T look like operators, but are letters to Unicode.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory != .modifierLetter
  }
}
