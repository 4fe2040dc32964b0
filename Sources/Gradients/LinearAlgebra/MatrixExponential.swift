import Factorizations
import Tensors

/// Y = e^A of matrices [.., n, n]. The derivative along Ȧ is the upper right block of the exponential
/// of [[A, Ȧ], [0, A]]; the adjoint is the derivative at Aᵀ along Ȳ (Mathias 1996; Al-Mohy & Higham
/// 2009).
struct MatrixExponential: Primitive {
  var name: String { "expm" }

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
      try inputs[0].mappingMatrices { (a) throws(NumericalError) in try a.matrixExponential() }
    ]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    return [try derivative(at: inputs[0], along: tangent)]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    return [try derivative(at: inputs[0].transposed(), along: adjoint)]
  }

  /// The Fréchet derivative.
  private func derivative<V: TensorValue>(at a: V, along e: V) throws(NumericalError) -> V {
    let (n, axis) = (a.matrixRows, a.shape.rank - 1)
    let upper = try V.concatenated([a, e], axis: axis)
    let lower = try V.concatenated([a.zeros(), a], axis: axis)
    let block = try V.apply(self, to: [try V.concatenated([upper, lower], axis: axis - 1)])[0]
    let batch = a.shape.batch.map { AxisSlice(start: 0, count: $0) }
    return try block.sliced(
      batch + [AxisSlice(start: 0, count: n), AxisSlice(start: n, count: n)])
  }
}

extension TensorValue {
  /// The matrix exponentials of matrices [.., n, n].
  ///
  /// - Throws: `NumericalError.shape`, `.notFinite`, `.tooLarge` where they overflow.
  func matrixExponential() throws(NumericalError) -> Self {
    try Self.apply(MatrixExponential(), to: [self])[0]
  }
}
