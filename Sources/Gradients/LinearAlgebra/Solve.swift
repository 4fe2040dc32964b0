import Factorizations
import Tensors

/// X = op(A)⁻¹·B for matrices A [.., n, n] and B [.., n, k]; op may transpose.
///
/// op(A)·Ẋ = Ḃ − op(Ȧ)·X; B̄ = op(A)⁻ᵀ·X̄, Ā = −B̄·Xᵀ, or its transpose (Giles 2008, 2.3.1).
struct Solve: Primitive {
  /// Which places of A are read.
  enum Kind: String, Sendable {
    case general = "solve"
    case lowerTriangle = "solve_lower"
    case upperTriangle = "solve_upper"
  }

  let kind: Kind
  let transposed: Bool

  var name: String { kind.rawValue }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    let n = try inputs[0].squareSize(of: name)
    let rows = try inputs[1].matrixSize(of: name).rows
    guard inputs[0].batch == inputs[1].batch, rows == n else {
      throw .shape("\(name) of \(inputs[0]) and \(inputs[1]): the shapes do not fit")
    }
    return [inputs[1]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    var solutions: [Tensor<Element>] = []
    for (a, b) in zip(inputs[0].unstacked(), inputs[1].unstacked()) {
      solutions.append(
        kind == .general
          ? try a.luDecomposition().solve(b, transposed: transposed)
          : try a.solveTriangle(b, isUpper: kind == .upperTriangle, transposed: transposed))
    }
    let each: Shape = [inputs[1].matrixRows, inputs[1].matrixColumns]
    return [.stacked(solutions, batch: inputs[1].shape.batch, each: each)]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    var right = tangents[1]
    if let tangent = tangents[0] {
      let change = masked(tangent)
      let product = (transposed ? change.transposed() : change).matrixProduct(outputs[0])
      right = right.map { $0 - product } ?? -product
    }
    guard let right else { return [nil] }
    return try V.apply(self, to: [inputs[0], right])
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil, nil] }
    let back = Solve(kind: kind, transposed: !transposed)
    let right = try V.apply(back, to: [inputs[0], adjoint])[0]
    guard needed[0] else { return [nil, right] }
    let (x, b) = (outputs[0], -right)
    let product =
      transposed ? x.matrixProduct(b.transposed()) : b.matrixProduct(x.transposed())
    return [masked(product), right]
  }

  private func masked<V: TensorValue>(_ a: V) -> V {
    kind == .general
      ? a : a * V.triangleMask(a.matrixRows, isUpper: kind == .upperTriangle)
  }
}

/// Y = A⁻¹: Ẏ = −Y·Ȧ·Y, Ā = −Yᵀ·Ȳ·Yᵀ (Giles 2008, 2.2.3).
struct Inverse: Primitive {
  var name: String { "inv" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    _ = try inputs[0].squareSize(of: name)
    return [inputs[0]]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let n = inputs[0].matrixRows
    return [
      try inputs[0].mappingMatrices { (a) throws(NumericalError) in
        try a.luDecomposition().solve(.identity(n))
      }
    ]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    let y = outputs[0]
    return [tangents[0].map { -y.matrixProduct($0).matrixProduct(y) }]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    let y = outputs[0].transposed()
    return [adjoints[0].map { -y.matrixProduct($0).matrixProduct(y) }]
  }
}

extension TensorValue {
  /// X with A·X = B (or Aᵀ·X = B) for this A [.., n, n] and B [.., n, k], or a vector b [n].
  ///
  /// - Throws: `NumericalError.singular`, `.notFinite`, `.shape`.
  func solve(
    _ b: Self, _ kind: Solve.Kind = .general, transposed: Bool = false
  ) throws(NumericalError) -> Self {
    let n = try shape.squareSize(of: kind.rawValue)
    let isVector = b.shape.rank == 1
    let right = isVector ? b.reshaped([b.shape[0], 1]) : b
    _ = try right.shape.matrixSize(of: kind.rawValue)
    guard right.matrixRows == n,
      let batch = Shape(shape.batch).broadcast(with: Shape(right.shape.batch))
    else { throw .shape("\(kind.rawValue) of \(shape) and \(b.shape): the shapes do not fit") }
    let x = try Self.apply(
      Solve(kind: kind, transposed: transposed),
      to: [
        broadcast(to: Shape(batch.dimensions + [n, n])),
        right.broadcast(to: Shape(batch.dimensions + [n, right.matrixColumns])),
      ])[0]
    return isVector ? x.reshaped(Shape(x.shape.dimensions.dropLast())) : x
  }

  /// A⁻¹.
  ///
  /// - Throws: `NumericalError.singular`, `.notFinite`, `.shape`.
  func inverse() throws(NumericalError) -> Self { try Self.apply(Inverse(), to: [self])[0] }
}
