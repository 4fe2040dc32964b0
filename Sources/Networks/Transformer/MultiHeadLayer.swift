public import Gradients
public import Tensors

/// Multi-head attention of a sequence with itself (Vaswani et al. 2017).
public struct MultiHeadLayer: Layer {
  public let name = "multihead_attention"
  public let summary =
    "heads of softmax(QKᵀ/√d) V side by side, times Woᵀ; Q = x Wqᵀ + bq, K and V likewise; x [B, T,"
    + " D], weights [out, in], kv_heads as many as Wk has room for"
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("Wq"), .operand("Wk"), .operand("Wv"), .operand("Wo"), .optional("bq"),
    .optional("bk"), .optional("bv"), .optional("bo"),
    .attribute("heads", .integer, default: .integers([1])),
    .attribute("kv_heads", .integer, default: AttributeValue.none),
    .attribute("causal", .boolean, default: .boolean(false)),
  ]
  public let samples = [
    OperationSample([[1, 3, 2], [2, 2], [2, 2], [2, 2], [2, 2]].map { SampleOperand($0) }),
    OperationSample(
      [[2, 5, 3], [4, 3], [2, 3], [3, 3], [3, 6], [4]].map { SampleOperand($0) }
        + [keyBias(2)] + [[3], [3]].map { SampleOperand($0) },
      ["heads": .integers([2]), "kv_heads": .integers([1]), "causal": .boolean(true)]),
    OperationSample(
      [[1, 4, 2], [6, 2], [6, 2], [3, 2], [1, 3], [6]].map { SampleOperand($0) },
      ["heads": .integers([3])]),
  ]

  /// A bias of keys adds the same to all scores of a query and so changes nothing: its derivative is
  /// zero, and differences of a function that does not change decide nothing. Hence a constant.
  static func keyBias(_ width: Int) -> SampleOperand {
    SampleOperand([width], .indices(below: 3))
  }

  public init() {}

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    [try multiHead(arguments).defined(arguments[0], Self.parameters(of: arguments))]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let pass = try multiHead(arguments).forward(
      arguments[0], Self.parameters(of: arguments))
    guard recording else { return LayerPass([pass.result], pullback: nil) }
    return LayerPass([pass.result]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return needed.map { _ in nil } }
      let pulled = try pass.pulled(adjoint)
      return [pulled.x] + pulled.weights + pulled.biases
    }
  }

  private func multiHead<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> MultiHead {
    let parameters = Self.parameters(of: arguments)
    return try MultiHead(
      arguments[0].shape,
      MultiHeadParameters(
        weights: parameters.weights.map { $0.shape }, biases: parameters.biases.map { $0?.shape }),
      heads: arguments.integer("heads"), keyHeads: arguments.optionalInteger("kv_heads"),
      isCausal: arguments.boolean("causal"))
  }

  private static func parameters<V: TensorValue>(
    of arguments: OperationArguments<V>
  ) -> MultiHeadParameters<V> {
    MultiHeadParameters(
      weights: (1..<5).map { arguments[$0] }, biases: Array(arguments.operands[5..<9]))
  }
}
