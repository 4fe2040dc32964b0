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
      return try converted(to: Double.self)
        .orthonormalizedRows(accuracy: Double(Float.ulpOfOne)).converted(to: Element.self)
    }
    return try orthonormalizedRows(accuracy: Element.epsilon)
  }

  /// The same in this precision; the second pass is saved where the first already leaves rows
  /// orthonormal to `accuracy`.
  private func orthonormalizedRows(accuracy: Element) throws(NumericalError) -> Tensor {
    var rows = scalingRows(by: rowNorms().map { $0 > 0 ? 1 / $0 : 0 })
    guard let condition = rows.choleskyOrthonormalize() else {
      return try householderOrthonormalizedRows()
    }
    // One pass loses about ε·κ²; the diagonal's ratio may be a tenth of κ, so a hundredfold margin.
    let loss = Element.epsilon * condition * condition * 100
    guard loss > accuracy else { return rows }
    guard rows.choleskyOrthonormalize() != nil else { return try householderOrthonormalizedRows() }
    return rows
  }

  /// One pass of Cholesky QR in place.
  ///
  /// - Returns: the ratio of the factor's extreme diagonal entries, a lower bound of the rows'
  ///   condition; nil, with the rows spoilt or not, when the Gram matrix is too close to singular
  ///   for its factor to be trusted.
  private mutating func choleskyOrthonormalize() -> Element? {
    let (b, n) = (rows, columns)
    guard b > 0 else { return 1 }
    var gram = Tensor.zeros([b, b])
    gram.withUnsafeMutableElements { gram in
      withUnsafeElements { source in
        guard let c = gram.baseAddress, let a = source.baseAddress else { return }
        Element.syrk(n: b, k: n, a: a, lda: n, c: c, ldc: b)
      }
    }
    let info = gram.withUnsafeMutableElements { gram in
      gram.baseAddress.map { Element.potrfLower(n: Int32(b), a: $0, lda: Int32(b)) } ?? -1
    }
    guard info == 0 else { return nil }
    let diagonal = (0..<b).map { gram[$0, $0] }
    guard let least = diagonal.min(), let most = diagonal.max(),
      least > most * Element.epsilon.squareRoot() * 8
    else { return nil }
    gram.withUnsafeElements { gram in
      withUnsafeMutableElements { rows in
        guard let l = gram.baseAddress, let target = rows.baseAddress else { return }
        Element.trsm(
          isUpper: false, transposed: false, m: b, n: n, triangle: l, ldt: b, b: target, ldb: n)
      }
    }
    return most / least
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
  mutating func projectOut(_ basis: Tensor) {
    guard basis.rows > 0, rows > 0 else { return }
    let coefficients = Tensor.matrixProduct(self, basis, transposeB: true)
    accumulateProduct(coefficients, basis, alpha: -1)
  }

  /// Orthonormal rows for what these rows hold outside the span of `basis`, orthogonal to it;
  /// fewer rows, or none, where they hold nothing else.
  ///
  /// What a projection leaves of a row may be rounding, and orthonormalising rounding can bring
  /// back a direction of the basis. So rows at the level of `noise` are dropped before, and rows
  /// that collapse under the next projection after; what remains is orthogonal to the basis.
  /// - Parameter noise: the length below which a row is rounding.
  func newDirections(
    beside basis: Tensor, noise: Element
  ) throws(NumericalError) -> Tensor {
    var rows = self
    rows.projectOut(basis)
    rows = rows.keepingRows(longerThan: noise)
    while rows.rows > 0 {
      rows = try rows.orthonormalizedRows()
      let count = rows.rows
      rows.projectOut(basis)
      rows = rows.keepingRows(longerThan: 0.7)
      // Unit rows that a projection leaves nearly whole are orthogonal to the basis but for
      // rounding, which a last orthonormalisation does not enlarge.
      if rows.rows == count { return try rows.orthonormalizedRows() }
    }
    return rows
  }

  /// The rows whose length exceeds a limit.
  private func keepingRows(longerThan limit: Element) -> Tensor {
    let kept = rowNorms().enumerated().filter { $0.element > limit }.map(\.offset)
    guard kept.count < rows else { return self }
    return Tensor(
      [kept.count, columns],
      kept.flatMap { elements[$0 * columns..<($0 + 1) * columns] })
  }

  /// The Euclidean length of every row.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func rowNorms() -> [Element] {
    let n = columns
    return withUnsafeElements { source in
      (0..<rows).map { i in
        let row = UnsafeBufferPointer(rebasing: source[i * n..<(i + 1) * n])
        let squares = row.sumOfSquares(scaledBy: 1)
        // Far from both ends of the range of squares the plain sum is already right.
        if squares.isFinite, squares > 0x1p-900 { return Element(squares.squareRoot()) }
        let largest = row.reduce(Element.zero) { Swift.max($0, $1.magnitude) }
        let inverse = 1 / Double(largest)
        guard largest > 0, inverse.isFinite else { return largest }
        return largest * Element(row.sumOfSquares(scaledBy: inverse).squareRoot())
      }
    }
  }

  /// The rows of two matrices of equal width, one below the other.
  func appendingRows(_ other: Tensor) -> Tensor {
    precondition(columns == other.columns, "rows of \(shape) and \(other.shape)")
    return Tensor([rows + other.rows, columns], elements + other.elements)
  }
}

extension UnsafeBufferPointer where Element: Scalar {
  /// `Σ(x·scale)²` in double precision. Four sums, so that the additions do not wait for each
  /// other.
  @inline(__always)
  fileprivate func sumOfSquares(scaledBy scale: Double) -> Double {
    var sums = (0.0, 0.0, 0.0, 0.0)
    var i = 0
    while i + 4 <= count {
      let (a, b) = (Double(self[i]) * scale, Double(self[i + 1]) * scale)
      let (c, d) = (Double(self[i + 2]) * scale, Double(self[i + 3]) * scale)
      sums.0 += a * a
      sums.1 += b * b
      sums.2 += c * c
      sums.3 += d * d
      i += 4
    }
    while i < count {
      let a = Double(self[i]) * scale
      sums.0 += a * a
      i += 1
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
  }
}
