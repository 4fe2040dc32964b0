internal import Tensors

extension Tensor {
  /// Demands what every decomposition needs before LAPACK or BLAS sees the matrix: finite numbers,
  /// sides that 32 bits count, and a norm that the type can hold (no singular value exceeds it).
  ///
  /// - Returns: the scan of the elements.
  /// - Throws: `NumericalError.notFinite`, `.tooLarge`.
  @discardableResult
  func requireDecomposable() throws(NumericalError) -> TensorScan<Element> {
    for side in shape.dimensions { _ = try lapackSize(side, "a side of the \(shape) matrix") }
    let scan = scanned()
    if !scan.isFinite { try requireFinite() }
    // Squares overflow long before the norm does: the exact norm is asked for only then.
    let norm = scan.sumOfSquares.isFinite ? scan.sumOfSquares.squareRoot() : frobeniusNorm()
    guard norm <= Double(Element.greatestFiniteMagnitude) else {
      throw .tooLarge(
        "the norm of the matrix exceeds the largest \(Element.dtypeName) number; scale it down")
    }
    return scan
  }

  /// A power of two that brings the largest entry near 1, when products of entries could
  /// overflow or underflow; nil when the matrix is fine as it is or zero.
  static func rescalingFactor(largest: Element) -> Element? {
    guard largest > 0 else { return nil }
    let limit = Element.greatestFiniteMagnitude.exponent
    guard abs(largest.exponent) > limit / 4 else { return nil }
    // Subnormal numbers would need a factor beyond the type's range.
    return Element(sign: .plus, exponent: Swift.min(-largest.exponent, limit), significand: 1)
  }
}
