import Factorizations
import Tensors

/// A = U·diag(s)·Vᵀ for matrices [.., m, n], thin: U [.., m, r], s [.., r], Vᵀ [.., r, n].
///
/// With P = Uᵀ·Ȧ·V, S = diag s, F = 1/(sⱼ² − sᵢ²): ṡ = diag P, U̇ = U·(F∘(P·S + S·Pᵀ)) + (I − U·Uᵀ)·Ȧ·V·S⁻¹,
/// V̇ = V·(F∘(S·P + Pᵀ·S)) + (I − V·Vᵀ)·Ȧᵀ·U·S⁻¹, and Ā by their transpose (Townsend 2016; Giles 2008, 3.2).
struct SVD: Primitive {
  var name: String { "svd" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    let (m, n) = try inputs[0].matrixSize(of: name)
    let r = min(m, n)
    return [inputs[0].matrices(m, r), Shape(inputs[0].batch + [r]), inputs[0].matrices(r, n)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let (m, n) = (inputs[0].matrixRows, inputs[0].matrixColumns)
    let r = min(m, n)
    var (u, s, vt): ([Tensor<Element>], [Tensor<Element>], [Tensor<Element>]) = ([], [], [])
    for a in inputs[0].unstacked() {
      let factors = try a.singularValueDecomposition()
      u.append(factors.u)
      s.append(Tensor([r], factors.singularValues))
      vt.append(factors.vt)
    }
    let batch = inputs[0].shape.batch
    return [
      .stacked(u, batch: batch, each: [m, r]), .stacked(s, batch: batch, each: [r]),
      .stacked(vt, batch: batch, each: [r, n]),
    ]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil, nil, nil] }
    let (u, s, vt) = (outputs[0], outputs[1], outputs[2])
    let (ut, v) = (u.transposed(), vt.transposed())
    let right = tangent.matrixProduct(v)
    let left = ut.matrixProduct(tangent)
    let p = ut.matrixProduct(right)
    let (f, columns) = (try gaps(s), s.asRows())
    let rows = columns.transposed()
    let pt = p.transposed()
    var du = u.matrixProduct(f * (p * columns + rows * pt))
    var dvt = (f * (rows * p + pt * columns)).transposed().matrixProduct(vt)
    if u.matrixRows > u.matrixColumns {
      du = du + (right - u.matrixProduct(p)) * (try reciprocal(s, inputs[0])).asRows()
    }
    if vt.matrixColumns > vt.matrixRows {
      let factors = try reciprocal(s, inputs[0]).asRows().transposed()
      dvt = dvt + factors * (left - p.matrixProduct(vt))
    }
    return [du, p.diagonals(), dvt]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    let (u, s, vt) = (outputs[0], outputs[1], outputs[2])
    let (ut, columns) = (u.transposed(), s.asRows())
    let rows = columns.transposed()
    // Ā = U·inner·Vᵀ + what lies beside U or beside V.
    var inner = adjoints[1].map { $0.diagonalMatrices() }
    var beside: V?
    if let adjoint = adjoints[0] {
      let q = ut.matrixProduct(adjoint)
      let f = try gaps(s)
      let term = (f * (q - q.transposed())) * columns
      inner = inner.map { $0 + term } ?? term
      if u.matrixRows > u.matrixColumns {
        let rest = (adjoint - u.matrixProduct(q)) * (try reciprocal(s, inputs[0])).asRows()
        beside = rest.matrixProduct(vt)
      }
    }
    if let adjoint = adjoints[2] {
      // The adjoint of Vᵀ is the transpose of that of V.
      let q = adjoint.matrixProduct(vt.transposed())
      let f = try gaps(s)
      let term = rows * (f * (q.transposed() - q))
      inner = inner.map { $0 + term } ?? term
      if vt.matrixColumns > vt.matrixRows {
        let factors = try reciprocal(s, inputs[0]).asRows().transposed()
        let rest = u.matrixProduct(factors * (adjoint - q.matrixProduct(vt)))
        beside = beside.map { $0 + rest } ?? rest
      }
    }
    guard let inner else { return [nil] }
    let result = u.matrixProduct(inner).matrixProduct(vt)
    return [beside.map { result + $0 } ?? result]
  }

  private func gaps<V: TensorValue>(_ s: V) throws(NumericalError) -> V {
    try V.apply(ReciprocalGaps(what: "singular values"), to: [s * s])[0]
  }

  private func reciprocal<V: TensorValue>(_ s: V, _ a: V) throws(NumericalError) -> V {
    let side = max(a.matrixRows, a.matrixColumns)
    return try V.apply(ReciprocalSingularValues(side: side), to: [s])[0]
  }
}

/// The singular values s of `SVD` alone: ṡ = diag(Uᵀ·Ȧ·V), Ā = U·diag(s̄)·Vᵀ. Equal ones are no obstacle to
/// first derivatives.
struct SingularValues: Primitive {
  var name: String { "svdvals" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    [try SVD().shapes(of: inputs)[1]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let r = min(inputs[0].matrixRows, inputs[0].matrixColumns)
    var values: [Tensor<Element>] = []
    for a in inputs[0].unstacked() { values.append(Tensor([r], try a.singularValues())) }
    return [.stacked(values, batch: inputs[0].shape.batch, each: [r])]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    let factors = try V.apply(SVD(), to: inputs)
    let turned = tangent.matrixProduct(factors[2].transposed())
    let r = factors[0].matrixColumns
    return [
      (factors[0] * turned).summed(to: turned.shape.matrices(1, r)).reshaped(outputs[0].shape)
    ]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    let factors = try V.apply(SVD(), to: inputs)
    return [(factors[0] * adjoint.asRows()).matrixProduct(factors[2])]
  }
}
