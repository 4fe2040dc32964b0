public import Tensors

/// A result of an expression as a function of some of its inputs, the others being constants.
public struct ExpressionFunction: TensorFunction, Sendable {
  /// The expression.
  public let expression: Expression
  /// The names of the inputs, in the order in which the function takes them.
  public let inputs: [String]
  private let constants: [String: Tensor<Double>]
  private let result: Int

  /// A function.
  ///
  /// - Parameters:
  ///   - inputs: the names that vary; some may not occur in the expression.
  ///   - constants: values for all other names, of the shapes that the expression was checked for.
  ///   - result: which of several results.
  public init(
    _ expression: Expression, of inputs: [String], constants: [String: Tensor<Double>] = [:],
    result: Int = 0
  ) {
    precondition(result < expression.resultCount, "no result \(result)")
    self.expression = expression
    self.inputs = inputs
    self.constants = constants
    self.result = result
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func callAsFunction<V: TensorValue>(_ values: [V]) throws(NumericalError) -> V {
    precondition(values.count == inputs.count, "\(values.count) values for \(inputs.count) inputs")
    var named = constants.mapValues { V(constant: $0.converted(to: V.Element.self)) }
    for (name, value) in zip(inputs, values) { named[name] = value }
    return try expression.evaluated(named)[result]
  }
}
