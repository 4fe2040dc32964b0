public import Gradients
public import Tensors

/// y, h, c = lstm(x, h0, c0, W, b), from the first step to the last
///
///     i, f, g, o = σ, σ, tanh, σ of [x_t, h]·Wᵀ + b,   c' = f⊙c + i⊙g,   h' = o⊙tanh c'
///
/// (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000), in PyTorch's order of gates: x
/// [B, T, I], h0 and c0 [B, H], W [4H, I + H] with the input's columns first, b [4H], which is
/// PyTorch's b_ih + b_hh; y [B, T, H], h and c [B, H] of the last step.
///
/// Backward through time: ō = h̄⊙tanh c', c̄' += h̄⊙o⊙(1 − tanh² c'), ī = c̄'⊙g, f̄ = c̄'⊙c, ḡ = c̄'⊙i,
/// c̄ = c̄'⊙f; with s̄ the adjoints times the gates' slopes [x̄_t, h̄] = s̄·W, W̄ = Σ s̄ᵀ·[x_t, h], b̄ = Σ s̄.
public struct LSTMLayer: Layer {
  public let name = "lstm"
  public let summary =
    "y, h, c = lstm(x, h0, c0, W, b): x [B,T,I], states [B,H], W [4H, I+H] of gates i, f, g, o"
  public let results = ["y", "h", "c"]
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("h0"), .operand("c0"), .operand("W"), .operand("b"),
    RecurrentAlgorithm.parameter,
  ]
  public let samples = RecurrentAlgorithm.allCases.flatMap { algorithm in
    [(1, 1, 1, 1), (2, 3, 1, 2), (1, 2, 3, 1)].map { batch, steps, inputs, units in
      OperationSample(
        [
          SampleOperand([batch, steps, inputs]), SampleOperand([batch, units]),
          SampleOperand([batch, units]), SampleOperand([4 * units, inputs + units]),
          SampleOperand([4 * units]),
        ], ["algorithm": .text(algorithm.rawValue)])
    }
  }

  public init() {}

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    try operands(arguments).evaluated()
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let pass = RecurrentPass(
      try operands(arguments), RecurrentAlgorithm(of: arguments), recording: recording)
    return pass.layerPass(recording: recording)
  }

  private func operands<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> RecurrentOperands<V> {
    try RecurrentOperands(
      .lstm, x: arguments[0], h: arguments[1], c: arguments[2], weights: arguments[3],
      bias: arguments[4])
  }
}

extension RecurrentAlgorithm {
  static let parameter = OperationParameter.attribute(
    "algorithm", .text(allCases.map(\.rawValue)), default: .text(fused.rawValue))

  init<V>(of arguments: OperationArguments<V>) {
    self = RecurrentAlgorithm(rawValue: arguments.text("algorithm")) ?? .fused
  }
}

extension RecurrentPass {
  /// The results and the way back as expressions want them.
  func layerPass(recording: Bool) -> LayerPass<Tensor<Element>> {
    let results = [outputs, h] + (c.map { [$0] } ?? [])
    guard recording else { return LayerPass(results, pullback: nil) }
    return LayerPass(results) { (adjoints, needed) throws(NumericalError) in
      pulled(
        output: adjoints[0], h: adjoints[1], c: adjoints.count > 2 ? adjoints[2] : nil,
        needed: needed)
    }
  }
}
