public import Tensors

extension Tensor {
  /// The lower triangle L with `A = L·Lᵀ`, its diagonal positive.
  ///
  /// Only the lower triangle of this symmetric matrix [n, n] is read.
  /// - Throws: `NumericalError.notPositiveDefinite` with the first leading minor that is not, from 1;
  ///   `.notFinite`, `.tooLarge`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func choleskyFactor() throws(NumericalError) -> Tensor {
    precondition(rows == columns, "the Cholesky factor of a \(shape) matrix")
    try requireDecomposable()
    let n = try lapackSize(rows, "the number of rows")
    guard n > 0 else { return self }
    var factor = self
    let side = rows
    let info = factor.withUnsafeMutableElements { a in
      a.baseAddress.map { Element.potrfLower(n: n, a: $0, lda: n) } ?? 0
    }
    precondition(info >= 0, "potrf refuses argument \(-info)")
    guard info == 0 else { throw .notPositiveDefinite(minor: Int(info)) }
    factor.withUnsafeMutableElements { a in
      for i in 0..<side {
        for j in i + 1..<max(side, i + 1) { a[i * side + j] = 0 }
      }
    }
    return factor
  }
}
