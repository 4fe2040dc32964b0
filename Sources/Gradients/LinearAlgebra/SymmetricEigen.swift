import Factorizations
import Tensors

/// ½(A + Aᵀ) = V·diag(w)·Vᵀ for matrices [.., n, n]; w ascending.
///
/// With P = Vᵀ·Ȧ·V and F = 1/(wⱼ − wᵢ): ẇ = diag P, V̇ = V·(F∘P); Ā = sym(V·(diag w̄ + F∘(Vᵀ·V̄))·Vᵀ) (Giles
/// 2008, 3.1). Only the vectors need distinct values.
struct SymmetricEigen: Primitive {
  var name: String { "eigh" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    let n = try inputs[0].squareSize(of: name)
    return [Shape(inputs[0].batch + [n]), inputs[0]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    var (values, vectors): ([Tensor<Element>], [Tensor<Element>]) = ([], [])
    for a in inputs[0].unstacked() {
      let factors = try a.symmetrized().symmetricEigendecomposition()
      values.append(factors.values)
      vectors.append(factors.vectors)
    }
    let (n, batch) = (inputs[0].matrixRows, inputs[0].shape.batch)
    return [
      .stacked(values, batch: batch, each: [n]), .stacked(vectors, batch: batch, each: [n, n]),
    ]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil, nil] }
    let (w, v) = (outputs[0], outputs[1])
    let inner = v.transposed().matrixProduct(tangent.symmetrized()).matrixProduct(v)
    return [inner.diagonals(), v.matrixProduct(try gaps(w) * inner)]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    let (w, v) = (outputs[0], outputs[1])
    var inner = adjoints[0].map { $0.diagonalMatrices() }
    if let vectors = adjoints[1] {
      let term = try gaps(w) * v.transposed().matrixProduct(vectors)
      inner = inner.map { $0 + term } ?? term
    }
    return [inner.map { v.matrixProduct($0).matrixProduct(v.transposed()).symmetrized() }]
  }

  private func gaps<V: TensorValue>(_ w: V) throws(NumericalError) -> V {
    try V.apply(ReciprocalGaps(what: "eigenvalues"), to: [w])[0]
  }
}

/// The eigenvalues w of `SymmetricEigen` alone: ẇ = diag(Vᵀ·Ȧ·V), Ā = V·diag(w̄)·Vᵀ. Equal ones are no
/// obstacle to first derivatives.
struct SymmetricEigenvalues: Primitive {
  var name: String { "eigvalsh" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    [try SymmetricEigen().shapes(of: inputs)[0]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [try SymmetricEigen().values(of: inputs)[0]]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    let v = try V.apply(SymmetricEigen(), to: inputs)[1]
    let turned = tangent.symmetrized().matrixProduct(v)
    return [(v * turned).summed(to: v.shape.matrices(1, v.matrixRows)).reshaped(outputs[0].shape)]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    let v = try V.apply(SymmetricEigen(), to: inputs)[1]
    return [(v * adjoint.asRows()).matrixProduct(v.transposed())]
  }
}
