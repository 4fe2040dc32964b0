public import Tensors

/// `P·A = L·U` of a square matrix [n, n], with row exchanges; what solves, inverses and determinants
/// are made of.
public struct LUDecomposition<Element: Scalar>: Sendable {
  private let size: Int
  /// The factors of Aᵀ as `getrf` packs them, column-major: our row-major memory is its transpose.
  private let packed: [Element]
  private let pivots: [Int32]
  /// The first pivot that is exactly zero, from 0; nil for a matrix that can be inverted.
  public let zeroPivot: Int?

  fileprivate init(_ matrix: Tensor<Element>) throws(NumericalError) {
    let n = try lapackSize(matrix.rows, "the number of rows")
    var packed = matrix.elements
    var pivots = [Int32](repeating: 0, count: matrix.rows)
    var info: Int32 = 0
    if n > 0 { info = Element.getrf(n: n, a: &packed, lda: n, pivots: &pivots) }
    precondition(info >= 0, "getrf refuses argument \(-info)")
    size = matrix.rows
    (self.packed, self.pivots) = (packed, pivots)
    zeroPivot = info > 0 ? Int(info) - 1 : nil
  }

  /// The sign of the determinant (0, 1 or −1) and the logarithm of its absolute value.
  public var logDeterminant: (sign: Element, logarithm: Element) {
    guard zeroPivot == nil else { return (0, -.infinity) }
    var (sign, logarithm): (Element, Element) = (1, 0)
    for i in 0..<size {
      let pivot = packed[i * size + i]
      if (pivot < 0) != (pivots[i] != Int32(i + 1)) { sign = -sign }
      logarithm += Element.log(pivot.magnitude)
    }
    return (sign, logarithm)
  }

  /// The determinant: the product of the pivots, 0 for a singular matrix.
  public var determinant: Element {
    (0..<size).reduce(1) { product, i in
      product * (pivots[i] == Int32(i + 1) ? packed[i * size + i] : -packed[i * size + i])
    }
  }

  /// X with A·X = B, or Aᵀ·X = B.
  ///
  /// - Parameter b: a matrix [n, k]; others trap.
  /// - Throws: `NumericalError.singular`.
  public func solve(
    _ b: Tensor<Element>, transposed: Bool = false
  ) throws(NumericalError) -> Tensor<Element> {
    precondition(b.rows == size, "\(b.shape) for a matrix of \(size) rows")
    if let zeroPivot { throw .singular(pivot: zeroPivot) }
    guard b.count > 0 else { return b }
    let (n, columns) = (Int32(size), try lapackSize(b.columns, "the number of columns"))
    // LAPACK's columns are our rows.
    var x = b.transposed()
    let info = x.withUnsafeMutableElements { x in
      x.baseAddress.map {
        Element.getrs(
          transposed: !transposed, n: n, columns: columns, a: packed, lda: n, pivots: pivots, b: $0,
          ldb: n)
      } ?? 0
    }
    precondition(info == 0, "getrs refuses argument \(-info)")
    return x.transposed()
  }
}

extension Tensor {
  /// The LU decomposition of a square matrix; another shape traps.
  ///
  /// - Throws: `NumericalError.notFinite`, `.tooLarge`. A singular matrix has one, too.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func luDecomposition() throws(NumericalError) -> LUDecomposition<Element> {
    precondition(rows == columns, "the LU decomposition of a \(shape) matrix")
    try requireDecomposable()
    return try LUDecomposition(self)
  }

  /// A = P·L·U: a permutation matrix, a lower triangle with ones on its diagonal, an upper triangle.
  ///
  /// Rows are exchanged for the largest pivot of each column.
  /// - Throws: `NumericalError.notFinite`, `.tooLarge`. A singular matrix has factors, too.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func luFactors() throws(NumericalError) -> (p: Tensor, l: Tensor, u: Tensor) {
    precondition(rows == columns, "the LU decomposition of a \(shape) matrix")
    try requireDecomposable()
    let n = rows
    let size = try lapackSize(n, "the number of rows")
    // Row exchanges of A itself: LAPACK is given its columns.
    var packed = transposed().elements
    var pivots = [Int32](repeating: 0, count: n)
    if n > 0 {
      let info = Element.getrf(n: size, a: &packed, lda: size, pivots: &pivots)
      precondition(info >= 0, "getrf refuses argument \(-info)")
    }
    var order = Array(0..<n)
    for (row, pivot) in pivots.enumerated() { order.swapAt(row, Int(pivot) - 1) }
    var (p, l, u) = (Tensor.zeros(shape), Tensor.identity(n), Tensor.zeros(shape))
    for i in 0..<n {
      p[order[i], i] = 1
      for j in 0..<n {
        if j < i { l[i, j] = packed[j * n + i] } else { u[i, j] = packed[j * n + i] }
      }
    }
    return (p, l, u)
  }

  /// X with op(T)·X = B for a triangle T, the other half of which is not read.
  ///
  /// - Parameters:
  ///   - b: a matrix [n, k].
  ///   - isUpper: whether this matrix [n, n] is an upper triangle.
  /// - Throws: `NumericalError.singular` for a zero on the diagonal, `.notFinite`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func solveTriangle(
    _ b: Tensor, isUpper: Bool, transposed: Bool = false
  ) throws(NumericalError) -> Tensor {
    precondition(rows == columns && b.rows == rows, "a \(shape) triangle and \(b.shape)")
    try requireFinite()
    for i in 0..<rows where elements[i * rows + i] == 0 { throw .singular(pivot: i) }
    var x = b
    guard x.count > 0 else { return x }
    let (n, columns) = (rows, b.columns)
    withUnsafeElements { triangle in
      x.withUnsafeMutableElements { x in
        guard let triangle = triangle.baseAddress, let x = x.baseAddress else { return }
        Element.trsm(
          isUpper: isUpper, transposed: transposed, m: n, n: columns, triangle: triangle, ldt: n,
          b: x, ldb: columns)
      }
    }
    return x
  }
}
