// Sums run over fixed blocks whose partial sums are added pairwise: the error grows with the
// logarithm of the length, and the result never depends on the number of threads.

/// The block below which a sum runs straight; NumPy's pairwise sum uses the same.
private let summationBlock = 128

extension Tensor {
  /// The sum of all elements, in double precision whatever the element type.
  ///
  /// Error at most about `(128 + log₂ count)·ε·Σ|x|`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func sum() -> Double {
    withUnsafeElements { pairwise($0, 0, $0.count) { Double($0) } }
  }

  /// The Frobenius norm `√Σx²`, without overflow or underflow on the way.
  ///
  /// Accumulated in double precision: relative error about `log₂(count)·2⁻⁵³`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func frobeniusNorm() -> Double {
    withUnsafeElements { source in
      let squares = pairwise(source, 0, source.count) { Double($0) * Double($0) }
      // Far from both ends of the range of squares the plain sum is already right.
      if squares.isFinite && squares > 0x1p-900 { return squares.squareRoot() }
      let largest = Double(maximumMagnitude())
      guard largest > 0, largest.isFinite else { return largest }
      return largest
        * pairwise(source, 0, source.count) {
          let scaled = Double($0) / largest
          return scaled * scaled
        }.squareRoot()
    }
  }

  /// The largest absolute value; 0 for an empty tensor, NaN does not count.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func maximumMagnitude() -> Element { scanned().largest }

  /// The position of the first NaN or infinity, nil when all is finite.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func firstNonFinite() -> Int? {
    guard !scanned().isFinite else { return nil }
    return withUnsafeElements { source in source.firstIndex { !$0.isFinite } }
  }

  /// Extremes, finiteness and the sum of squares in one pass at memory speed, on all threads.
  ///
  /// Over fixed blocks: the result does not depend on the number of threads.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func scanned() -> TensorScan<Element> {
    let block = 1 << 15
    let blocks = (count + block - 1) / block
    var parts = [TensorScan<Element>](repeating: TensorScan(), count: blocks)
    withUnsafeElements { source in
      parts.withUnsafeMutableBufferPointer { parts in
        Parallel.forEachRange(blocks, grain: 8) { range in
          for i in range {
            let elements = source[i * block..<Swift.min((i + 1) * block, source.count)]
            parts[i] = TensorScan(UnsafeBufferPointer(rebasing: elements))
          }
        }
      }
    }
    return parts.reduce(into: TensorScan()) { total, part in
      total.largest = Swift.max(total.largest, part.largest)
      total.isFinite = total.isFinite && part.isFinite
      total.sumOfSquares += part.sumOfSquares
    }
  }

  /// Demands that every element is a finite number.
  ///
  /// LAPACK needs this before every call: an infinity makes OpenBLAS 0.3.21's SVD loop forever.
  /// - Throws: `NumericalError.notFinite` with the index of the first offender.
  public func requireFinite() throws(NumericalError) {
    guard let position = firstNonFinite() else { return }
    throw .notFinite(index: shape.index(ofPosition: position), value: "\(elements[position])")
  }

  /// The sums along one axis, which disappears from the shape.
  public func sum(axis: Int) -> Tensor { reduced(axis: axis, from: 0) { $0 + $1 } }

  /// The means along one axis; NaN where the axis is empty.
  public func mean(axis: Int) -> Tensor { sum(axis: axis) / Element(shape[axis]) }

  /// The largest elements along one axis; −∞ where the axis is empty.
  public func maximum(axis: Int) -> Tensor {
    reduced(axis: axis, from: -.infinity) { Swift.max($0, $1) }
  }

  /// The smallest elements along one axis; +∞ where the axis is empty.
  public func minimum(axis: Int) -> Tensor {
    reduced(axis: axis, from: .infinity) { Swift.min($0, $1) }
  }

  /// Folds one axis. The innermost axis is walked contiguously whichever one is folded.
  @inlinable
  public func reduced(
    axis: Int, from initial: Element, _ combine: (Element, Element) -> Element
  ) -> Tensor {
    precondition(axis >= 0 && axis < shape.rank, "axis \(axis) of a tensor of shape \(shape)")
    let length = shape[axis]
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    let outer = shape.dimensions[..<axis].reduce(1, *)
    let kept = Shape(Array(shape.dimensions[..<axis] + shape.dimensions[(axis + 1)...]))
    return withUnsafeElements { source in
      Tensor(uninitialized: kept) { target in
        target.initialize(repeating: initial)
        for o in 0..<outer {
          for l in 0..<length {
            let base = (o * length + l) * inner
            for i in 0..<inner {
              target[o * inner + i] = combine(target[o * inner + i], source[base + i])
            }
          }
        }
      }
    }
  }
}

/// The pairwise sum of `term(x)` over `count` elements from `start`.
@inline(__always)
private func pairwise<Element: Scalar>(
  _ source: UnsafeBufferPointer<Element>, _ start: Int, _ count: Int,
  _ term: (Element) -> Double
) -> Double {
  // Iterative: partial sums of 1, 2, 4 … blocks wait on a small stack, as in binary counting.
  withUnsafeTemporaryAllocation(of: Double.self, capacity: 64) { stack in
    var depth = 0
    var block = 0
    var i = start
    let end = start + count
    while i < end {
      let blockEnd = min(i + summationBlock, end)
      // Four running sums per block keep the adders busy.
      var a = 0.0, b = 0.0, c = 0.0, d = 0.0
      while i + 4 <= blockEnd {
        a += term(source[i])
        b += term(source[i + 1])
        c += term(source[i + 2])
        d += term(source[i + 3])
        i += 4
      }
      while i < blockEnd {
        a += term(source[i])
        i += 1
      }
      var partial = (a + b) + (c + d)
      block += 1
      for _ in 0..<block.trailingZeroBitCount {
        depth -= 1
        partial += stack[depth]
      }
      stack.initializeElement(at: depth, to: partial)
      depth += 1
    }
    var total = 0.0
    while depth > 0 {
      depth -= 1
      total += stack[depth]
    }
    return total
  }
}
