import Factorizations
import Tensors

/// y = det A: ẏ = y·tr(A⁻¹·Ȧ), Ā = ȳ·y·A⁻ᵀ (Jacobi's formula).
///
/// A singular matrix has a determinant, 0, but no derivative by this formula: it throws.
struct Determinant: Primitive {
  var name: String { "det" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    _ = try inputs[0].squareSize(of: name)
    return [Shape(inputs[0].batch)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    var values: [Element] = []
    for a in inputs[0].unstacked() { values.append(try a.luDecomposition().determinant) }
    return [Tensor(Shape(inputs[0].shape.batch), values)]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    return [outputs[0] * (try inputs[0].inverse().transposed().innerProducts(tangent))]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    return [(adjoint * outputs[0]).asMatrices() * (try inputs[0].inverse().transposed())]
  }
}

/// s = sign det A, y = log |det A|: ẏ = tr(A⁻¹·Ȧ), Ā = ȳ·A⁻ᵀ; s has the derivative zero.
struct LogDeterminant: Primitive {
  var name: String { "slogdet" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    _ = try inputs[0].squareSize(of: name)
    return [Shape(inputs[0].batch), Shape(inputs[0].batch)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    var (signs, logarithms): ([Element], [Element]) = ([], [])
    for a in inputs[0].unstacked() {
      let (sign, logarithm) = try a.luDecomposition().logDeterminant
      signs.append(sign)
      logarithms.append(logarithm)
    }
    let shape = Shape(inputs[0].shape.batch)
    return [Tensor(shape, signs), Tensor(shape, logarithms)]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil, nil] }
    return [nil, try inputs[0].inverse().transposed().innerProducts(tangent)]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[1] else { return [nil] }
    return [adjoint.asMatrices() * (try inputs[0].inverse().transposed())]
  }
}

extension TensorValue {
  /// The determinants [..] of matrices [.., n, n].
  func determinant() throws(NumericalError) -> Self {
    try Self.apply(Determinant(), to: [self])[0]
  }

  /// The signs and the logarithms of the absolute values of the determinants.
  func signAndLogDeterminant() throws(NumericalError) -> (sign: Self, logarithm: Self) {
    let results = try Self.apply(LogDeterminant(), to: [self])
    return (results[0], results[1])
  }
}
