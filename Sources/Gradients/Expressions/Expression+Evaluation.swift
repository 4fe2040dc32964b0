public import Tensors

extension Expression {
  /// The results for some inputs.
  ///
  /// - Parameter inputs: a value for every free name, of shapes that `outline` accepts; others trap.
  /// - Throws: `NumericalError` where an operation has no value.
  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ inputs: [String: V]
  ) throws(NumericalError) -> [V] {
    try evaluated(inputs) { (_, _, _) throws(NumericalError) in }
  }

  /// The results, with a look at every step: its operands and its results.
  func evaluated<V: TensorValue>(
    _ inputs: [String: V],
    visiting visit: (ExpressionStep, [V?], [V]) throws(NumericalError) -> Void
  ) throws(NumericalError) -> [V] {
    var slots = [V?](repeating: nil, count: slotCount)
    for step in steps {
      if case .input(let name) = step.action {
        guard let value = inputs[name] ?? Self.predefined[name].map({ V($0) }) else {
          preconditionFailure("no value for '\(name)'")
        }
        slots[step.first] = value
        try visit(step, [], [value])
      } else {
        let operands = step.operands.map { $0.flatMap { slots[$0] } }
        let values = try step.results(of: operands)
        precondition(values.count == step.count, "\(values.count) results for \(step.count)")
        for (offset, value) in values.enumerated() { slots[step.first + offset] = value }
        try visit(step, operands, values)
      }
      for slot in step.lastUses { slots[slot] = nil }
    }
    return results.map { slot in
      guard let value = slots[slot] else { preconditionFailure("the result \(slot) is missing") }
      return value
    }
  }
}
