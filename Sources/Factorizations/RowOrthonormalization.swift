internal import Tensors

// The bases of the randomised methods are kept as rows: every vector is contiguous, a new block
// is appended at the end, and both products with A are plain row-major gemms.

extension Tensor {
  /// Rows that are orthonormal and span what these rows span [b, n], b ≤ n.
  ///
  /// Cholesky QR twice (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015): a product and two small
  /// triangles, twenty times faster than Householder reflections on a 32×2048 block, and
  /// orthonormal to a few ε while the rows' condition stays below `1/√ε`. Rows are scaled to unit
  /// length first, so grading alone costs nothing. Where the Cholesky factor breaks down or shows
  /// a worse condition, Householder reflections take over; then rows that depend on others are
  /// replaced by arbitrary directions. `Float` rows are orthonormalised in `Double`: the rows of
  /// a sketch all lean towards the first singular vector, too much for a `Float` Gram matrix
  /// (Yamazaki, Tomov & Dongarra 2015).
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func orthonormalizedRows() throws(NumericalError) -> Tensor {
    if Element.self == Float.self {
      return try converted(to: Double.self).orthonormalizedRows().converted(to: Element.self)
    }
    var rows = scalingRows(by: rowNorms().map { $0 > 0 ? 1 / $0 : 0 })
    guard rows.choleskyOrthonormalize(), rows.choleskyOrthonormalize() else {
      return try householderOrthonormalizedRows()
    }
    return rows
  }

  /// One pass of Cholesky QR in place; false, with the rows spoilt, when the Gram matrix is too
  /// close to singular for its factor to be trusted.
  private mutating func choleskyOrthonormalize() -> Bool {
    let (b, n) = (rows, columns)
    guard b > 0 else { return true }
    var gram = Tensor.zeros([b, b])
    gram.withUnsafeMutableElements { gram in
      withUnsafeElements { source in
        guard let c = gram.baseAddress, let a = source.baseAddress else { return }
        Element.syrk(n: b, k: n, a: a, lda: n, c: c, ldc: b)
      }
    }
    let info = gram.withUnsafeMutableElements { gram in
      gram.baseAddress.map { Element.potrfLowerRowMajor(n: Int32(b), a: $0, lda: Int32(b)) } ?? -1
    }
    guard info == 0 else { return false }
    let diagonal = (0..<b).map { gram[$0, $0] }
    guard let least = diagonal.min(), let most = diagonal.max(),
      least > most * Element.epsilon.squareRoot() * 8
    else { return false }
    gram.withUnsafeElements { gram in
      withUnsafeMutableElements { rows in
        guard let l = gram.baseAddress, let target = rows.baseAddress else { return }
        Element.trsmLower(m: b, n: n, l: l, ldl: b, b: target, ldb: n)
      }
    }
    return true
  }

  /// Orthonormal rows by Householder reflections: the memory read column-major is n×b.
  private func householderOrthonormalizedRows() throws(NumericalError) -> Tensor {
    let b = try lapackSize(rows, "the number of rows")
    let n = try lapackSize(columns, "the number of columns")
    precondition(b <= n, "\(b) rows of length \(n) cannot be orthonormal")
    var result = self
    var tau = [Element](repeating: 0, count: rows)
    var work: [Element] = [0]
    let length = try result.withUnsafeMutableElements { (a) throws(NumericalError) -> Int32 in
      guard let a = a.baseAddress else { return 1 }
      _ = Element.geqrf(m: n, n: b, a: a, lda: n, tau: &tau, work: &work, lwork: -1)
      let first = try workspaceLength(work[0])
      _ = Element.orgqr(m: n, n: b, k: b, a: a, lda: n, tau: tau, work: &work, lwork: -1)
      return Swift.max(first, try workspaceLength(work[0]))
    }
    work = [Element](repeating: 0, count: Int(length))
    result.withUnsafeMutableElements { a in
      guard let a = a.baseAddress else { return }
      let factored = Element.geqrf(m: n, n: b, a: a, lda: n, tau: &tau, work: &work, lwork: length)
      let generated = Element.orgqr(
        m: n, n: b, k: b, a: a, lda: n, tau: tau, work: &work, lwork: length)
      precondition(factored == 0 && generated == 0, "geqrf or orgqr refuses an argument")
    }
    return result
  }

  /// Takes out of every row what lies in the span of the orthonormal rows of `basis`.
  ///
  /// Twice, which is enough (Giraud, Langou, Rozložník & van den Eshof 2005).
  mutating func projectOut(_ basis: Tensor) {
    guard basis.rows > 0, rows > 0 else { return }
    for _ in 0..<2 {
      let coefficients = Tensor.matrixProduct(self, basis, transposeB: true)
      accumulateProduct(coefficients, basis, alpha: -1)
    }
  }

  /// The Euclidean length of every row.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func rowNorms() -> [Element] {
    let n = columns
    return withUnsafeElements { source in
      (0..<rows).map { i in
        // Scaled by the largest entry: lengths near both ends of the range stay right.
        let row = source[i * n..<(i + 1) * n]
        let largest = row.reduce(Element.zero) { Swift.max($0, $1.magnitude) }
        guard largest > 0 else { return 0 }
        let inverse = 1 / largest
        guard inverse.isFinite else { return largest }
        return largest
          * row.reduce(Element.zero) { $0 + ($1 * inverse) * ($1 * inverse) }
          .squareRoot()
      }
    }
  }

  /// The rows of two matrices of equal width, one below the other.
  func appendingRows(_ other: Tensor) -> Tensor {
    precondition(columns == other.columns, "rows of \(shape) and \(other.shape)")
    return Tensor([rows + other.rows, columns], elements + other.elements)
  }
}
