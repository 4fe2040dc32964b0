// Arguments find their parameters as in Python: by position, then by name, then by default.

extension ExpressionBinder {
  mutating func call(
    _ name: String, _ arguments: [SyntaxTree.Argument], _ node: Int
  ) throws(ExpressionError) -> Meaning {
    guard let operation = operations[name] else {
      let isBound = boundNames.contains(name)
      throw error(
        "no operation is called \(quotedName(name))"
          + (isBound
            ? "; a product is written with *"
            : NearestName.hint(name, among: operations.operations.map(\.name))),
        at: node)
    }
    let given = try assigned(arguments, to: operation, node)
    var operands: [Int?] = []
    var variadic: [Int?] = []
    var attributes: [String: AttributeValue] = [:]
    for (parameter, nodes) in zip(operation.parameters, given) {
      switch parameter.kind {
      case .operand:
        guard let first = nodes.first else { throw missing(parameter, of: operation, node) }
        operands.append(try slot(ofNode: first))
      case .optionalOperand:
        // None stands for an operand that is left out.
        if let first = nodes.first, !meanings[first].isNone {
          operands.append(try slot(ofNode: first))
        } else {
          operands.append(nil)
        }
      case .operands:
        variadic = try slots(of: nodes)
        if variadic.isEmpty { throw missing(parameter, of: operation, node) }
      case .attribute(let kind, let fallback):
        guard let value = try attribute(nodes, kind, fallback) ?? fallback else {
          throw missing(parameter, of: operation, node)
        }
        attributes[parameter.name] = value
      }
    }
    let count = operation.results.count
    let first = append(.call(operation, attributes), operands + variadic, count: count, node)
    if count == 1 { return .value(first) }
    return .tuple((first..<first + count).map { .value($0) }, isList: false)
  }

  /// The nodes of the arguments for each parameter.
  private func assigned(
    _ arguments: [SyntaxTree.Argument], to operation: any Operation, _ node: Int
  ) throws(ExpressionError) -> [[Int]] {
    let parameters = operation.parameters
    var given = [[Int]](repeating: [], count: parameters.count)
    var place = 0
    for (number, argument) in arguments.enumerated() {
      guard let keyword = argument.keyword else {
        guard place < parameters.count else {
          // Sizes and axes may be written without parentheses: x.reshape(2, 3).
          if let last = parameters.last, last.takesSeveral, meanings[argument.value].integer != nil
          {
            given[parameters.count - 1].append(argument.value)
            continue
          }
          throw error(
            "\(operation.name) takes \(parameters.count) "
              + (parameters.count == 1 ? "argument" : "arguments")
              + ": \(operation.signature)", at: arguments[number].value)
        }
        given[place].append(argument.value)
        if parameters[place].kind != .operands { place += 1 }
        continue
      }
      guard let named = parameters.firstIndex(where: { $0.name == keyword.name }) else {
        throw ExpressionError(
          text: text, position: keyword.position,
          message: "\(operation.name) has no parameter \(quotedName(keyword.name))"
            + NearestName.hint(keyword.name, among: parameters.map(\.name))
            + ": \(operation.signature)")
      }
      guard given[named].isEmpty else {
        throw ExpressionError(
          text: text, position: keyword.position, message: "'\(keyword.name)' is given twice")
      }
      given[named] = [argument.value]
    }
    return given
  }

  /// The operands for a parameter that takes all that are left; a tuple or list stands for its
  /// elements.
  private mutating func slots(of nodes: [Int]) throws(ExpressionError) -> [Int] {
    var slots: [Int] = []
    for node in nodes {
      guard case .tuple(let elements, _) = meanings[node], nodes.count == 1 else {
        slots.append(try slot(ofNode: node))
        continue
      }
      for element in elements { slots.append(try slot(of: element, node: node)) }
    }
    return slots
  }

  private func missing(
    _ parameter: OperationParameter, of operation: any Operation, _ node: Int
  ) -> ExpressionError {
    error("\(operation.name) needs '\(parameter.name)': \(operation.signature)", at: node)
  }

  /// The value of an attribute; nil if it is not given.
  private func attribute(
    _ nodes: [Int], _ kind: AttributeKind, _ fallback: AttributeValue?
  ) throws(ExpressionError) -> AttributeValue? {
    guard let node = nodes.first else { return nil }
    let meaning =
      nodes.count == 1 ? meanings[node] : .tuple(nodes.map { meanings[$0] }, isList: false)
    if meaning.isNone, fallback == AttributeValue.none || kind == .axes {
      return AttributeValue.none
    }
    switch (kind, meaning) {
    case (.number, .number(let value, _)) where value.isFinite: return .number(value)
    case (.boolean, .boolean(let value)): return .boolean(value)
    case (.text(let words), .text(let text)):
      guard words.isEmpty || words.contains(text) else {
        throw error(
          "'\(text)' is none of \(words.joined(separator: ", "))"
            + NearestName.hint(text, among: words), at: node)
      }
      return .text(text)
    case (.integer, .number): if let value = meaning.integer { return .integers([value]) }
    case (.axes, _): if let values = meaning.integers { return .integers(values) }
    default: break
    }
    throw error("\(meaning.words) where \(kind.words) is expected", at: node)
  }
}

extension Meaning {
  /// Whether it is `None`.
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}

extension AttributeKind {
  /// What it takes, in a message.
  fileprivate var words: String {
    switch self {
    case .number: "a finite number, known at once,"
    case .integer: "a whole number, known at once,"
    case .boolean: "True or False"
    case .text: "a text in quotes"
    case .axes: "a whole number or a tuple of them"
    }
  }
}

extension OperationParameter {
  /// Whether it takes several whole numbers.
  fileprivate var takesSeveral: Bool {
    if case .attribute(.axes, _) = kind { true } else { false }
  }
}
