public import Gradients
public import Tensors

/// g·(x − mean)/√(variance + ε) + b over the last axis (Ba, Kiros & Hinton 2016), biased variance.
public struct LayerNormLayer: Layer {
  public let name = "layernorm"
  public let summary =
    "g (x − mean)/√(variance + eps) + b over the last axis of x; g and b have its size"
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("g"), .operand("b"),
    .attribute("eps", .number, default: .number(1e-5)),
  ]
  public let samples = [
    OperationSample([SampleOperand([3, 5]), SampleOperand([5]), SampleOperand([5])]),
    OperationSample(
      [SampleOperand([2, 1, 4]), SampleOperand([4]), SampleOperand([4])], ["eps": .number(0.1)]),
    OperationSample([SampleOperand([3]), SampleOperand([3]), SampleOperand([3])]),
  ]

  public init() {}

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    try Self.check(arguments[0].shape, arguments[1].shape, arguments[2].shape)
    return [
      arguments[0].layerNorm(arguments[1], arguments[2], epsilon: arguments.number("eps"))
    ]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    try Self.check(arguments[0].shape, arguments[1].shape, arguments[2].shape)
    let pass = LayerNormPass(
      arguments[0], arguments[1], arguments[2], epsilon: Element(arguments.number("eps")))
    guard recording else { return LayerPass([pass.result], pullback: nil) }
    return LayerPass([pass.result]) { (adjoints, _) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return [nil, nil, nil] }
      let pulled = pass.pulled(adjoint)
      return [pulled.x, pulled.scale, pulled.shift]
    }
  }

  /// - Throws: `NumericalError.shape` for operands that do not fit, or of no elements.
  static func check(_ x: Shape, _ scale: Shape, _ shift: Shape) throws(NumericalError) {
    guard x.rank > 0, x.count > 0, scale == [x[x.rank - 1]], shift == scale else {
      throw .shape("layernorm of \(x) by \(scale) and \(shift): x […, n], g [n] and b [n] fit")
    }
  }
}
