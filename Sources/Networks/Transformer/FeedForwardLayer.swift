public import Gradients
public import Tensors

/// f(x·W1ᵀ + b1)·W2ᵀ + b2 over the last axis: the part of a transformer that treats each place alone.
public struct FeedForwardLayer: Layer {
  public let name = "feed_forward"
  public let summary =
    "activation(x W1ᵀ + b1) W2ᵀ + b2 over the last axis of x; W1 [hidden, in], W2 [out, hidden]"
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("W1"), .operand("b1"), .operand("W2"), .operand("b2"),
    .attribute("activation", .text(Activation.allCases.map(\.rawValue)), default: .text("relu")),
  ]
  public let samples = Activation.allCases.map { activation in
    OperationSample(
      (activation == .tanh
        ? [[3], [2, 3], [2], [1, 2], [1]] : [[2, 3, 2], [5, 2], [5], [3, 5], [3]])
        .map { SampleOperand($0) },
      ["activation": .text(activation.rawValue)])
  }

  public init() {}

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let parameters = FeedForwardParameters((1..<5).map { arguments[$0] })
    try parameters.shapes.check(arguments[0].shape)
    return [parameters.defined(arguments[0], activation(arguments))]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let parameters = FeedForwardParameters((1..<5).map { arguments[$0] })
    try parameters.shapes.check(arguments[0].shape)
    let pass = FeedForwardPass(arguments[0], parameters, activation(arguments))
    guard recording else { return LayerPass([pass.result], pullback: nil) }
    return LayerPass([pass.result]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return needed.map { _ in nil } }
      let pulled = pass.pulled(adjoint)
      return [pulled.x] + pulled.parameters
    }
  }

  private func activation<V>(_ arguments: OperationArguments<V>) -> Activation {
    Activation(rawValue: arguments.text("activation")) ?? .relu
  }
}
