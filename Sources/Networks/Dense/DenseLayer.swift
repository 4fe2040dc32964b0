public import Gradients
public import Tensors

/// y = f(z), z = x·Wᵀ + b over the last axis.
///
/// Backward: z̄ = f′(z) ⊙ ȳ, x̄ = z̄·W, W̄ = z̄ᵀ·x, b̄ = Σ z̄ over the rows.
public struct DenseLayer: Layer {
  public let name = "dense"
  public let summary = "activation(x Wᵀ + b) over the last axis of x; W is [out, in], b [out]"
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("W"), .optional("b"),
    .attribute("activation", .text(Activation.allCases.map(\.rawValue)), default: .text("none")),
  ]
  public let samples =
    [OperationSample([SampleOperand([5, 3]), SampleOperand([4, 3]), SampleOperand([4])])]
    + Activation.allCases.map { activation in
      OperationSample(
        [SampleOperand([2, 3, 4]), SampleOperand([3, 4]), SampleOperand([3])],
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
    let (x, weights, bias) = (arguments[0], arguments[1], arguments.operands[2])
    try check(x.shape, weights.shape, bias?.shape)
    return [x.dense(weights, bias, activation(arguments))]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let (x, weights, bias) = (arguments[0], arguments[1], arguments.operands[2])
    try check(x.shape, weights.shape, bias?.shape)
    let pass = DensePass(x, weights, bias, activation(arguments))
    guard recording else { return LayerPass([pass.result], pullback: nil) }
    return LayerPass([pass.result]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return [nil, nil, nil] }
      let pulled = pass.pulled(adjoint, needed: needed)
      return [pulled.x, pulled.weights, pulled.bias]
    }
  }

  private func activation<V>(_ arguments: OperationArguments<V>) -> Activation {
    Activation(rawValue: arguments.text("activation")) ?? .none
  }

  private func check(_ x: Shape, _ weights: Shape, _ bias: Shape?) throws(NumericalError) {
    guard x.rank > 0, weights.rank == 2, x[x.rank - 1] == weights[1],
      bias.map({ $0 == [weights[0]] }) ?? true
    else {
      let others = bias.map { " and \($0)" } ?? ""
      throw .shape("dense of \(x) by \(weights)\(others): x […, in], W [out, in] and b [out] fit")
    }
  }
}
