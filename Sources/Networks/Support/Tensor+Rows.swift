import Tensors

/// Tensors as matrices whose rows are the last axis.
extension Tensor {
  /// [n, d] of […, d].
  var flattened: Tensor {
    let width = shape[shape.rank - 1]
    return reshaped([shape.dimensions.dropLast().reduce(1, *), width])
  }

  /// A vector added to every row of a matrix.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func addingToRows(_ vector: Tensor) -> Tensor {
    var result = self
    let (rows, columns) = (self.rows, self.columns)
    result.withUnsafeMutableElements { target in
      vector.withUnsafeElements { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for row in 0..<rows { Element.vectorAdd(columns, source, to: target + row * columns) }
      }
    }
    return result
  }

  /// Σ over the rows of a matrix.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func columnSums() -> Tensor {
    var result = Tensor.zeros([columns])
    let (rows, columns) = (self.rows, self.columns)
    result.withUnsafeMutableElements { target in
      withUnsafeElements { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for row in 0..<rows { Element.vectorAdd(columns, source + row * columns, to: target) }
      }
    }
    return result
  }

  /// The tensor with an axis behind all others.
  func movingLast(_ axis: Int) -> Tensor {
    axis == shape.rank - 1 ? self : permuted(shape.orderEnding(with: axis))
  }

  /// What `movingLast` undoes.
  func movingBack(_ axis: Int) -> Tensor {
    guard axis != shape.rank - 1 else { return self }
    var places = Array(0..<shape.rank - 1)
    places.insert(shape.rank - 1, at: axis)
    return permuted(places)
  }

  /// A copy of which a body has changed each row in place.
  @inline(__always)
  func changingRows(_ body: (Int, UnsafeMutablePointer<Element>) -> Void) -> Tensor {
    var result = self
    let width = shape[shape.rank - 1]
    result.withUnsafeMutableElements { target in
      guard let target = target.baseAddress, width > 0 else { return }
      for start in stride(from: 0, to: shape.count, by: width) { body(width, target + start) }
    }
    return result
  }

  /// The same with the rows of another tensor of the shape beside.
  @inline(__always)
  func changingRows(
    beside other: Tensor,
    _ body: (Int, UnsafeMutablePointer<Element>, UnsafePointer<Element>) -> Void
  ) -> Tensor {
    other.withUnsafeElements { other in
      var start = 0
      return changingRows { count, row in
        guard let base = other.baseAddress else { return }
        body(count, row, base + start)
        start += count
      }
    }
  }

  /// Σ xᵢyᵢ over each row of two tensors [.., n]: [..].
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func rowDots(_ other: Tensor) -> Tensor {
    let width = shape[shape.rank - 1]
    let rows = Shape(Array(shape.dimensions.dropLast()))
    return withUnsafeElements { x in
      other.withUnsafeElements { y in
        Tensor(uninitialized: rows) { target in
          guard let x = x.baseAddress, let y = y.baseAddress else { return }
          Parallel.forEachRange(rows.count, grain: max(1, (1 << 15) / max(1, width))) { range in
            for row in range {
              target.initializeElement(
                at: row, to: Element.vectorDot(width, x + row * width, y + row * width))
            }
          }
        }
      }
    }
  }
}

extension Shape {
  fileprivate func orderEnding(with axis: Int) -> [Int] {
    (0..<rank).filter { $0 != axis } + [axis]
  }
}
