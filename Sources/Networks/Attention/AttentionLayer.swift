public import Gradients
public import Tensors

/// softmax(scale·Q·Kᵀ + mask)·V over heads, as `Attention` has it.
public struct AttentionLayer: Layer {
  public let name = "attention"
  public let summary =
    "softmax(scale Q Kᵀ + mask) V; Q [B, H, Tq, d], K [B, Hkv, Tk, d], V [B, Hkv, Tk, dv], scale"
    + " 1/√d; causal: query i sees keys up to i + Tk − Tq"
  public let parameters: [OperationParameter] = [
    .operand("Q"), .operand("K"), .operand("V"), .optional("mask"),
    .attribute("causal", .boolean, default: .boolean(false)),
    .attribute(
      "algorithm", .text(AttentionAlgorithm.allCases.map(\.rawValue)), default: .text("auto")),
    .attribute("scale", .number, default: AttributeValue.none),
  ]
  public let samples = [
    sample([3, 2], [4, 2], [4, 3]),
    sample([5, 3], [5, 3], [5, 2], ["causal": .boolean(true), "algorithm": .text("flash")]),
    sample([4, 5, 2], [2, 3, 2], [2, 3, 2], mask: [5, 3], ["algorithm": .text("naive")]),
    sample(
      [2, 2, 2, 3], [2, 1, 4, 3], [2, 1, 4, 1], mask: [2, 1, 1, 4],
      ["algorithm": .text("flash"), "scale": .number(0.7)]),
    sample(
      [1, 3, 5, 2], [1, 3, 3, 2], [1, 3, 3, 2],
      ["causal": .boolean(true), "algorithm": .text("flash")]),
    sample([1, 2, 1, 2], [1, 2, 3, 2], [1, 2, 3, 2], ["causal": .boolean(true)]),
  ]

  public init() {}

  private static func sample(
    _ q: Shape, _ k: Shape, _ v: Shape, mask: Shape? = nil,
    _ attributes: [String: AttributeValue] = [:]
  ) -> OperationSample {
    OperationSample(([q, k, v] + (mask.map { [$0] } ?? [])).map { SampleOperand($0) }, attributes)
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let attention = try attention(arguments)
    return [
      try attention.defined(arguments[0], arguments[1], arguments[2], arguments.operands[3])
    ]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let attention = try attention(arguments)
    let algorithm = AttentionAlgorithm(rawValue: arguments.text("algorithm")) ?? .auto
    let (q, k, v, mask) = (arguments[0], arguments[1], arguments[2], arguments.operands[3])
    let forward = try attention.forward(q, k, v, mask: mask, algorithm: algorithm)
    guard recording else { return LayerPass([forward.output], pullback: nil) }
    return LayerPass([forward.output]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return [nil, nil, nil, nil] }
      let pulled = try attention.backward(
        adjoint, q, k, v, mask: mask, forward: forward, maskNeeded: needed[3],
        algorithm: algorithm)
      return [pulled.queries, pulled.keys, pulled.values, pulled.mask]
    }
  }

  private func attention<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> Attention {
    try Attention(
      queries: arguments[0].shape, keys: arguments[1].shape, values: arguments[2].shape,
      mask: arguments.operands[3]?.shape, isCausal: arguments.boolean("causal"),
      scale: arguments.optionalNumber("scale"))
  }
}
