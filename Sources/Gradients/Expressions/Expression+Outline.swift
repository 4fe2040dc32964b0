public import Tensors

extension Expression {
  /// The shapes of the results for inputs of some shapes; nothing is computed.
  ///
  /// - Parameters:
  ///   - inputs: a shape for every free name; others may be among them.
  ///   - maximumElements: how many elements all values together may have, axes of size 0 counted as
  ///     1, so that sizes that nothing fills are bounded as well.
  /// - Throws: `ExpressionError` at the first name without a shape, at the first operator or call
  ///   whose operands do not fit, with their shapes, or at the first with which the elements are too
  ///   many.
  public func outline(
    of inputs: [String: Shape], maximumElements: Int = .max
  ) throws(ExpressionError) -> [Shape] {
    var slots = [Outline<Double>?](repeating: nil, count: slotCount)
    var elements = 0
    for step in steps {
      let outlines: [Outline<Double>]
      if case .input(let name) = step.action {
        outlines = [Outline(try shape(of: name, at: step.position, among: inputs))]
      } else {
        outlines = try self.outlines(of: step, step.operands.map { $0.flatMap { slots[$0] } })
      }
      for (offset, outline) in outlines.enumerated() {
        slots[step.first + offset] = outline
        let (sum, overflow) = elements.addingReportingOverflow(outline.shape.extent)
        elements = overflow ? .max : sum
      }
      // Some operations make constants of their operands' sizes even here.
      guard elements <= maximumElements else {
        throw ExpressionError(
          text: text, position: step.position,
          message: "the values up to here have more than \(maximumElements) elements",
          elements: elements)
      }
    }
    return results.map { slots[$0]?.shape ?? [] }
  }

  private func shape(
    of name: String, at position: Int, among inputs: [String: Shape]
  ) throws(ExpressionError) -> Shape {
    if let shape = inputs[name] { return shape }
    if Self.predefined[name] != nil { return [] }
    let message: String
    if let operation = operations[name] {
      message = "'\(name)' is an operation: \(operation.signature)"
    } else {
      let known = Array(inputs.keys) + boundNames + Array(Self.predefined.keys)
      message = "nothing is called \(quotedName(name))" + NearestName.hint(name, among: known)
    }
    throw ExpressionError(text: text, position: position, message: message)
  }

  /// The outlines of a step's results; of operands without a disagreement.
  private func outlines(
    of step: ExpressionStep, _ operands: [Outline<Double>?]
  ) throws(ExpressionError) -> [Outline<Double>] {
    let shapes = operands.map { $0?.shape }
    let outlines: [Outline<Double>]
    do throws(NumericalError) {
      try step.check(shapes.compactMap { $0 })
      outlines = try step.results(of: operands)
      for outline in outlines {
        if let failure = outline.failure { throw failure }
        guard outline.shape.rank <= Self.rankLimit else {
          throw .shape("a result of more than \(Self.rankLimit) axes")
        }
      }
    } catch {
      throw ExpressionError(
        text: text, position: step.position, message: step.message(error, of: shapes))
    }
    return outlines
  }
}

extension ExpressionStep {
  /// Refuses operands for which the value itself would trap.
  fileprivate func check(_ shapes: [Shape]) throws(NumericalError) {
    switch action {
    case .arithmetic(let op):
      guard try shapes[0].checkedBroadcast(with: shapes[1]) != nil else {
        throw .shape("\(shapes[0]) \(op.rawValue) \(shapes[1]): the shapes do not fit")
      }
    case .matrixProduct: try checkProduct(shapes[0], shapes[1])
    case .matrixTranspose:
      guard shapes[0].rank > 1 else {
        throw .shape("the matrix transpose of \(shapes[0]), which is no matrix; .T is what it is")
      }
    case .input, .constant, .negative, .transpose, .index, .call: break
    }
  }

  private func checkProduct(_ left: Shape, _ right: Shape) throws(NumericalError) {
    guard left.rank > 0, right.rank > 0 else {
      throw .shape("\(left) @ \(right): a product with a scalar is written with *")
    }
    let (p, q) = (left[left.rank - 1], right[max(0, right.rank - 2)])
    guard p == q else { throw .shape("\(left) @ \(right): the inner sizes are \(p) and \(q)") }
    let batches = [left, right].map { Shape(Array($0.dimensions.dropLast(2))) }
    guard let batch = try batches[0].checkedBroadcast(with: batches[1]) else {
      throw .shape("\(left) @ \(right): the shapes before the matrices do not fit")
    }
    let sizes = batch.dimensions + left.dimensions.suffix(2) + right.dimensions.suffix(1)
    _ = try Shape(checking: sizes)
  }

  /// What is wrong with operands of some shapes.
  fileprivate func message(_ error: NumericalError, of shapes: [Shape?]) -> String {
    let reason =
      switch error {
      case .shape(let text), .tooLarge(let text): text
      default: "\(error)"
      }
    // Some operations name themselves and the shapes.
    guard case .call(let operation, _) = action, !reason.hasPrefix(operation.name + " of ") else {
      return reason
    }
    let operands = shapes.map { $0?.description ?? "None" }
    return "\(operation.name)(\(operands.joined(separator: ", "))): \(reason)"
  }
}

extension Shape {
  /// The product of the sizes other than 0.
  fileprivate var extent: Int { count > 0 ? count : dimensions.reduce(1) { $0 * max(1, $1) } }

  /// `broadcast(with:)` for shapes whose common shape may have more elements than can be counted.
  fileprivate func checkedBroadcast(with other: Shape) throws(NumericalError) -> Shape? {
    let rank = max(rank, other.rank)
    let sizes = (0..<rank).map { axis in
      max(self.size(axis, of: rank), other.size(axis, of: rank))
    }
    // A size of 0 makes the common one smaller, never larger.
    _ = try Shape(checking: sizes)
    return broadcast(with: other)
  }

  /// The size on an axis of a shape of a rank that this one is aligned in at the right.
  private func size(_ axis: Int, of rank: Int) -> Int {
    let place = axis + self.rank - rank
    return place < 0 ? 1 : self[place]
  }
}
