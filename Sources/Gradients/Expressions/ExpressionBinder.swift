import Tensors

/// Finds out what every piece of syntax stands for and lists the steps that compute the values.
struct ExpressionBinder {
  let text: String
  let tree: SyntaxTree
  let operations: OperationTable
  /// What each node stands for, as far as the binder has come.
  private(set) var meanings: [Meaning] = []
  private(set) var slotCount = 0
  private(set) var freeNames: [String] = []
  private(set) var boundNames: [String] = []
  private var steps: [ExpressionStep] = []
  private var bindings: [String: Meaning] = [:]
  /// The slots of inputs by name and of lists by their nodes, so that each is there once.
  private var inputSlots: [String: Int] = [:]
  private var listSlots: [Int: Int] = [:]

  init(text: String, tree: SyntaxTree, operations: OperationTable) {
    (self.text, self.tree, self.operations) = (text, tree, operations)
  }

  /// Binds all statements.
  ///
  /// - Returns: the slots of the results: the last statement's value, several for a tuple.
  mutating func bind() throws(ExpressionError) -> [Int] {
    meanings.reserveCapacity(tree.nodes.count)
    for statement in tree.statements {
      while meanings.count <= statement.value {
        meanings.append(try meaning(ofNode: meanings.count))
      }
      try bind(statement)
    }
    let last = tree.nodes.count - 1
    guard case .tuple(let elements, isList: false) = meanings[last] else {
      return [try slot(ofNode: last)]
    }
    guard !elements.isEmpty else { throw error("an empty tuple is no result", at: last) }
    var results: [Int] = []
    for element in elements { results.append(try slot(of: element, node: last)) }
    return results
  }

  /// The names of so many results: those that the last statement binds, reads or gets from a call.
  func resultNames(_ count: Int) -> [String] {
    let numbered = (0..<count).map { count == 1 ? "result" : "result\($0)" }
    guard let last = tree.statements.last else { return numbered }
    var names: [String?] = last.targets.map(\.name)
    if names.isEmpty {
      switch tree.nodes[last.value].kind {
      case .tuple(let elements): names = elements.map { name(ofNode: $0) }
      case .call(let operation, _): names = operations[operation]?.results ?? []
      default: names = [name(ofNode: last.value)]
      }
    }
    guard names.count == count else { return numbered }
    let found = zip(names, numbered).map { $0 ?? $1 }
    return Set(found).count == count ? found : numbered
  }

  private func name(ofNode node: Int) -> String? {
    if case .name(let name) = tree.nodes[node].kind { name } else { nil }
  }

  private mutating func bind(_ statement: SyntaxTree.Statement) throws(ExpressionError) {
    let value = meanings[statement.value]
    var values = [value]
    if statement.takesApart {
      guard case .tuple(let elements, _) = value, elements.count == statement.targets.count else {
        let count = if case .tuple(let elements, _) = value { elements.count } else { 1 }
        throw ExpressionError(
          text: text, position: statement.targets.first?.position ?? 0,
          message: "\(statement.targets.count) "
            + (statement.targets.count == 1 ? "name" : "names")
            + " for \(count) \(count == 1 ? "value" : "values")")
      }
      values = elements
    }
    for (target, value) in zip(statement.targets, values) {
      bindings[target.name] = value
      boundNames.append(target.name)
    }
  }

  private mutating func meaning(ofNode node: Int) throws(ExpressionError) -> Meaning {
    switch tree.nodes[node].kind {
    case .number(let value, let isWhole): return .number(value, isWhole: isWhole)
    case .text(let text): return .text(text)
    case .boolean(let value): return .boolean(value)
    case .none: return .none
    case .ellipsis: return .ellipsis
    case .name(let name): return bindings[name] ?? .value(input(name, node))
    case .negative(let operand): return try negative(operand, node)
    case .positive(let operand):
      if case .number = meanings[operand] { return meanings[operand] }
      return .value(try slot(ofNode: operand))
    case .binary(let op, let left, let right): return try binary(op, left, right, node)
    case .attribute(let operand, let name): return try attribute(name, of: operand, node)
    case .call(let name, let arguments): return try call(name, arguments, node)
    case .index(let operand, let items):
      let items = try indexItems(items)
      return .value(append(.index(items), [try slot(ofNode: operand)], node))
    case .slice(let lower, let upper, let step):
      return .slice(try slice(lower, upper, step))
    case .list(let elements): return try list(elements, node)
    case .tuple(let elements): return try tuple(elements, isList: false)
    }
  }

  private mutating func input(_ name: String, _ node: Int) -> Int {
    if let slot = inputSlots[name] { return slot }
    let slot = append(.input(name), [], node)
    inputSlots[name] = slot
    if Expression.predefined[name] == nil { freeNames.append(name) }
    return slot
  }

  private func list(_ elements: [Int], _ node: Int) throws(ExpressionError) -> Meaning {
    let parts = elements.map { meanings[$0] }
    do {
      if let list = try NumberList(parts, node: node) { return .list(list) }
    } catch {
      guard let place = error.place else {
        throw self.error(
          "a list of more than \(Expression.lengthLimit) numbers or "
            + "\(Expression.rankLimit) axes", at: node)
      }
      throw self.error("the list is not rectangular: this element differs", at: elements[place])
    }
    return try tuple(elements, isList: true)
  }

  /// Several values; not of tuples, which with the help of names could be nested without end.
  private func tuple(_ elements: [Int], isList: Bool) throws(ExpressionError) -> Meaning {
    for element in elements {
      if case .tuple = meanings[element] {
        throw error("\(meanings[element].words) within another has no meaning", at: element)
      }
    }
    return .tuple(elements.map { meanings[$0] }, isList: isList)
  }
}

// Steps.
extension ExpressionBinder {
  /// Adds a step.
  /// - Returns: the slot of its first result.
  mutating func append(
    _ action: ExpressionStep.Action, _ operands: [Int?], count: Int = 1, _ node: Int
  ) -> Int {
    steps.append(
      ExpressionStep(
        action: action, operands: operands, first: slotCount, count: count,
        position: tree.nodes[node].position))
    slotCount += count
    return slotCount - count
  }

  /// The slot of what a node stands for: constants become tensors.
  mutating func slot(ofNode node: Int) throws(ExpressionError) -> Int {
    try slot(of: meanings[node], node: node)
  }

  /// The slot of a meaning; a node says where it stands.
  mutating func slot(of meaning: Meaning, node: Int) throws(ExpressionError) -> Int {
    switch meaning {
    case .value(let slot): return slot
    case .number(let value, _): return append(.constant(Tensor([], [value])), [], node)
    case .list(let list):
      if let slot = listSlots[list.node] { return slot }
      let shape: Shape
      do { shape = try Shape(checking: list.sizes) } catch {
        throw self.error("the list has more elements than can be counted", at: node)
      }
      let slot = append(.constant(Tensor(shape, list.elements)), [], node)
      listSlots[list.node] = slot
      return slot
    case .tuple(_, isList: true):
      throw error("a list holds numbers alone where it is a tensor", at: node)
    case .tuple(_, isList: false):
      throw error("a tuple where a tensor is expected; a list of numbers is one", at: node)
    case .text, .boolean, .none, .ellipsis, .slice:
      throw error("\(meaning.words) where a tensor is expected", at: node)
    }
  }

  /// The steps, each with the slots that are free after it.
  func stepsWithLastUses(results: [Int]) -> [ExpressionStep] {
    var seen = Set(results)
    var steps = steps
    for place in steps.indices.reversed() {
      let step = steps[place]
      let slots = step.operands.compactMap { $0 } + Array(step.first..<step.first + step.count)
      steps[place].lastUses = slots.filter { seen.insert($0).inserted }
    }
    return steps
  }

  func error(_ message: String, at node: Int) -> ExpressionError {
    ExpressionError(text: text, position: tree.nodes[node].position, message: message)
  }
}
