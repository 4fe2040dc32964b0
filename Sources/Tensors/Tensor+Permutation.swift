/// The side of the square tiles in which a matrix is transposed: two tiles of doubles fit the
/// first-level cache.
private let transpositionTile = 32

extension Tensor {
  /// The transpose of a matrix, as a copy. Products need none: they take a flag.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func transposed() -> Tensor {
    let (m, n) = (rows, columns)
    return withUnsafeElements { source in
      Tensor(uninitialized: [n, m]) { target in
        for rowStart in stride(from: 0, to: m, by: transpositionTile) {
          for columnStart in stride(from: 0, to: n, by: transpositionTile) {
            for j in columnStart..<Swift.min(columnStart + transpositionTile, n) {
              for i in rowStart..<Swift.min(rowStart + transpositionTile, m) {
                target.initializeElement(at: j * m + i, to: source[i * n + j])
              }
            }
          }
        }
      }
    }
  }

  /// The tensor with its axes in another order: axis d of the result is axis `axes[d]` of this.
  ///
  /// `axes` that are no permutation trap.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(axes.sorted() == Array(0..<shape.rank), "\(axes) does not permute \(shape)")
    if axes == Array(0..<shape.rank) { return self }
    if axes == [1, 0] { return transposed() }
    let strides = shape.strides
    let permutedStrides = axes.map { strides[$0] }
    return strided(Shape(axes.map { shape[$0] }), origin: 0, strides: permutedStrides)
  }
}
