extension Tensor {
  /// The matrix product op(A)·op(B), where op transposes when asked to.
  ///
  /// BLAS reads a transposed operand in place, nothing is copied.
  /// - Parameters:
  ///   - a: a matrix [m, k], or [k, m] with `transposeA`.
  ///   - b: a matrix [k, n], or [n, k] with `transposeB`.
  /// - Returns: [m, n]; zeros where k = 0. Shapes that do not fit trap.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func matrixProduct(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
  ) -> Tensor {
    let m = transposeA ? a.columns : a.rows
    let n = transposeB ? b.rows : b.columns
    // With beta = 0 BLAS writes every element and reads none.
    return Tensor(uninitialized: [m, n]) { c in
      multiply(a, b, transposeA, transposeB, alpha: 1, beta: 0, into: c, [m, n])
    }
  }

  /// C ← alpha·op(A)·op(B) + beta·C, in place; shapes as in `matrixProduct`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func accumulateProduct(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
    alpha: Element = 1, beta: Element = 1
  ) {
    let shape = shape
    withUnsafeMutableElements { c in
      Self.multiply(a, b, transposeA, transposeB, alpha: alpha, beta: beta, into: c, shape)
    }
  }

  /// One gemm into a buffer of `shape`, which need not be initialised when beta is 0.
  private static func multiply(
    _ a: Tensor, _ b: Tensor, _ transposeA: Bool, _ transposeB: Bool,
    alpha: Element, beta: Element, into c: UnsafeMutableBufferPointer<Element>, _ shape: Shape
  ) {
    let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (kB, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(
      k == kB && shape == [m, n],
      "product of \(a.shape)\(transposeA ? "ᵀ" : "") and \(b.shape)\(transposeB ? "ᵀ" : "")"
        + " into \(shape)")
    guard let c = c.baseAddress, m > 0, n > 0 else { return }
    a.withUnsafeElements { left in
      b.withUnsafeElements { right in
        // An empty operand has no address; with k = 0 BLAS only scales C and reads neither.
        Element.gemm(
          transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha,
          a: left.baseAddress ?? UnsafePointer(c), lda: Swift.max(1, a.columns),
          b: right.baseAddress ?? UnsafePointer(c), ldb: Swift.max(1, b.columns),
          beta: beta, c: c, ldc: n)
      }
    }
  }
}
