import Gradients
import Tensors

/// The matrices [out, in] and biases [out] of multi-head attention.
struct MultiHeadParameters<V> {
  /// Wq, Wk, Wv and Wo.
  let weights: [V]
  /// bq, bk, bv and bo; nil where there is none.
  let biases: [V?]
}

/// Multi-head attention of a sequence with itself: its sizes, checked.
struct MultiHead: Sendable {
  private let attention: Attention
  private let heads: Int
  private let keyHeads: Int

  /// - Parameters:
  ///   - x: [B, T, D].
  ///   - keyHeads: nil for as many as Wk has room for.
  /// - Throws: `NumericalError.shape` for operands that do not fit.
  init(
    _ x: Shape, _ parameters: MultiHeadParameters<Shape>, heads: Int, keyHeads: Int?,
    isCausal: Bool
  ) throws(NumericalError) {
    let weights = parameters.weights
    guard x.rank == 3, x.count > 0, weights.allSatisfy({ $0.rank == 2 && $0.count > 0 }),
      weights[..<3].allSatisfy({ $0[1] == x[2] }), heads > 0, weights[0][0] % heads == 0
    else { throw Self.misfit(x, weights, heads, keyHeads) }
    let width = weights[0][0] / heads
    let shared = keyHeads ?? weights[1][0] / width
    guard shared > 0, heads % shared == 0, weights[1][0] == shared * width,
      weights[2][0] % shared == 0, weights[3][1] == heads * (weights[2][0] / shared)
    else { throw Self.misfit(x, weights, heads, keyHeads) }
    for (bias, weight) in zip(parameters.biases, weights) {
      if let bias, bias != [weight[0]] {
        throw .shape("multi-head attention with a bias of \(bias) for weights of \(weight)")
      }
    }
    (self.heads, self.keyHeads) = (heads, shared)
    attention = try Attention(
      queries: [x[0], heads, x[1], width], keys: [x[0], shared, x[1], width],
      values: [x[0], shared, x[1], weights[2][0] / shared], isCausal: isCausal)
  }

  private static func misfit(
    _ x: Shape, _ weights: [Shape], _ heads: Int, _ keyHeads: Int?
  ) -> NumericalError {
    let shared = keyHeads.map { " and \($0) of keys" } ?? ""
    return .shape(
      "multi-head attention of \(x) by Wq \(weights[0]), Wk \(weights[1]), Wv \(weights[2]) and"
        + " Wo \(weights[3]) with \(heads) heads\(shared): x [B, T, D], Wq [H·d, D], Wk [Hkv·d, D],"
        + " Wv [Hkv·dv, D] and Wo [out, H·dv] fit")
  }

  /// The result by the formula: softmax(QKᵀ/√d)·V of every head, side by side, times Woᵀ.
  func defined<V: TensorValue>(
    _ x: V, _ parameters: MultiHeadParameters<V>
  ) throws(NumericalError) -> V {
    let (w, b) = (parameters.weights, parameters.biases)
    let q = Self.split(x.dense(w[0], b[0]), heads)
    let k = Self.split(x.dense(w[1], b[1]), keyHeads)
    let v = Self.split(x.dense(w[2], b[2]), keyHeads)
    return Self.merged(try attention.defined(q, k, v, nil)).dense(w[3], b[3])
  }

  /// The result by the kernels.
  func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ parameters: MultiHeadParameters<Tensor<Element>>
  ) throws(NumericalError) -> MultiHeadPass<Element> {
    let (w, b) = (parameters.weights, parameters.biases)
    let inputs = (0..<3).map { DensePass(x, w[$0], b[$0]) }
    let q = Self.split(inputs[0].result, heads)
    let k = Self.split(inputs[1].result, keyHeads)
    let v = Self.split(inputs[2].result, keyHeads)
    let forward = try attention.forward(q, k, v)
    return MultiHeadPass(
      attention: attention, inputs: inputs, operands: [q, k, v], forward: forward,
      output: DensePass(Self.merged(forward.output), w[3], b[3]))
  }

  /// [B, T, H·d] as [B, H, T, d].
  fileprivate static func split<V: TensorValue>(_ x: V, _ heads: Int) -> V {
    x.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// [B, H, T, d] as [B, T, H·d].
  fileprivate static func merged<V: TensorValue>(_ x: V) -> V {
    x.permuted([0, 2, 1, 3]).reshaped([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
  }
}

/// What multi-head attention gave, with what the way back needs.
struct MultiHeadPass<Element: Scalar> {
  fileprivate let attention: Attention
  fileprivate let inputs: [DensePass<Element>]
  fileprivate let operands: [Tensor<Element>]
  fileprivate let forward: (output: Tensor<Element>, logSumExp: Tensor<Element>)
  fileprivate let output: DensePass<Element>

  var result: Tensor<Element> { output.result }

  /// The adjoints of x, of the weights and of the biases.
  func pulled(
    _ adjoint: Tensor<Element>
  ) throws(NumericalError) -> (
    x: Tensor<Element>?, weights: [Tensor<Element>?], biases: [Tensor<Element>?]
  ) {
    let last = output.pulled(adjoint)
    guard let merged = last.x else { preconditionFailure("the adjoint was asked for") }
    let split = MultiHead.split(merged, attention.heads)
    let pulled = try attention.backward(
      split, operands[0], operands[1], operands[2], forward: forward)
    let parts = zip(inputs, [pulled.queries, pulled.keys, pulled.values]).map {
      $0.pulled(MultiHead.merged($1))
    }
    let x = parts.dropFirst().reduce(parts[0].x) { sum, part in
      sum.flatMap { sum in part.x.map { sum + $0 } }
    }
    return (
      x, parts.map { $0.weights } + [last.weights], parts.map { $0.bias } + [last.bias]
    )
  }
}
