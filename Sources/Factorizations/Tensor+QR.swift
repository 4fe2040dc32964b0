public import Tensors

/// `A = Q·R`: orthonormal columns in Q, R upper triangular.
public struct QRDecomposition<Element: Scalar>: Sendable {
  /// Orthonormal columns [m, p], p = min(m, n).
  public let q: Tensor<Element>
  /// Upper triangle [p, n].
  public let r: Tensor<Element>
}

extension Tensor {
  /// The thin QR decomposition of a matrix [m, n] by Householder reflections.
  ///
  /// The row-major memory of A is the column-major memory of Aᵀ, whose LQ decomposition
  /// (`gelqf`, `orglq`) is this QR transposed: nothing is transposed.
  /// - Returns: `‖A − QR‖` and `‖I − QᵀQ‖` of the order of `max(m, n)·ε`. The diagonal of R may
  ///   be negative.
  /// - Throws: `NumericalError.notFinite`, `.memory`, `.tooLarge`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func qrDecomposition(
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> QRDecomposition<Element> {
    try requireDecomposable()
    let (m, n) = (rows, columns)
    let p = Swift.min(m, n)
    guard p > 0 else { return QRDecomposition(q: .zeros([m, 0]), r: .zeros([0, n])) }
    let extra = MemoryLayout<Element>.stride * (2 * m * n + p * n)
    try budget.reserve(extra, for: "the QR decomposition of a \(shape) matrix")
    defer { budget.release(extra) }

    let lapackRows = try lapackSize(n, "the number of columns")
    let lapackColumns = try lapackSize(m, "the number of rows")
    let reflectors = Int32(p)
    var a = elements
    var tau = [Element](repeating: 0, count: p)
    var work: [Element] = [0]
    // Queries of both routines first, then one workspace for both.
    _ = Element.gelqf(
      m: lapackRows, n: lapackColumns, a: &a, lda: lapackRows, tau: &tau, work: &work, lwork: -1)
    var length = try workspaceLength(work[0])
    _ = Element.orglq(
      m: reflectors, n: lapackColumns, k: reflectors, a: &a, lda: lapackRows, tau: tau,
      work: &work, lwork: -1)
    length = Swift.max(length, try workspaceLength(work[0]))
    work = [Element](repeating: 0, count: Int(length))
    let info = Element.gelqf(
      m: lapackRows, n: lapackColumns, a: &a, lda: lapackRows, tau: &tau, work: &work,
      lwork: length)
    precondition(info == 0, "gelqf refuses argument \(-info)")

    // Column-major L (n×p, lower) read row-major is R (p×n, upper), with rows n apart.
    let r = Tensor(uninitialized: [p, n]) { target in
      for i in 0..<p {
        for j in 0..<n { target.initializeElement(at: i * n + j, to: j < i ? 0 : a[i * n + j]) }
      }
    }
    let generated = Element.orglq(
      m: reflectors, n: lapackColumns, k: reflectors, a: &a, lda: lapackRows, tau: tau,
      work: &work, lwork: length)
    precondition(generated == 0, "orglq refuses argument \(-generated)")
    let q = Tensor([m, n], a).columns(0..<p)
    return QRDecomposition(q: q, r: r)
  }
}
