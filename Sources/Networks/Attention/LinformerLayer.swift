public import Gradients
public import Tensors

/// Attention to r combinations of keys instead of all (Wang et al. 2020, "Linformer"):
/// softmax(Q(EK)ᵀ/√d)·FV.
///
/// Backward: with K̄′ and V̄′ by attention, K̄ = EᵀK̄′, Ē = Σ K̄′Kᵀ over the heads; V and F likewise.
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

  /// Means of r blocks of neighbours, as equal as they can be: what E and F may start from.
  ///
  /// - Returns: [rank, length], rows of sum 1.
  public static func blockMeans<Element: Scalar>(
    rank: Int, length: Int, as type: Element.Type
  ) -> Tensor<Element> {
    precondition(rank > 0 && rank <= length, "\(rank) blocks of \(length) places")
    var result = Tensor<Element>.zeros([rank, length])
    result.withUnsafeMutableElements { result in
      for row in 0..<rank {
        let block = length * row / rank..<length * (row + 1) / rank
        for place in block { result[row * length + place] = 1 / Element(block.count) }
      }
    }
    return result
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let attention = try attention(arguments)
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
    let attention = try attention(arguments)
    let (q, k, v) = (arguments[0], arguments[1], arguments[2])
    let (e, f) = (arguments[3], arguments[4])
    let (keys, values) = (k.mixed(by: e), v.mixed(by: f))
    let forward = try attention.forward(q, keys, values)
    guard recording else { return LayerPass([forward.output], pullback: nil) }
    return LayerPass([forward.output]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return needed.map { _ in nil } }
      let pulled = try attention.backward(adjoint, q, keys, values, forward: forward)
      return [
        pulled.queries,
        needed[1] ? pulled.keys.mixed(by: e, transposed: true) : nil,
        needed[2] ? pulled.values.mixed(by: f, transposed: true) : nil,
        needed[3] ? pulled.keys.mixingProduct(k) : nil,
        needed[4] ? pulled.values.mixingProduct(v) : nil,
      ]
    }
  }

  private func attention<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> Attention {
    let (q, k, v) = (arguments[0].shape, arguments[1].shape, arguments[2].shape)
    let (e, f) = (arguments[3].shape, arguments[4].shape)
    guard (2...4).contains(k.rank), (2...4).contains(v.rank), e.rank == 2, f == e, e[0] > 0,
      e[1] == k[k.rank - 2], v[v.rank - 2] == e[1]
    else {
      throw .shape("linformer of K \(k) and V \(v) by E \(e) and F \(f): E and F are [r, Tk]")
    }
    return try Attention(queries: q, keys: k.with(rows: e[0]), values: v.with(rows: f[0]))
  }
}

extension Shape {
  /// The same with another size of the last axis but one.
  fileprivate func with(rows: Int) -> Shape {
    var sizes = dimensions
    sizes[rank - 2] = rows
    return Shape(sizes)
  }
}

extension Tensor {
  /// E·X or Eᵀ·X for every matrix X of the last two axes.
  fileprivate func mixed(by e: Tensor, transposed: Bool = false) -> Tensor {
    let (rows, width) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let result = transposed ? e.columns : e.rows
    let matrices = count / max(1, rows * width)
    let (lda, target) = (e.columns, shape.with(rows: result))
    return withUnsafeElements { x in
      e.withUnsafeElements { e in
        Tensor(uninitialized: target) { y in
          guard let x = x.baseAddress, let e = e.baseAddress, let y = y.baseAddress else { return }
          Parallel.forEachItem(matrices) { i in
            Element.gemm(
              transposeA: transposed, transposeB: false, m: result, n: width, k: rows, alpha: 1,
              a: e, lda: lda, b: x + i * rows * width, ldb: width, beta: 0,
              c: y + i * result * width, ldc: width)
          }
        }
      }
    }
  }

  /// Σ X·Yᵀ over the matrices of the last two axes of two tensors.
  fileprivate func mixingProduct(_ other: Tensor) -> Tensor {
    let (m, k, n) = (
      shape[shape.rank - 2], shape[shape.rank - 1], other.shape[other.shape.rank - 2]
    )
    var result = Tensor.zeros([m, n])
    withUnsafeElements { x in
      other.withUnsafeElements { y in
        result.withUnsafeMutableElements { target in
          guard let x = x.baseAddress, let y = y.baseAddress, let target = target.baseAddress
          else { return }
          for i in 0..<count / (m * k) {
            Element.gemm(
              transposeA: false, transposeB: true, m: m, n: n, k: k, alpha: 1, a: x + i * m * k,
              lda: k, b: y + i * n * k, ldb: k, beta: 1, c: target, ldc: n)
          }
        }
      }
    }
    return result
  }
}
