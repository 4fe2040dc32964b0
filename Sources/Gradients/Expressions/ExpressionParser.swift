/// A recursive-descent parser with Python's grammar of expressions, as far as it goes.
///
///     statements: statement (';' statement)* [';']
///     statement:  [name (',' name)* [','] '='] values
///     values:     sum (',' sum)* [',']
///     sum:        product (('+' | '-') product)*
///     product:    unary (('*' | '/' | '@') unary)*
///     unary:      ('+' | '-') unary | power
///     power:      postfix ['**' unary]
///     postfix:    atom ('[' indices ']' | '.' name ['(' arguments ')'])*
struct ExpressionParser {
  let text: String
  private let tokens: [Token]
  /// The number of the next token.
  private var next = 0
  private var depth = 0
  var tree = SyntaxTree()

  init(_ text: String) throws(ExpressionError) {
    self.text = text
    var lexer = ExpressionLexer(text)
    tokens = try lexer.tokens()
  }

  mutating func parse() throws(ExpressionError) -> SyntaxTree {
    guard token.kind != .end else { throw error("the expression is empty") }
    repeat {
      tree.statements.append(try statement())
    } while take(.semicolon) && token.kind != .end
    guard token.kind == .end else { throw unexpected() }
    return tree
  }

  private mutating func statement() throws(ExpressionError) -> SyntaxTree.Statement {
    var targets: [SyntaxTree.Keyword] = []
    let isTuple: Bool
    if let count = targetTokens() {
      for token in tokens[next..<next + count] {
        guard case .name(let name) = token.kind else { continue }
        guard Expression.isName(name) else {
          throw error("\(quotedName(name)) cannot be bound", at: token)
        }
        targets.append(SyntaxTree.Keyword(name: name, position: token.position))
      }
      isTuple = count > 1
      next += count + 1
    } else {
      isTuple = false
    }
    return SyntaxTree.Statement(targets: targets, takesApart: isTuple, value: try values())
  }

  /// The number of tokens before `=` when a statement begins with names and `=`.
  private func targetTokens() -> Int? {
    var place = next
    while case .name = tokens[place].kind {
      place += 1
      guard tokens[place].kind == .symbol(.comma) else { break }
      place += 1
    }
    return place > next && tokens[place].kind == .symbol(.equals) ? place - next : nil
  }

  /// One value, or a tuple of several.
  private mutating func values() throws(ExpressionError) -> Int {
    let start = token.position
    let first = try sum()
    guard token.kind == .symbol(.comma) else { return first }
    var values = [first]
    while take(.comma), startsValue { values.append(try sum()) }
    return tree.add(.tuple(values), at: start)
  }

  /// Whether the next token can begin a value; if not, a comma before it is a trailing one.
  private var startsValue: Bool {
    switch token.kind {
    case .end, .symbol(.semicolon), .symbol(.close), .symbol(.closeBracket), .symbol(.equals): false
    default: true
    }
  }

  mutating func sum() throws(ExpressionError) -> Int {
    try enter()
    defer { depth -= 1 }
    var left = try product()
    while true {
      let place = token
      guard let op = operation(among: [.plus, .minus]) else { return left }
      left = tree.add(.binary(op, left, try product()), at: place.position)
    }
  }

  private mutating func product() throws(ExpressionError) -> Int {
    var left = try unary()
    while true {
      let place = token
      guard let op = operation(among: [.times, .divide, .matrixProduct]) else { return left }
      left = tree.add(.binary(op, left, try unary()), at: place.position)
    }
  }

  private mutating func unary() throws(ExpressionError) -> Int {
    let place = token
    guard take(.minus) || take(.plus) else { return try power() }
    try enter()
    defer { depth -= 1 }
    let operand = try unary()
    return tree.add(
      place.kind == .symbol(.minus) ? .negative(operand) : .positive(operand), at: place.position)
  }

  private mutating func power() throws(ExpressionError) -> Int {
    let base = try postfix()
    let place = token
    guard take(.power) else { return base }
    try enter()
    defer { depth -= 1 }
    return tree.add(.binary(.arithmetic(.power), base, try unary()), at: place.position)
  }

  private mutating func operation(among symbols: [Token.Symbol]) -> SyntaxTree.BinaryOperator? {
    guard case .symbol(let symbol) = token.kind, symbols.contains(symbol) else { return nil }
    next += 1
    return Arithmetic.Operator(rawValue: symbol.rawValue).map { .arithmetic($0) } ?? .matrixProduct
  }

  /// One level deeper, while that is allowed: every level is a recursion of the parser.
  private mutating func enter() throws(ExpressionError) {
    guard depth <= Expression.depthLimit else {
      throw error("nesting beyond the limit of \(Expression.depthLimit)")
    }
    depth += 1
  }
}

// Tokens.
extension ExpressionParser {
  /// The next token.
  var token: Token { tokens[next] }

  /// The token behind the next one.
  var following: Token { tokens[min(next + 1, tokens.count - 1)] }

  /// Goes past the next token; the end stays.
  mutating func advance() { next = min(next + 1, tokens.count - 1) }

  /// Goes past a symbol if it is the next token.
  mutating func take(_ symbol: Token.Symbol) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    next += 1
    return true
  }

  /// Goes past what closes an opening symbol.
  mutating func close(_ opening: Token) throws(ExpressionError) {
    guard case .symbol(let symbol) = opening.kind, let closing = symbol.closing else { return }
    if take(closing) { return }
    if token.kind == .end { throw error("'\(symbol.rawValue)' is not closed", at: opening) }
    throw unexpected("'\(closing.rawValue)' or ','")
  }

  func error(_ message: String, at place: Token? = nil) -> ExpressionError {
    ExpressionError(text: text, position: (place ?? token).position, message: message)
  }

  /// The next token stands where nothing of its kind can.
  func unexpected(_ expectation: String? = nil) -> ExpressionError {
    switch token.kind {
    case .end: return error("the expression ends where \(expectation ?? "a value") is expected")
    case .symbol(.close), .symbol(.closeBracket):
      return error(
        expectation.map { "\(token.words) where \($0) is expected" }
          ?? "\(token.words) closes nothing")
    case .symbol(.equals):
      return error("'=' binds a name at the start of a statement; there are no comparisons")
    case .name(let name) where Expression.unsupportedWords.contains(name):
      return error(
        "\(quotedName(name)) is not supported: there are operators, calls, indices and ';'")
    default:
      return error("\(token.words) where \(expectation ?? "an operator") is expected")
    }
  }
}
