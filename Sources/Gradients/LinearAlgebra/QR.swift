import Factorizations
import Tensors

/// A = Q·R for matrices [.., m, n] with m ≥ n: orthonormal columns, an upper triangle.
///
/// With C = Qᵀ·Ȧ·R⁻¹ and the skew Ω of its lower triangle: Q̇ = Q·Ω + (I − Q·Qᵀ)·Ȧ·R⁻¹, Ṙ = (C − Ω)·R.
/// Ā = (Q̄ + Q·S)·R⁻ᵀ, S the symmetric matrix of the lower triangle of R·R̄ᵀ − Q̄ᵀ·Q (Walter & Lehmann 2013).
struct QR: Primitive {
  var name: String { "qr" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    let (m, n) = try inputs[0].matrixSize(of: name)
    guard m >= n else { throw .shape("qr of \(inputs[0]): more columns than rows") }
    return [inputs[0], inputs[0].matrices(n, n)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    var (q, r): ([Tensor<Element>], [Tensor<Element>]) = ([], [])
    for a in inputs[0].unstacked() {
      let factors = try a.qrDecomposition()
      q.append(factors.q)
      r.append(factors.r)
    }
    let (m, n) = (inputs[0].matrixRows, inputs[0].matrixColumns)
    let batch = inputs[0].shape.batch
    return [.stacked(q, batch: batch, each: [m, n]), .stacked(r, batch: batch, each: [n, n])]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil, nil] }
    let (q, r) = (outputs[0], outputs[1])
    let scaled = try r.solve(tangent.transposed(), .upperTriangle, transposed: true).transposed()
    let c = q.transposed().matrixProduct(scaled)
    let lower = c * V.triangleMask(r.matrixRows, isUpper: false, diagonal: 0)
    let skew = lower - lower.transposed()
    return [q.matrixProduct(skew - c) + scaled, (c - skew).matrixProduct(r)]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    let (q, r) = (outputs[0], outputs[1])
    let first = adjoints[1].map { r.matrixProduct($0.transposed()) }
    let second = adjoints[0].map { -$0.transposed().matrixProduct(q) }
    guard let m = first.flatMap({ first in second.map { first + $0 } ?? first }) ?? second else {
      return [nil]
    }
    let lower = m * V.triangleMask(r.matrixRows, isUpper: false, diagonal: 0.5)
    let product = q.matrixProduct(lower + lower.transposed())
    let inner = adjoints[0].map { $0 + product } ?? product
    return [try r.solve(inner.transposed(), .upperTriangle).transposed()]
  }
}

extension TensorValue {
  /// The thin QR decompositions of matrices [.., m, n], m ≥ n.
  ///
  /// - Throws: `NumericalError.shape`, `.notFinite`; a derivative `.singular` without full rank.
  func qr() throws(NumericalError) -> (q: Self, r: Self) {
    let results = try Self.apply(QR(), to: [self])
    return (results[0], results[1])
  }

  /// The x that makes ‖A·x − b‖ least, for A [m, n] of full column rank: R⁻¹·Qᵀ·b.
  ///
  /// - Throws: `NumericalError.singular` where a pivot of R is zero, `.shape`, `.notFinite`.
  func leastSquares(_ b: Self) throws(NumericalError) -> Self {
    let isVector = b.shape.rank == 1
    let right = isVector ? b.reshaped([b.shape[0], 1]) : b
    guard shape.rank == 2, right.shape.rank == 2, right.matrixRows == matrixRows else {
      throw .shape("lstsq of \(shape) and \(b.shape): the shapes do not fit")
    }
    guard matrixRows >= matrixColumns else {
      throw .shape("lstsq of \(shape): a matrix with no more columns than rows is needed")
    }
    let (q, r) = try qr()
    let x = try r.solve(q.transposed().matrixProduct(right), .upperTriangle)
    return isVector ? x.reshaped([x.matrixRows]) : x
  }
}
