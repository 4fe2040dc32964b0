import Tensors

/// Attention with the array of all scores: P = softmax(scale·QKᵀ + mask), O = PV, one head after
/// another on each thread.
///
/// Backward: V̄ = PᵀŌ, P̄ = ŌVᵀ, S̄ = P⊙(P̄ − rowsum(P⊙P̄)), Q̄ = S̄K·scale, K̄ = S̄ᵀQ·scale; the
/// mask's is S̄, summed to its shape.
extension Attention {
  func naiveForward<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>, _ mask: Tensor<Element>?
  ) -> (output: Tensor<Element>, logSumExp: Tensor<Element>) {
    var result = Tensor<Element>(uninitialized: output) { _ in }
    var logSums = Tensor<Element>(uninitialized: logSumExp) { _ in }
    var probabilities = Tensor<Element>(uninitialized: scores) { _ in }
    let (tq, tk, dv) = (queryCount, keyCount, valueWidth)
    Pointers.with(q, k, v, mask) { q, k, v, mask in
      Pointers.with(&result, &logSums, &probabilities) { output, logSums, p in
        Parallel.forEachItem(batch * heads) { head in
          let p = p + head * tq * tk
          weigh(head, q, k, mask, into: p, logSums + head * tq)
          Element.gemm(
            transposeA: false, transposeB: false, m: tq, n: dv, k: tk, alpha: 1, a: p, lda: tk,
            b: v + head / group * tk * dv, ldb: dv, beta: 0, c: output + head * tq * dv, ldc: dv)
        }
      }
    }
    return (result, logSums)
  }

  func naiveBackward<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>,
    _ mask: Tensor<Element>?, maskNeeded: Bool
  ) -> AttentionAdjoints<Element> {
    var dq = Tensor<Element>.zeros(queries)
    var dk = Tensor<Element>.zeros(keys)
    var dv = Tensor<Element>.zeros(values)
    var probabilities = Tensor<Element>(uninitialized: scores) { _ in }
    var pulled = Tensor<Element>(uninitialized: scores) { _ in }
    var logSums = Tensor<Element>(uninitialized: logSumExp) { _ in }
    Pointers.with(q, k, v, mask) { q, k, v, mask in
      Pointers.with(adjoint, adjoint, adjoint, nil) { adjoint, _, _, _ in
        Pointers.with(&dq, &dk, &dv) { dq, dk, dv in
          Pointers.with(&probabilities, &pulled, &logSums) { p, pulled, logSums in
            // A thread owns a head of keys, to which several heads of queries add.
            Parallel.forEachItem(batch * keyHeads) { shared in
              for head in shared * group..<(shared + 1) * group {
                let place = head * queryCount * keyCount
                weigh(head, q, k, mask, into: p + place, logSums + head * queryCount)
                pull(
                  head, q: q, k: k, v: v, adjoint: adjoint, p: p + place, pulled: pulled + place,
                  dq: dq, dk: dk, dv: dv)
              }
            }
          }
        }
      }
    }
    return AttentionAdjoints(
      queries: dq, keys: dk, values: dv,
      mask: maskNeeded ? mask.map { pulled.summed(to: $0.shape) } : nil)
  }

  /// P of one head, and the logarithms of the denominators.
  private func weigh<Element: Scalar>(
    _ head: Int, _ q: UnsafePointer<Element>, _ k: UnsafePointer<Element>,
    _ mask: UnsafePointer<Element>?, into p: UnsafeMutablePointer<Element>,
    _ logSums: UnsafeMutablePointer<Element>
  ) {
    let (tq, tk, d) = (queryCount, keyCount, width)
    let places = AttentionMask(self)
    let offset = places.offset(batch: head / heads, head: head % heads)
    Element.gemm(
      transposeA: false, transposeB: true, m: tq, n: tk, k: d, alpha: Element(scale),
      a: q + head * tq * d, lda: d, b: k + head / group * tk * d, ldb: d, beta: 0, c: p, ldc: tk)
    for i in 0..<tq {
      let row = p + i * tk
      if let mask = mask.map({ $0 + offset + i * places.step.row }) {
        for j in 0..<tk { row[j] += mask[j * places.step.column] }
      }
      let visible = isCausal ? min(tk, max(0, i + tk - tq + 1)) : tk
      for j in visible..<tk { row[j] = 0 }
      logSums[i] = Element.softmaxRow(visible, row, into: row)
    }
  }

  /// What one head of queries adds to the adjoints.
  private func pull<Element: Scalar>(
    _ head: Int, q: UnsafePointer<Element>, k: UnsafePointer<Element>, v: UnsafePointer<Element>,
    adjoint: UnsafePointer<Element>, p: UnsafeMutablePointer<Element>,
    pulled: UnsafeMutablePointer<Element>, dq: UnsafeMutablePointer<Element>,
    dk: UnsafeMutablePointer<Element>, dv: UnsafeMutablePointer<Element>
  ) {
    let (tq, tk, d, e, shared) = (queryCount, keyCount, width, valueWidth, head / group)
    let (q, adjoint) = (q + head * tq * d, adjoint + head * tq * e)
    let (k, v) = (k + shared * tk * d, v + shared * tk * e)
    Element.gemm(
      transposeA: true, transposeB: false, m: tk, n: e, k: tq, alpha: 1, a: p, lda: tk,
      b: adjoint, ldb: e, beta: 1, c: dv + shared * tk * e, ldc: e)
    Element.gemm(
      transposeA: false, transposeB: true, m: tq, n: tk, k: e, alpha: 1, a: adjoint, lda: e, b: v,
      ldb: e, beta: 0, c: pulled, ldc: tk)
    for i in 0..<tq {
      Element.softmaxRowCotangent(tk, softmax: p + i * tk, pulled + i * tk)
    }
    Element.gemm(
      transposeA: false, transposeB: false, m: tq, n: d, k: tk, alpha: Element(scale), a: pulled,
      lda: tk, b: k, ldb: d, beta: 0, c: dq + head * tq * d, ldc: d)
    Element.gemm(
      transposeA: true, transposeB: false, m: tk, n: d, k: tq, alpha: Element(scale), a: pulled,
      lda: tk, b: q, ldb: d, beta: 1, c: dk + shared * tk * d, ldc: d)
  }
}
