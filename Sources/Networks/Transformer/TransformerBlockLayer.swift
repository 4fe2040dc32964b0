public import Gradients
public import Tensors

/// Attention and a feed-forward net with layer normalisation and ways around them.
public struct TransformerBlockLayer: Layer {
  public let name = "transformer_block"
  public let summary =
    "norm='pre': x' = x + MHA(LN1 x), x' + FF(LN2 x'); 'post': x' = LN1(x + MHA x), LN2(x' + FF x');"
    + " LN by g and h, the rest as multihead_attention and feed_forward"
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("Wq"), .operand("Wk"), .operand("Wv"), .operand("Wo"), .operand("g1"),
    .operand("h1"), .operand("W1"), .operand("b1"), .operand("W2"), .operand("b2"), .operand("g2"),
    .operand("h2"), .optional("bq"), .optional("bk"), .optional("bv"), .optional("bo"),
    .attribute("heads", .integer, default: .integers([1])),
    .attribute("kv_heads", .integer, default: AttributeValue.none),
    .attribute("norm", .text(["pre", "post"]), default: .text("pre")),
    .attribute("causal", .boolean, default: .boolean(false)),
    .attribute("activation", .text(Activation.allCases.map(\.rawValue)), default: .text("relu")),
    .attribute("eps", .number, default: .number(1e-5)),
  ]
  public let samples = [
    sample(batch: 1, length: 3, width: 4, hidden: 3, ["heads": .integers([2])]),
    sample(
      batch: 2, length: 2, width: 4, hidden: 5, keyWidth: 2, biases: true,
      [
        "heads": .integers([2]), "kv_heads": .integers([1]), "norm": .text("post"),
        "causal": .boolean(true), "activation": .text("gelu"), "eps": .number(1e-3),
      ]),
  ]

  public init() {}

  private static func sample(
    batch: Int, length: Int, width: Int, hidden: Int, keyWidth: Int? = nil, biases: Bool = false,
    _ attributes: [String: AttributeValue]
  ) -> OperationSample {
    let keys = keyWidth ?? width
    let shapes: [Shape] = [
      [batch, length, width], [width, width], [keys, width], [keys, width], [width, width],
      [width], [width], [hidden, width], [hidden], [width, hidden], [width], [width], [width],
    ]
    let operands = shapes.map { SampleOperand($0) }
    let more = [
      SampleOperand([width]), MultiHeadLayer.keyBias(keys), SampleOperand([keys]),
      SampleOperand([width]),
    ]
    return OperationSample(operands + (biases ? more : []), attributes)
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let block = try block(arguments)
    return [try block.defined(arguments[0], Self.parameters(of: arguments))]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let pass = try block(arguments).forward(arguments[0], Self.parameters(of: arguments))
    guard recording else { return LayerPass([pass.result], pullback: nil) }
    return LayerPass([pass.result]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return needed.map { _ in nil } }
      let pulled = try pass.pulled(adjoint)
      return [pulled.x] + pulled.weights + pulled.firstNorm + pulled.feedForward
        + pulled.secondNorm + pulled.biases
    }
  }

  private func block<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> TransformerBlock {
    let x = arguments[0].shape
    let parameters = Self.parameters(of: arguments)
    let (weights, biases) = (parameters.attention.weights, parameters.attention.biases)
    let multiHead = try MultiHead(
      x, MultiHeadParameters(weights: weights.map { $0.shape }, biases: biases.map { $0?.shape }),
      heads: arguments.integer("heads"), keyHeads: arguments.optionalInteger("kv_heads"),
      isCausal: arguments.boolean("causal"))
    for norm in [parameters.firstNorm, parameters.secondNorm] {
      try LayerNormLayer.check(x, norm.scale.shape, norm.shift.shape)
    }
    let net = parameters.feedForward.shapes
    try net.check(x)
    guard weights[3].shape[0] == x[2], net.second[0] == x[2] else {
      throw .shape(
        "transformer_block of \(x) with Wo \(weights[3].shape) and W2 \(net.second): the results"
          + " of both are added to x [B, T, D]")
    }
    return TransformerBlock(
      multiHead: multiHead, isNormalizedBefore: arguments.text("norm") == "pre",
      activation: Activation(rawValue: arguments.text("activation")) ?? .relu,
      epsilon: arguments.number("eps"))
  }

  private static func parameters<V: TensorValue>(
    of arguments: OperationArguments<V>
  ) -> TransformerBlock.Parameters<V> {
    TransformerBlock.Parameters(
      attention: MultiHeadParameters(
        weights: (1..<5).map { arguments[$0] }, biases: Array(arguments.operands[13..<17])),
      firstNorm: (arguments[5], arguments[6]),
      feedForward: FeedForwardParameters((7..<11).map { arguments[$0] }),
      secondNorm: (arguments[11], arguments[12]))
  }
}
