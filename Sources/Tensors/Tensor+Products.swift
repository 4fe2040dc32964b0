extension Tensor {
  /// The matrix product op(A)·op(B), where op transposes when asked to.
  ///
  /// BLAS reads a transposed operand in place, nothing is copied.
  /// - Parameters:
  ///   - a: a matrix [m, k], or [k, m] with `transposeA`.
  ///   - b: a matrix [k, n], or [n, k] with `transposeB`.
  /// - Returns: [m, n]; zeros where k = 0. Shapes that do not fit trap.
  public static func matrixProduct(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
  ) -> Tensor {
    let m = transposeA ? a.columns : a.rows
    let n = transposeB ? b.rows : b.columns
    var c = Tensor(uninitialized: [m, n]) { $0.initialize(repeating: 0) }
    c.accumulateProduct(a, b, transposeA: transposeA, transposeB: transposeB, beta: 0)
    return c
  }

  /// C ← alpha·op(A)·op(B) + beta·C, in place; shapes as in `matrixProduct`.
  public mutating func accumulateProduct(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
    alpha: Element = 1, beta: Element = 1
  ) {
    let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (kB, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(
      k == kB && rows == m && columns == n,
      "product of \(a.shape)\(transposeA ? "ᵀ" : "") and \(b.shape)\(transposeB ? "ᵀ" : "")"
        + " into \(shape)")
    guard m > 0, n > 0 else { return }
    let (lda, ldb) = (Swift.max(1, a.columns), Swift.max(1, b.columns))
    withUnsafeMutableElements { c in
      guard let c = c.baseAddress else { return }
      a.withUnsafeElements { a in
        b.withUnsafeElements { b in
          // An empty operand has no address; with k = 0 BLAS only scales C and reads neither.
          let aBase = a.baseAddress ?? UnsafePointer(c)
          let bBase = b.baseAddress ?? UnsafePointer(c)
          Element.gemm(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha,
            a: aBase, lda: lda, b: bBase, ldb: ldb, beta: beta, c: c, ldc: n)
        }
      }
    }
  }
}
