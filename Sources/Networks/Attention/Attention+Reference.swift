public import Tensors

/// Attention by its formulas in double precision, some queries at a time, so that no array of all scores
/// is needed: what the fast algorithms are held against.
extension Attention {
  /// The queries of a block; with 4096 keys their scores are 2 MiB.
  private static var referenceBlock: Int { 64 }

  private var blocks: [Range<Int>] {
    stride(from: 0, to: queryCount, by: Self.referenceBlock).map {
      $0..<min(queryCount, $0 + Self.referenceBlock)
    }
  }

  /// softmax(scale·QKᵀ + mask)·V.
  ///
  /// - Parameters:
  ///   - q: queries, `k`: keys, `v`: values, of the shapes of this attention.
  ///   - mask: what is added to the scores.
  /// - Returns: the output [B, H, Tq, dv].
  /// - Throws: `NumericalError.shape` for other shapes.
  public func reference(
    _ q: Tensor<Double>, _ k: Tensor<Double>, _ v: Tensor<Double>, mask: Tensor<Double>? = nil
  ) throws(NumericalError) -> Tensor<Double> {
    try check(q.shape, k.shape, v.shape, mask?.shape)
    let (blocks, tk, dv) = (blocks, keyCount, valueWidth)
    var result = Tensor<Double>(uninitialized: output) { _ in }
    var logSums = Tensor<Double>(uninitialized: logSumExp) { _ in }
    var none = Tensor<Double>.zeros([1])
    Pointers.with(q, k, v, mask) { q, k, v, mask in
      Pointers.with(&result, &logSums, &none) { output, logSums, _ in
        WorkShare.forEach(batch * heads * blocks.count, workspace: Self.referenceBlock * tk) {
          (item, p: UnsafeMutablePointer<Double>) in
          let (head, rows) = (item / blocks.count, blocks[item % blocks.count])
          let place = head * queryCount + rows.lowerBound
          weigh(head, rows, q, k, mask, into: p, logSums + place)
          Double.gemm(
            transposeA: false, transposeB: false, m: rows.count, n: dv, k: tk, alpha: 1, a: p,
            lda: tk, b: v + head / group * tk * dv, ldb: dv, beta: 0, c: output + place * dv,
            ldc: dv)
        }
      }
    }
    return result
  }

  /// The adjoints of Q, K and V from that of the output, by the formulas of the naive backward pass.
  ///
  /// - Throws: `NumericalError.shape` for other shapes than this attention's.
  public func referenceAdjoints(
    _ adjoint: Tensor<Double>, _ q: Tensor<Double>, _ k: Tensor<Double>, _ v: Tensor<Double>,
    mask: Tensor<Double>? = nil
  ) throws(NumericalError) -> AttentionAdjoints<Double> {
    try check(q.shape, k.shape, v.shape, mask?.shape)
    precondition(adjoint.shape == output, "the adjoint \(adjoint.shape) of an output \(output)")
    var dq = Tensor<Double>.zeros(queries)
    var dk = Tensor<Double>.zeros(keys)
    var dv = Tensor<Double>.zeros(values)
    let block = Self.referenceBlock
    Pointers.with(q, k, v, mask) { q, k, v, mask in
      Pointers.with(adjoint, adjoint, adjoint, nil) { adjoint, _, _, _ in
        Pointers.with(&dq, &dk, &dv) { dq, dk, dv in
          // A thread owns a head of keys, to which several heads of queries add.
          WorkShare.forEach(batch * keyHeads, workspace: block * (2 * keyCount + 1)) {
            (shared, p: UnsafeMutablePointer<Double>) in
            let pulled = p + block * keyCount
            for head in shared * group..<(shared + 1) * group {
              for rows in blocks {
                weigh(head, rows, q, k, mask, into: p, pulled + block * keyCount)
                pull(
                  head, rows, q: q, k: k, v: v, adjoint: adjoint, p: p, pulled: pulled, dq: dq,
                  dk: dk, dv: dv)
              }
            }
          }
        }
      }
    }
    return AttentionAdjoints(queries: dq, keys: dk, values: dv, mask: nil)
  }

  /// P = softmax(scale·QKᵀ), the shares in which the first head's queries see its keys: [Tq, Tk].
  ///
  /// - Throws: `NumericalError.shape` for other shapes than this attention's, which has no mask.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func firstShares<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>
  ) throws(NumericalError) -> Tensor<Element> {
    try check(q.shape, k.shape, values, nil)
    var shares = Tensor<Element>(uninitialized: [queryCount, keyCount]) { _ in }
    var logSums = Tensor<Element>(uninitialized: [queryCount]) { _ in }
    var none = Tensor<Element>.zeros([1])
    Pointers.with(q, k, k, nil) { q, k, _, _ in
      Pointers.with(&shares, &logSums, &none) { p, logSums, _ in
        Parallel.forEachRange(queryCount, grain: Self.referenceBlock) { rows in
          weigh(0, rows, q, k, nil, into: p + rows.lowerBound * keyCount, logSums + rows.lowerBound)
        }
      }
    }
    return shares
  }
}

extension Attention {
  /// The relative error of a result that rounding to ε explains, in terms of the result's largest
  /// number.
  ///
  /// A score s is wrong by about ε·√d·s, so that its exponential is relatively; sums of n terms are wrong
  /// by √n·ε, each term being at most the largest value. Backward there are three such products for one.
  public func roundingError(
    epsilon: Double, _ q: Tensor<Double>, _ k: Tensor<Double>, _ v: Tensor<Double>,
    output: Tensor<Double>, backward: Bool
  ) -> Double {
    let score = scale.magnitude * q.largestRow(width) * k.largestRow(width)
    let terms = Double(queryCount + keyCount + width + valueWidth).squareRoot()
    let size = output.maximumMagnitude()
    let growth = size > 0 ? v.maximumMagnitude() / size : 1
    return 8 * epsilon * (terms + Double(width).squareRoot() * score) * growth * (backward ? 8 : 1)
  }
}

extension Attention {
  /// The differences of the adjoints of Q, K and V that rounding to ε explains where they nearly
  /// vanish, as they do when one key has all the weight: what is lost in the numbers that cancel.
  public func adjointRounding(
    epsilon: Double, _ q: Tensor<Double>, _ k: Tensor<Double>, _ v: Tensor<Double>,
    adjoint: Tensor<Double>
  ) -> (queries: Double, keys: Double, values: Double) {
    let score = scale.magnitude * q.largestRow(width) * k.largestRow(width)
    let terms = Double(queryCount + keyCount + width + valueWidth).squareRoot()
    let lost =
      8 * epsilon * (terms + Double(width).squareRoot() * score) * adjoint.maximumMagnitude()
    let slope =
      lost * Double(valueWidth).squareRoot() * v.maximumMagnitude() * scale.magnitude
    return (slope * k.maximumMagnitude(), slope * q.maximumMagnitude(), lost)
  }
}

extension Tensor<Double> {
  /// The largest norm of a row of the last axis.
  fileprivate func largestRow(_ width: Int) -> Double {
    withUnsafeElements { elements in
      stride(from: 0, to: elements.count, by: width).reduce(0) { largest, start in
        let squares = (start..<start + width).reduce(0) { $0 + elements[$1] * elements[$1] }
        return Swift.max(largest, squares.squareRoot())
      }
    }
  }
}
