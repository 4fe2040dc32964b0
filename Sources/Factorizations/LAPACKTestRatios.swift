public import Tensors

/// LAPACK's own measures of a decomposition; each is demanded to stay below 30
/// (LAPACK Working Note 41).
public struct LAPACKTestRatios: Sendable, Equatable {
  /// `‖A − U·s·Vᵀ‖₁ / (‖A‖₁·max(m, n)·ε)`.
  public let residual: Double
  /// `‖I − UᵀU‖₁ / (m·ε)`.
  public let leftOrthogonality: Double
  /// `‖I − V·Vᵀ‖₁ / (n·ε)`.
  public let rightOrthogonality: Double

  /// The limit that LAPACK's test programs use.
  public static let limit = 30.0

  /// Whether all three ratios are below the limit.
  public var pass: Bool {
    [residual, leftOrthogonality, rightOrthogonality].allSatisfy { $0 < Self.limit }
  }
}

extension Tensor {
  /// The test ratios of a thin or full decomposition of this matrix [m, n].
  ///
  /// Computed in double precision whatever the element type, on entries scaled by the largest.
  public func lapackTestRatios(
    of decomposition: SingularValueDecomposition<Element>
  ) -> LAPACKTestRatios {
    let epsilon = Double(Element.epsilon)
    let largest = maximumMagnitude()
    // Scaling by a power of two is exact and keeps the norms of extreme matrices in range.
    let exponent = largest > 0 ? -largest.exponent : 0
    let half = Element(sign: .plus, exponent: exponent / 2, significand: 1)
    let rest = Element(sign: .plus, exponent: exponent - exponent / 2, significand: 1)
    let a = (self * half * rest).converted(to: Double.self)
    let scaled = SingularValueDecomposition(
      u: decomposition.u.converted(to: Double.self),
      singularValues: decomposition.singularValues.map { Double($0 * half * rest) },
      vt: decomposition.vt.converted(to: Double.self))
    let difference = (a - scaled.reconstructed()).oneNorm()
    let norm = a.oneNorm()
    let size = Double(Swift.max(rows, columns, 1))
    return LAPACKTestRatios(
      residual: norm > 0 ? difference / (norm * size * epsilon) : difference / epsilon,
      leftOrthogonality: orthogonalityLoss(scaled.u, transposed: true)
        / (Double(Swift.max(rows, 1)) * epsilon),
      rightOrthogonality: orthogonalityLoss(scaled.vt, transposed: false)
        / (Double(Swift.max(columns, 1)) * epsilon))
  }
}

/// `‖I − XᵀX‖₁`, or `‖I − XXᵀ‖₁` when the rows are the orthonormal vectors.
private func orthogonalityLoss(_ x: Tensor<Double>, transposed: Bool) -> Double {
  let gram = Tensor.matrixProduct(x, x, transposeA: transposed, transposeB: !transposed)
  return (.identity(gram.rows) - gram).oneNorm()
}

extension Tensor {
  /// The largest column sum of absolute values.
  func oneNorm() -> Double {
    guard rows > 0, columns > 0 else { return 0 }
    let sums = mapped { $0.magnitude }.sum(axis: 0)
    // Written so that a NaN stays: `max` would drop it.
    return sums.elements.reduce(0) { Double($1) <= $0 ? $0 : Double($1) }
  }
}
