public import Tensors

/// How many singular vectors a decomposition computes.
public enum SingularVectors: Sendable {
  /// min(m, n) of each.
  case thin
  /// m left and n right vectors.
  case full
}

extension Tensor {
  /// The singular value decomposition of a matrix [m, n] by LAPACK's `gesdd`, or `gesvd` should
  /// that fail.
  ///
  /// Row-major memory is the transpose in LAPACK's eyes, so the transposed problem is solved and
  /// its factors change places: nothing is transposed.
  /// - Returns: factors with `‖A − U·s·Vᵀ‖` and the loss of orthogonality within LAPACK's test
  ///   ratio of 30 (`lapackTestRatios`).
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.memory`, `.tooLarge`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func singularValueDecomposition(
    vectors: SingularVectors = .thin, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> SingularValueDecomposition<Element> {
    let (m, n) = (rows, columns)
    try requireDecomposable()
    let p = Swift.min(m, n)
    guard p > 0 else { return .empty(m, n, vectors) }
    let (uColumns, vRows) = vectors == .full ? (m, n) : (p, p)
    let extra = MemoryLayout<Element>.stride * (m * n + m * uColumns + vRows * n + 4 * p * p)
    try budget.reserve(extra, for: "the SVD of a \(shape) matrix")
    defer { budget.release(extra) }

    return try decomposed(vectors: vectors)
  }

  /// The decomposition of a finite matrix with elements; nothing is asked of a budget.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func decomposed(
    vectors: SingularVectors
  ) throws(NumericalError) -> SingularValueDecomposition<Element> {
    let p = Swift.min(rows, columns)
    guard p > 0 else { return .empty(rows, columns, vectors) }
    var u = Tensor.zeros([rows, vectors == .full ? rows : p])
    var vt = Tensor.zeros([vectors == .full ? columns : p, columns])
    var s = [Element](repeating: 0, count: p)
    let usable = SVDDriver.usable(rows: rows, columns: columns, vectors: true)
    let driver = try firstConverging(of: usable) { (driver) throws(NumericalError) in
      try runDriver(driver, job: vectors == .full ? "A" : "S", u: &u, s: &s, vt: &vt)
    }
    var result = SingularValueDecomposition(
      u: u, singularValues: s, vt: vt, usedFallback: driver != .gesdd)
    result.fixSigns()
    return result
  }

  /// The singular values of a matrix [m, n], descending, without vectors.
  ///
  /// - Throws: as `singularValueDecomposition`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func singularValues(
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> [Element] {
    try requireDecomposable()
    let p = Swift.min(rows, columns)
    guard p > 0 else { return [] }
    let extra = MemoryLayout<Element>.stride * (count + 8 * p)
    try budget.reserve(extra, for: "the singular values of a \(shape) matrix")
    defer { budget.release(extra) }
    var s = [Element](repeating: 0, count: p)
    var none = Tensor.zeros([1, 1])
    var nothing = Tensor.zeros([1, 1])
    _ = try firstConverging { (driver) throws(NumericalError) in
      try runDriver(driver, job: "N", u: &none, s: &s, vt: &nothing)
    }
    return s
  }

  /// Runs one LAPACK driver on a copy of this matrix and returns its `info`.
  private func runDriver(
    _ driver: SVDDriver, job: Unicode.Scalar, u: inout Tensor, s: inout [Element],
    vt: inout Tensor
  ) throws(NumericalError) -> Int32 {
    // The transposed problem: LAPACK sees n×m, its U is our Vᵀ and its Vᵀ our U.
    let lapackRows = try lapackSize(columns, "the number of columns")
    let lapackColumns = try lapackSize(rows, "the number of rows")
    let ldu = try lapackSize(Swift.max(1, vt.columns), "the leading dimension")
    let ldvt = try lapackSize(Swift.max(1, u.columns), "the leading dimension")
    let code = CChar(truncatingIfNeeded: job.value)
    var a = elements
    var iwork = [Int32](repeating: 0, count: driver == .gesdd ? 8 * s.count : 0)
    return try u.withUnsafeMutableElements { (u) throws(NumericalError) in
      try vt.withUnsafeMutableElements { (vt) throws(NumericalError) in
        guard let u = u.baseAddress, let vt = vt.baseAddress else { return 0 }
        func call(_ work: inout [Element], _ lwork: Int32) -> Int32 {
          switch driver {
          case .gesdd:
            Element.gesdd(
              job: code, m: lapackRows, n: lapackColumns, a: &a, lda: lapackRows, s: &s,
              u: vt, ldu: ldu, vt: u, ldvt: ldvt, work: &work, lwork: lwork, iwork: &iwork)
          case .gesvd:
            Element.gesvd(
              job: code, m: lapackRows, n: lapackColumns, a: &a, lda: lapackRows, s: &s,
              u: vt, ldu: ldu, vt: u, ldvt: ldvt, work: &work, lwork: lwork)
          }
        }
        var answer: [Element] = [0]
        let query = call(&answer, -1)
        guard query == 0 else { return query }
        let length = try workspaceLength(
          answer[0],
          minimum: driver.minimumWorkspace(rows: rows, columns: columns, vectors: job != "N"))
        var work = [Element](repeating: 0, count: Int(length))
        return call(&work, length)
      }
    }
  }
}

extension SingularValueDecomposition {
  /// The decomposition of a matrix without rows or without columns.
  static func empty(_ m: Int, _ n: Int, _ vectors: SingularVectors) -> Self {
    switch vectors {
    case .thin: Self(u: .zeros([m, 0]), singularValues: [], vt: .zeros([0, n]))
    case .full: Self(u: .identity(m), singularValues: [], vt: .identity(n))
    }
  }
}
