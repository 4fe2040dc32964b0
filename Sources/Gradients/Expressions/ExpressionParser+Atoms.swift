// What operators connect: names, constants, calls, indices, brackets.

extension ExpressionParser {
  mutating func postfix() throws(ExpressionError) -> Int {
    var value = try atom()
    while true {
      let place = token
      switch place.kind {
      case .symbol(.openBracket): value = try index(of: value)
      case .symbol(.dot): value = try member(of: value)
      case .symbol(.open): throw error("only operations can be called, by their names")
      default: return value
      }
    }
  }

  private mutating func atom() throws(ExpressionError) -> Int {
    let place = token
    switch place.kind {
    case .number(let value, let isWhole):
      advance()
      return tree.add(.number(value, isWhole: isWhole), at: place.position)
    case .text(let text):
      advance()
      return tree.add(.text(text), at: place.position)
    case .name(let name): return try named(name)
    case .symbol(.open): return try parenthesis()
    case .symbol(.openBracket):
      advance()
      let elements = try elements(of: place)
      return tree.add(.list(elements), at: place.position)
    default: throw unexpected("a value")
    }
  }

  private mutating func named(_ name: String) throws(ExpressionError) -> Int {
    let place = token
    guard !Expression.unsupportedWords.contains(name) else { throw unexpected() }
    advance()
    if let constant = Expression.constantWords[name] {
      return tree.add(constant, at: place.position)
    }
    if token.kind == .symbol(.open) { return try call(name, at: place, receiver: nil) }
    return tree.add(.name(name), at: place.position)
  }

  /// `(value)`, or a tuple `(a, b)`, `(a,)`, `()`.
  private mutating func parenthesis() throws(ExpressionError) -> Int {
    let opening = token
    advance()
    if take(.close) { return tree.add(.tuple([]), at: opening.position) }
    let first = try sum()
    guard take(.comma) else {
      try close(opening)
      return first
    }
    return tree.add(.tuple([first] + (try elements(of: opening))), at: opening.position)
  }

  /// Values separated by commas up to what closes `opening`.
  private mutating func elements(of opening: Token) throws(ExpressionError) -> [Int] {
    var values: [Int] = []
    while !isClosing {
      values.append(try sum())
      guard take(.comma) else { break }
    }
    try close(opening)
    return values
  }

  private var isClosing: Bool {
    token.kind == .symbol(.close) || token.kind == .symbol(.closeBracket) || token.kind == .end
  }

  /// `.T`, or a call of an operation with the value for its first argument.
  private mutating func member(of value: Int) throws(ExpressionError) -> Int {
    let dot = token
    advance()
    guard case .name(let name) = token.kind else { throw unexpected("a name behind '.'") }
    let place = token
    advance()
    guard token.kind == .symbol(.open) else {
      return tree.add(.attribute(value, name), at: dot.position)
    }
    if case .name(let module) = tree.nodes[value].kind, Expression.moduleWords.contains(module) {
      throw ExpressionError(
        text: text, position: tree.nodes[value].position,
        message: "operations have no module: leave out '\(module).'")
    }
    return try call(name, at: place, receiver: value)
  }

  private mutating func call(
    _ name: String, at place: Token, receiver: Int?
  ) throws(ExpressionError) -> Int {
    let opening = token
    advance()
    var arguments = receiver.map { [SyntaxTree.Argument(keyword: nil, value: $0)] } ?? []
    while !isClosing {
      let start = token
      var keyword: SyntaxTree.Keyword?
      if case .name(let name) = start.kind, following.kind == .symbol(.equals) {
        keyword = SyntaxTree.Keyword(name: name, position: start.position)
        advance()
        advance()
      } else if arguments.last?.keyword != nil {
        throw error("an argument without a name behind one with a name")
      }
      arguments.append(SyntaxTree.Argument(keyword: keyword, value: try sum()))
      guard take(.comma) else { break }
    }
    try close(opening)
    return tree.add(.call(name, arguments), at: place.position)
  }

  private mutating func index(of value: Int) throws(ExpressionError) -> Int {
    let opening = token
    advance()
    guard !isClosing else {
      throw token.kind == .end
        ? error("'[' is not closed", at: opening) : error("no index in '[ ]'")
    }
    var items: [Int] = []
    while !isClosing {
      items.append(try indexItem())
      guard take(.comma) else { break }
    }
    try close(opening)
    return tree.add(.index(value, items), at: opening.position)
  }

  /// `i`, `a:b:c` or `...`.
  private mutating func indexItem() throws(ExpressionError) -> Int {
    let place = token
    if take(.ellipsis) { return tree.add(.ellipsis, at: place.position) }
    let lower = token.kind == .symbol(.colon) ? nil : try sum()
    guard take(.colon) else {
      if let lower { return lower }
      throw unexpected("an index")
    }
    let upper = try bound()
    let step = take(.colon) ? try bound() : nil
    return tree.add(.slice(lower: lower, upper: upper, step: step), at: place.position)
  }

  /// What stands between the colons of a slice; nil for nothing.
  private mutating func bound() throws(ExpressionError) -> Int? {
    if isClosing || token.kind == .symbol(.colon) || token.kind == .symbol(.comma) { return nil }
    return try sum()
  }
}
