import Factorizations
import Tensors

/// A = P·L·U of square matrices [.., n, n]: a permutation, a lower triangle with ones on the diagonal,
/// an upper triangle.
///
/// With M = L⁻¹·Pᵀ·Ȧ·U⁻¹: L̇ = L·(M below the diagonal), U̇ = (M from the diagonal up)·U;
/// Ā = P·L⁻ᵀ·(below(Lᵀ·L̄) + above(Ū·Uᵀ))·U⁻ᵀ. P has the derivative zero.
struct LU: Primitive {
  var name: String { "lu" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    _ = try inputs[0].squareSize(of: name)
    return [inputs[0], inputs[0], inputs[0]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    var factors: [[Tensor<Element>]] = [[], [], []]
    for a in inputs[0].unstacked() {
      let (p, l, u) = try a.luFactors()
      factors[0].append(p)
      factors[1].append(l)
      factors[2].append(u)
    }
    let (n, batch) = (inputs[0].matrixRows, inputs[0].shape.batch)
    return factors.map { .stacked($0, batch: batch, each: [n, n]) }
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil, nil, nil] }
    let (p, l, u) = (outputs[0], outputs[1], outputs[2])
    let n = l.matrixRows
    let left = try l.solve(p.transposed().matrixProduct(tangent), .lowerTriangle)
    let m = try u.solve(left.transposed(), .upperTriangle, transposed: true).transposed()
    return [
      nil, l.matrixProduct(m * V.triangleMask(n, isUpper: false, diagonal: 0)),
      (m * V.triangleMask(n, isUpper: true)).matrixProduct(u),
    ]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    let (p, l, u) = (outputs[0], outputs[1], outputs[2])
    let n = l.matrixRows
    let below = adjoints[1].map {
      l.transposed().matrixProduct($0) * V.triangleMask(n, isUpper: false, diagonal: 0)
    }
    let above = adjoints[2].map {
      $0.matrixProduct(u.transposed()) * V.triangleMask(n, isUpper: true)
    }
    guard let inner = below.flatMap({ below in above.map { below + $0 } ?? below }) ?? above else {
      return [nil]
    }
    let left = try l.solve(inner, .lowerTriangle, transposed: true)
    let right = try u.solve(left.transposed(), .upperTriangle).transposed()
    return [p.matrixProduct(right)]
  }
}
