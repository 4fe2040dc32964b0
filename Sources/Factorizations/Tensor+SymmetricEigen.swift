public import Tensors

/// `A = V·diag(w)·Vᵀ` of a symmetric matrix: w ascending, orthonormal columns in V.
///
/// Signs are fixed as those of singular vectors are: the largest entry of each column is positive.
public struct SymmetricEigendecomposition<Element: Scalar>: Sendable {
  /// The eigenvalues [n], ascending.
  public let values: Tensor<Element>
  /// The eigenvectors [n, n], one per column.
  public let vectors: Tensor<Element>
}

extension Tensor {
  /// The eigenvalues and eigenvectors of a symmetric matrix [n, n] by divide and conquer (`syevd`).
  ///
  /// Only the upper triangle is read.
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.tooLarge`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func symmetricEigendecomposition() throws(NumericalError)
    -> SymmetricEigendecomposition<Element>
  {
    precondition(rows == columns, "the eigenvalues of a \(shape) matrix")
    try requireDecomposable()
    let side = rows
    guard side > 0 else { return SymmetricEigendecomposition(values: .zeros([0]), vectors: self) }
    let n = try lapackSize(side, "the number of rows")
    var a = elements
    var values = [Element](repeating: 0, count: side)
    var work: [Element] = [0]
    var iwork: [Int32] = [0]
    _ = Element.syevd(
      n: n, a: &a, lda: n, values: &values, work: &work, lwork: -1, iwork: &iwork, liwork: -1)
    let length = try workspaceLength(work[0], minimum: 1 + 6 * side + 2 * side * side)
    let integers = max(iwork[0], 3 + 5 * n)
    work = [Element](repeating: 0, count: Int(length))
    iwork = [Int32](repeating: 0, count: Int(integers))
    let info = Element.syevd(
      n: n, a: &a, lda: n, values: &values, work: &work, lwork: length, iwork: &iwork,
      liwork: integers)
    precondition(info >= 0, "syevd refuses argument \(-info)")
    guard info == 0 else { throw .noConvergence(routine: "syevd") }
    // Each vector is a column in LAPACK's eyes, a row in ours.
    for row in 0..<side {
      let range = row * side..<(row + 1) * side
      var largest: Element = 0
      for x in a[range] where x.magnitude > largest.magnitude { largest = x }
      if largest < 0 { for i in range { a[i] = -a[i] } }
    }
    return SymmetricEigendecomposition(
      values: Tensor([side], values), vectors: Tensor(shape, a).transposed())
  }
}
