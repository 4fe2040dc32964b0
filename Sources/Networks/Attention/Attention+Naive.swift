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
          weigh(head, 0..<tq, q, k, mask, into: p, logSums + head * tq)
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
                weigh(
                  head, 0..<queryCount, q, k, mask, into: p + place, logSums + head * queryCount)
                pull(
                  head, 0..<queryCount, q: q, k: k, v: v, adjoint: adjoint, p: p + place,
                  pulled: pulled + place, dq: dq, dk: dk, dv: dv)
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

  /// P of some queries of a head [rows, Tk], and the logarithms of the denominators.
  func weigh<Element: Scalar>(
    _ head: Int, _ rows: Range<Int>, _ q: UnsafePointer<Element>, _ k: UnsafePointer<Element>,
    _ mask: UnsafePointer<Element>?, into p: UnsafeMutablePointer<Element>,
    _ logSums: UnsafeMutablePointer<Element>
  ) {
    let (tq, tk, d) = (queryCount, keyCount, width)
    let places = AttentionMask(self)
    let offset = places.offset(batch: head / heads, head: head % heads)
    Element.gemm(
      transposeA: false, transposeB: true, m: rows.count, n: tk, k: d, alpha: Element(scale),
      a: q + (head * tq + rows.lowerBound) * d, lda: d, b: k + head / group * tk * d, ldb: d,
      beta: 0, c: p, ldc: tk)
    for i in rows {
      let row = p + (i - rows.lowerBound) * tk
      if let mask = mask.map({ $0 + offset + i * places.step.row }) {
        for j in 0..<tk { row[j] += mask[j * places.step.column] }
      }
      let visible = isCausal ? min(tk, max(0, i + tk - tq + 1)) : tk
      for j in visible..<tk { row[j] = 0 }
      logSums[i - rows.lowerBound] = Element.softmaxRow(visible, row, into: row)
    }
  }

  /// What some queries of a head add to the adjoints; `p` is theirs, `pulled` as large.
  func pull<Element: Scalar>(
    _ head: Int, _ rows: Range<Int>, q: UnsafePointer<Element>, k: UnsafePointer<Element>,
    v: UnsafePointer<Element>, adjoint: UnsafePointer<Element>,
    p: UnsafeMutablePointer<Element>, pulled: UnsafeMutablePointer<Element>,
    dq: UnsafeMutablePointer<Element>, dk: UnsafeMutablePointer<Element>,
    dv: UnsafeMutablePointer<Element>
  ) {
    let (count, tk, d, e, shared) = (rows.count, keyCount, width, valueWidth, head / group)
    let place = head * queryCount + rows.lowerBound
    let (q, adjoint) = (q + place * d, adjoint + place * e)
    let (k, v) = (k + shared * tk * d, v + shared * tk * e)
    Element.gemm(
      transposeA: true, transposeB: false, m: tk, n: e, k: count, alpha: 1, a: p, lda: tk,
      b: adjoint, ldb: e, beta: 1, c: dv + shared * tk * e, ldc: e)
    Element.gemm(
      transposeA: false, transposeB: true, m: count, n: tk, k: e, alpha: 1, a: adjoint, lda: e,
      b: v, ldb: e, beta: 0, c: pulled, ldc: tk)
    for i in 0..<count {
      Element.softmaxRowCotangent(tk, softmax: p + i * tk, pulled + i * tk)
    }
    Element.gemm(
      transposeA: false, transposeB: false, m: count, n: d, k: tk, alpha: Element(scale),
      a: pulled, lda: tk, b: k, ldb: d, beta: 0, c: dq + place * d, ldc: d)
    Element.gemm(
      transposeA: true, transposeB: false, m: tk, n: d, k: count, alpha: Element(scale), a: pulled,
      lda: tk, b: q, ldb: d, beta: 1, c: dk + shared * tk * d, ldc: d)
  }
}
