import Tensors

// Operators, attributes and indices. Arithmetic on numbers is done at once, in double precision.

extension ExpressionBinder {
  mutating func negative(_ operand: Int, _ node: Int) throws(ExpressionError) -> Meaning {
    if case .number(let value, let isWhole) = meanings[operand] {
      return .number(-value, isWhole: isWhole)
    }
    return .value(append(.negative, [try slot(ofNode: operand)], node))
  }

  mutating func binary(
    _ op: SyntaxTree.BinaryOperator, _ left: Int, _ right: Int, _ node: Int
  ) throws(ExpressionError) -> Meaning {
    guard case .arithmetic(let op) = op else {
      let operands = [try slot(ofNode: left), try slot(ofNode: right)]
      return .value(append(.matrixProduct, operands, node))
    }
    if case .number(let x, let isWhole) = meanings[left],
      case .number(let y, let isAlsoWhole) = meanings[right]
    {
      return folded(x, op, y, areWhole: isWhole && isAlsoWhole)
    }
    return .value(
      append(.arithmetic(op), [try slot(ofNode: left), try slot(ofNode: right)], node))
  }

  private func folded(
    _ x: Double, _ op: Arithmetic.Operator, _ y: Double, areWhole: Bool
  ) -> Meaning {
    let result = Tensor<Double>([], [x]).combined(with: Tensor([], [y]), by: op).elements[0]
    let staysWhole = op != .divide && (op != .power || y >= 0)
    return .number(result, isWhole: areWhole && staysWhole && result.magnitude <= 0x1p53)
  }

  /// `.T` and `.mT`.
  mutating func attribute(
    _ name: String, of operand: Int, _ node: Int
  ) throws(ExpressionError) -> Meaning {
    let action: ExpressionStep.Action
    switch name {
    case "T": action = .transpose
    case "mT": action = .matrixTranspose
    default:
      let isOperation = operations[name] != nil
      throw error(
        isOperation
          ? "an operation is called: .\(name)(…)"
          : "values have .T, .mT and operations such as .sum(), but no .\(name)", at: node)
    }
    return .value(append(action, [try slot(ofNode: operand)], node))
  }

  /// The items of an index; all of them are constants.
  func indexItems(_ nodes: [Int]) throws(ExpressionError) -> [IndexItem] {
    var items: [IndexItem] = []
    for node in nodes {
      switch meanings[node] {
      case .slice(let range): items.append(range)
      case .none: items.append(.newAxis)
      case .ellipsis:
        guard !items.contains(.ellipsis) else {
          throw error("a second '...' in an index", at: node)
        }
        items.append(.ellipsis)
      default: items.append(.at(try wholeNumber(node, "an index")))
      }
    }
    return items
  }

  func slice(_ lower: Int?, _ upper: Int?, _ step: Int?) throws(ExpressionError) -> IndexItem {
    func bound(_ node: Int?) throws(ExpressionError) -> Int? {
      guard let node else { return nil }
      if case .none = meanings[node] { return nil }
      return try wholeNumber(node, "a slice's bound")
    }
    let distance = try bound(step)
    if let step, distance == 0 { throw error("the step of a slice is 0", at: step) }
    return .range(start: try bound(lower), stop: try bound(upper), step: distance ?? 1)
  }

  private func wholeNumber(_ node: Int, _ role: String) throws(ExpressionError) -> Int {
    if let integer = meanings[node].integer { return integer }
    throw error("\(role) is a whole number known at once, not \(meanings[node].words)", at: node)
  }
}
