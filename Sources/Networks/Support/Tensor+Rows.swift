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
