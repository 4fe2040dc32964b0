import Einsum
import Tensors

/// Matrices along the last two axes; those before number them, as in NumPy.
extension Shape {
  /// The axes before the last two.
  var batch: [Int] { Array(dimensions.dropLast(2)) }

  /// The same batch of matrices of other sizes.
  func matrices(_ rows: Int, _ columns: Int) -> Shape { Shape(batch + [rows, columns]) }

  /// The last two sizes.
  ///
  /// - Throws: `NumericalError.shape` for fewer axes.
  func matrixSize(of name: String) throws(NumericalError) -> (rows: Int, columns: Int) {
    guard rank >= 2 else { throw .shape("\(name) of \(self): a matrix is needed") }
    return (self[rank - 2], self[rank - 1])
  }

  /// The last two sizes, which have to be equal.
  ///
  /// - Throws: `NumericalError.shape`.
  func squareSize(of name: String) throws(NumericalError) -> Int {
    let (rows, columns) = try matrixSize(of: name)
    guard rows == columns else { throw .shape("\(name) of \(self): a square matrix is needed") }
    return rows
  }
}

extension Tensor {
  /// The matrices one by one.
  func unstacked() -> [Tensor] {
    guard shape.rank > 2 else { return [self] }
    let size: Shape = [shape[shape.rank - 2], shape[shape.rank - 1]]
    return (0..<shape.batch.reduce(1, *)).map { index in
      strided(size, origin: index * size.count, strides: size.strides)
    }
  }

  /// Square matrices changed one by one into others of their size.
  func mappingMatrices(
    _ transform: (Tensor) throws(NumericalError) -> Tensor
  ) throws(NumericalError) -> Tensor {
    var results: [Tensor] = []
    for matrix in unstacked() { results.append(try transform(matrix)) }
    let n = shape[shape.rank - 1]
    return .stacked(results, batch: shape.batch, each: [n, n])
  }

  /// What `unstacked` took apart: tensors of one shape, numbered by `batch`.
  static func stacked(_ tensors: [Tensor], batch: [Int], each: Shape) -> Tensor {
    let shape = Shape(batch + each.dimensions)
    if batch.isEmpty { return tensors[0].reshaped(shape) }
    return Tensor(uninitialized: shape) { target in
      for (index, tensor) in tensors.enumerated() {
        tensor.withUnsafeElements { source in
          for i in 0..<source.count {
            target.initializeElement(at: index * source.count + i, to: source[i])
          }
        }
      }
    }
  }
}

extension TensorValue {
  /// The number of rows of the matrices.
  var matrixRows: Int { shape[shape.rank - 2] }
  /// The number of columns of the matrices.
  var matrixColumns: Int { shape[shape.rank - 1] }

  /// The diagonals [.., n] of square matrices.
  func diagonals() -> Self {
    let labels = Array(0..<shape.rank - 1)
    return Self.einsum(
      Contraction(
        operands: [labels + [shape.rank - 2]], output: labels,
        sizes: Array(shape.dimensions.dropLast()), names: labels.map { "\($0)" }), [self])
  }

  /// The diagonal matrices [.., n, n] of vectors.
  func diagonalMatrices() -> Self {
    let n = shape[shape.rank - 1]
    let result = Shape(shape.dimensions + [n])
    var strides = Array(result.strides.dropLast())
    strides[strides.count - 1] += 1
    return Self.total(
      StridedWriting(
        name: "diag",
        positions: StridedPositions(source: result, result: shape, origin: 0, strides: strides)),
      self)
  }

  /// The symmetric parts ½(A + Aᵀ).
  func symmetrized() -> Self { Self(0.5) * (self + transposed()) }

  /// The sums of the products of all places of the matrices [.., 1, 1] → [..].
  func innerProducts(_ other: Self) -> Self {
    (self * other).summed(to: shape.matrices(1, 1)).reshaped(Shape(shape.batch))
  }

  /// Scalars [..] as matrices [.., 1, 1].
  func asMatrices() -> Self { reshaped(Shape(shape.dimensions + [1, 1])) }

  /// Vectors [.., n] as rows [.., 1, n].
  func asRows() -> Self {
    reshaped(Shape(shape.dimensions.dropLast() + [1, shape[shape.rank - 1]]))
  }

  /// 1 in one triangle of n×n, `diagonal` on the diagonal, else 0.
  static func triangleMask(_ n: Int, isUpper: Bool, diagonal: Double = 1) -> Self {
    Self(
      constant: Tensor(
        [n, n],
        (0..<n * n).map { place in
          let (i, j) = (place / n, place % n)
          return i == j ? Element(diagonal) : (j > i) == isUpper ? 1 : 0
        }))
  }
}
