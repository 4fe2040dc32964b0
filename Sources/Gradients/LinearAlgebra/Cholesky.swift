import Factorizations
import Tensors

/// The lower triangle L with L·Lᵀ = ½(A + Aᵀ).
///
/// L̇ = L·Φ(L⁻¹·Ȧ·L⁻ᵀ), Ā = sym(L⁻ᵀ·Φ(Lᵀ·L̄)·L⁻¹), where Φ takes the lower triangle with half the diagonal
/// (Murray 2016, "Differentiation of the Cholesky decomposition", arXiv:1602.07527).
struct Cholesky: Primitive {
  var name: String { "cholesky" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    _ = try inputs[0].squareSize(of: name)
    return [inputs[0]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [
      try inputs[0].mappingMatrices { (a) throws(NumericalError) in
        try a.symmetrized().choleskyFactor()
      }
    ]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    let l = outputs[0]
    let left = try l.solve(tangent.symmetrized(), .lowerTriangle)
    let inner = try l.solve(left.transposed(), .lowerTriangle)
    return [l.matrixProduct(half(inner))]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    let l = outputs[0]
    let inner = half(l.transposed().matrixProduct(adjoint))
    let left = try l.solve(inner, .lowerTriangle, transposed: true)
    let both = try l.solve(left.transposed(), .lowerTriangle, transposed: true)
    return [both.symmetrized()]
  }

  private func half<V: TensorValue>(_ a: V) -> V {
    a * V.triangleMask(a.matrixRows, isUpper: false, diagonal: 0.5)
  }
}

extension TensorValue {
  /// The Cholesky factors of the symmetric parts of matrices [.., n, n].
  ///
  /// - Throws: `NumericalError.notPositiveDefinite`, `.notFinite`, `.shape`.
  func cholesky() throws(NumericalError) -> Self { try Self.apply(Cholesky(), to: [self])[0] }
}
