public import Tensors

/// Attention to r combinations of keys instead of all (Wang et al. 2020, "Linformer"):
/// softmax(Q(EK)ᵀ/√d)·FV.
///
/// Backward: with K̄′ and V̄′ by attention, K̄ = EᵀK̄′, Ē = Σ K̄′Kᵀ over the heads; V and F likewise.
public struct Linformer: Sendable {
  /// The attention to the combinations.
  public let attention: Attention
  /// The shape of E and F: [r, Tk].
  public let mixing: Shape
  private let keys: Shape
  private let values: Shape

  /// - Parameters:
  ///   - queries: Q [B, H, Tq, d], `keys`: K [B, Hkv, Tk, d], `values`: V [B, Hkv, Tk, dv].
  ///   - rank: r, from 1 up.
  /// - Throws: `NumericalError.shape` for operands that do not fit.
  public init(queries: Shape, keys: Shape, values: Shape, rank: Int) throws(NumericalError) {
    guard (2...4).contains(keys.rank), (2...4).contains(values.rank), rank > 0,
      values[values.rank - 2] == keys[keys.rank - 2]
    else { throw .shape("linformer of K \(keys) and V \(values) by \(rank) combinations") }
    (self.keys, self.values) = (keys, values)
    mixing = [rank, keys[keys.rank - 2]]
    attention = try Attention(
      queries: queries, keys: keys.with(rows: rank), values: values.with(rows: rank))
  }

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

  /// What the backward pass needs beside the operands.
  public struct Forward<Element: Scalar>: Sendable {
    /// [B, H, Tq, dv].
    public let output: Tensor<Element>
    let logSumExp: Tensor<Element>
    /// EK and FV.
    let keys, values: Tensor<Element>
  }

  /// - Parameters:
  ///   - q: queries, `k`: keys, `v`: values, `e` and `f`: combinations, of the shapes given.
  ///   - budget: is asked for `extraElements`.
  /// - Throws: `NumericalError.shape` for other shapes than given, `.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>, _ e: Tensor<Element>,
    _ f: Tensor<Element>, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> Forward<Element> {
    guard k.shape == self.keys, v.shape == self.values, e.shape == mixing, f.shape == mixing else {
      throw .shape(
        "K \(k.shape), V \(v.shape), E \(e.shape) and F \(f.shape) for a linformer of K "
          + "\(self.keys), V \(self.values), E and F \(mixing)")
    }
    let mixed = (attention.keys.count + attention.values.count) * MemoryLayout<Element>.stride
    try budget.reserve(mixed, for: "linformer's combinations")
    defer { budget.release(mixed) }
    let (keys, values) = (k.mixed(by: e), v.mixed(by: f))
    let forward = try attention.forward(q, keys, values, budget: budget)
    return Forward(
      output: forward.output, logSumExp: forward.logSumExp, keys: keys, values: values)
  }

  /// The adjoints of Q, K, V, E and F; nil where they are not needed.
  ///
  /// - Parameters:
  ///   - adjoint: that of the output.
  ///   - forward: what `forward` gave for the same operands.
  ///   - budget: is asked for `extraElements(backward: true)`.
  /// - Throws: `NumericalError.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func backward<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>,
    _ e: Tensor<Element>, _ f: Tensor<Element>, forward: Forward<Element>,
    needed: [Bool] = [true, true, true, true, true], budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> [Tensor<Element>?] {
    let mixed = (attention.keys.count + attention.values.count) * MemoryLayout<Element>.stride
    try budget.reserve(mixed, for: "linformer's combinations")
    defer { budget.release(mixed) }
    let pulled = try attention.backward(
      adjoint, q, forward.keys, forward.values,
      forward: (output: forward.output, logSumExp: forward.logSumExp), budget: budget)
    return [
      pulled.queries,
      needed[1] ? pulled.keys.mixed(by: e, transposed: true) : nil,
      needed[2] ? pulled.values.mixed(by: f, transposed: true) : nil,
      needed[3] ? pulled.keys.mixingProduct(k) : nil,
      needed[4] ? pulled.values.mixingProduct(v) : nil,
    ]
  }

  /// softmax(Q(EK)ᵀ/√d) of the first head: [Tq, r]. Times E it is what Linformer has in place of the
  /// shares of attention.
  ///
  /// - Throws: `NumericalError.shape` for other shapes than given.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func firstShares<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ e: Tensor<Element>
  ) throws(NumericalError) -> Tensor<Element> {
    try attention.firstShares(q, k.mixed(by: e))
  }

  /// The operations of the forward pass: those of attention to r keys and of the combinations.
  public var operations: Double {
    attention.operations + 2 * Double(mixing[0]) * Double(keys.count + values.count)
  }

  /// Those of the backward pass: two products for each of the combinations.
  public var backwardOperations: Double {
    attention.backwardOperations + 4 * Double(mixing[0]) * Double(keys.count + values.count)
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
