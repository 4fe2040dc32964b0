import Tensors

/// F[i, j] = 1/(wⱼ − wᵢ) and 0 on the diagonal, for vectors w [.., n]: what derivatives of eigenvectors
/// divide by. Ḟ = −F∘F∘(ẇⱼ − ẇᵢ). Equal values throw: their vectors have no derivative.
struct ReciprocalGaps: Primitive {
  /// What the numbers are called where two are equal.
  let what: String

  var name: String { "gaps" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard let n = inputs[0].dimensions.last else { throw .shape("gaps of a scalar") }
    return [Shape(inputs[0].dimensions + [n])]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let n = inputs[0].shape.dimensions.last ?? 0
    var result: [Element] = []
    for start in stride(from: 0, to: inputs[0].count, by: max(1, n)) {
      let w = Array(inputs[0].elements[start..<start + n])
      // Nearer than rounding could tell apart.
      let least = Element(n) * Element.epsilon * (w.map { $0.magnitude }.max() ?? 0)
      for i in 0..<n {
        for j in 0..<n {
          guard i == j || (w[j] - w[i]).magnitude > least else {
            throw .degenerate(
              "the \(what) \(min(i, j)) and \(max(i, j)) are equal: their vectors have no derivative"
            )
          }
          result.append(i == j ? 0 : 1 / (w[j] - w[i]))
        }
      }
    }
    return [Tensor(try shapes(of: [inputs[0].shape])[0], result)]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    let f = outputs[0]
    return [
      tangents[0].map { tangent in
        let rows = tangent.asRows()
        return f * f * (rows.transposed() - rows)
      }
    ]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    let g = outputs[0] * outputs[0] * adjoint
    let n = inputs[0].shape[inputs[0].shape.rank - 1]
    let rows = g.summed(to: g.shape.matrices(n, 1)).reshaped(inputs[0].shape)
    let columns = g.summed(to: g.shape.matrices(1, n)).reshaped(inputs[0].shape)
    return [rows - columns]
  }
}

/// y = 1/s for singular values s [.., n]; zero throws.
struct ReciprocalSingularValues: Primitive {
  /// The larger side of the matrix, which says how much of a value is rounding.
  let side: Int

  var name: String { "reciprocal" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] { [inputs[0]] }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let s = inputs[0]
    let least = Element(side) * Element.epsilon * s.maximumMagnitude()
    if let place = s.elements.firstIndex(where: { $0 <= least }) {
      let n = max(1, s.shape.dimensions.last ?? 1)
      throw .degenerate("singular value \(place % n) is zero: its vectors have no derivative")
    }
    return [s.mapped { 1 / $0 }]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    [tangents[0].map { -outputs[0] * outputs[0] * $0 }]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    [adjoints[0].map { -outputs[0] * outputs[0] * $0 }]
  }
}
