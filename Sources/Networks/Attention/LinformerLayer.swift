public import Gradients
public import Tensors

/// softmax(Q(EK)ᵀ/√d)·FV over heads, as `Linformer` has it.
public struct LinformerLayer: Layer {
  public let name = "linformer"
  public let summary =
    "softmax(Q (E K)ᵀ/√d) F V; Q [B, H, Tq, d], K [B, Hkv, Tk, d], V [B, Hkv, Tk, dv], E and F [r,"
    + " Tk]"
  public let parameters: [OperationParameter] = [
    .operand("Q"), .operand("K"), .operand("V"), .operand("E"), .operand("F"),
  ]
  public let samples = [
    OperationSample([[3, 2], [4, 2], [4, 3], [2, 4], [2, 4]].map { SampleOperand($0) }),
    OperationSample(
      [[2, 2, 5, 2], [2, 1, 3, 2], [2, 1, 3, 1], [1, 3], [1, 3]].map { SampleOperand($0) }),
  ]

  public init() {}

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let attention = try linformer(arguments).attention
    let (k, v) = (arguments[1], arguments[2])
    return [
      try attention.defined(
        arguments[0], arguments[3].matrixProduct(k), arguments[4].matrixProduct(v), nil)
    ]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let linformer = try linformer(arguments)
    let (q, k, v) = (arguments[0], arguments[1], arguments[2])
    let (e, f) = (arguments[3], arguments[4])
    let forward = try linformer.forward(q, k, v, e, f)
    guard recording else { return LayerPass([forward.output], pullback: nil) }
    return LayerPass([forward.output]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return needed.map { _ in nil } }
      return try linformer.backward(adjoint, q, k, v, e, f, forward: forward, needed: needed)
    }
  }

  private func linformer<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> Linformer {
    let (q, k, v) = (arguments[0].shape, arguments[1].shape, arguments[2].shape)
    let (e, f) = (arguments[3].shape, arguments[4].shape)
    guard (2...4).contains(k.rank), (2...4).contains(v.rank), e.rank == 2, f == e, e[0] > 0,
      e[1] == k[k.rank - 2], v[v.rank - 2] == e[1]
    else {
      throw .shape("linformer of K \(k) and V \(v) by E \(e) and F \(f): E and F are [r, Tk]")
    }
    return try Linformer(queries: q, keys: k, values: v, rank: e[0])
  }
}
