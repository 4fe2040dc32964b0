public import Gradients
public import Tensors

/// y, h = gru(x, h0, W, b), from the first step to the last
///
///     r, z = σ([x_t, h]·Wᵀ + b),   h' = (1 − z)⊙n + z⊙h
///
/// (Cho et al. 2014, arXiv:1406.1078) in PyTorch's order of gates r, z, n: x [B, T, I], h0 [B, H],
/// W [3H, I + H] with the input's columns first; y [B, T, H], h [B, H] of the last step. The reset gate:
///
/// - `after` the product, as PyTorch and cuDNN: n = tanh(x_t·W_nxᵀ + b_nx + r⊙(h·W_nhᵀ + b_nh)). What r
///   multiplies needs its own bias, so that b is [4H]: r, z, n's input part, n's recurrent part;
/// - `before` it, as the paper: n = tanh(x_t·W_nxᵀ + (r⊙h)·W_nhᵀ + b_n), and b is [3H].
///
/// Backward through time: z̄ = h̄'⊙(h − n), s̄ = h̄'⊙(1 − z)⊙(1 − n²) for n's sum, h̄ = h̄'⊙z + what
/// comes through the gates; after: r̄ = s̄⊙(h·W_nhᵀ + b_nh), s̄⊙r goes on to h; before: with u = s̄·W_nh,
/// r̄ = u⊙h, u⊙r goes on to h.
public struct GRULayer: Layer {
  public let name = "gru"
  public let summary =
    "y, h = gru(x, h0, W, b): x [B,T,I], h0 [B,H], W [3H, I+H] of gates r, z, n; b [4H], before: [3H]"
  public let results = ["y", "h"]
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("h0"), .operand("W"), .operand("b"),
    .attribute("reset", .text(["after", "before"]), default: .text("after")),
    RecurrentAlgorithm.parameter,
  ]
  public let samples = ["after", "before"].flatMap { reset in
    RecurrentAlgorithm.allCases.flatMap { algorithm in
      [(1, 1, 1, 1), (2, 3, 1, 2), (1, 2, 3, 1)].map { batch, steps, inputs, units in
        OperationSample(
          [
            SampleOperand([batch, steps, inputs]), SampleOperand([batch, units]),
            SampleOperand([3 * units, inputs + units]),
            SampleOperand([(reset == "after" ? 4 : 3) * units]),
          ], ["reset": .text(reset), "algorithm": .text(algorithm.rawValue)])
      }
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
      arguments.text("reset") == "before" ? .gruResetBefore : .gru, x: arguments[0],
      h: arguments[1], c: nil, weights: arguments[2], bias: arguments[3])
  }
}
