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
    return gathered(Shape(axes.map { shape[$0] }), origin: 0, strides: permutedStrides)
  }

  /// The block of elements whose index lies in the given range on every axis.
  ///
  /// One range per axis; a range outside the shape traps.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func sliced(_ ranges: [Range<Int>]) -> Tensor {
    precondition(ranges.count == shape.rank, "\(ranges.count) ranges into the shape \(shape)")
    let strides = shape.strides
    var origin = 0
    for (axis, range) in ranges.enumerated() {
      precondition(
        range.lowerBound >= 0 && range.upperBound <= shape[axis],
        "range \(range) outside axis \(axis) of \(shape)")
      origin += range.lowerBound * strides[axis]
    }
    return gathered(Shape(ranges.map(\.count)), origin: origin, strides: strides)
  }

  /// A block of rows of a matrix.
  public func rows(_ range: Range<Int>) -> Tensor { sliced([range, 0..<columns]) }

  /// A block of columns of a matrix.
  public func columns(_ range: Range<Int>) -> Tensor { sliced([0..<rows, range]) }

  /// The elements at `origin + Σ index·stride`, walked in row-major order of the result.
  @inline(__always)
  private func gathered(_ result: Shape, origin: Int, strides: [Int]) -> Tensor {
    guard result.count > 0 else { return Tensor(result, []) }
    let inner = result.rank > 0 ? result[result.rank - 1] : 1
    let step = strides.last ?? 1
    return withUnsafeElements { source in
      Tensor(uninitialized: result) { target in
        var index = [Int](repeating: 0, count: result.rank)
        var position = 0
        var offset = origin
        while position < result.count {
          for i in 0..<inner {
            target.initializeElement(at: position + i, to: source[offset + i * step])
          }
          position += inner
          // The odometer over the outer axes.
          var axis = result.rank - 2
          while axis >= 0 {
            index[axis] += 1
            offset += strides[axis]
            if index[axis] < result[axis] { break }
            offset -= strides[axis] * result[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }
}
