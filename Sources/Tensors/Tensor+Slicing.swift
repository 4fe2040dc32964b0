extension Tensor {
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
    return strided(Shape(ranges.map(\.count)), origin: origin, strides: strides)
  }

  /// A block of rows of a matrix.
  public func rows(_ range: Range<Int>) -> Tensor { sliced([range, 0..<columns]) }

  /// A block of columns of a matrix.
  public func columns(_ range: Range<Int>) -> Tensor { sliced([0..<rows, range]) }

  /// The elements at the positions `origin + Σ index·stride`: slices, reversed axes, broadcasts (stride
  /// 0) and overlapping windows are all read so.
  ///
  /// - Parameters:
  ///   - result: the shape of the result.
  ///   - strides: one distance in elements per axis of the result, of any sign. A position outside
  ///     this tensor traps.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func strided(_ result: Shape, origin: Int, strides: [Int]) -> Tensor {
    guard result.count > 0 else { return Tensor(result, []) }
    requireInside(result, origin: origin, strides: strides)
    let inner = result.rank > 0 ? result[result.rank - 1] : 1
    let step = strides.last ?? 1
    return withUnsafeElements { source in
      Tensor(uninitialized: result) { target in
        var odometer = Odometer(result, strides: strides, origin: origin)
        for position in stride(from: 0, to: result.count, by: inner) {
          for i in 0..<inner {
            target.initializeElement(at: position + i, to: source[odometer.offset + i * step])
          }
          odometer.advance()
        }
      }
    }
  }

  /// Adds this tensor's elements to zeros of another shape, at the positions `origin + Σ index·stride`:
  /// what `strided` read goes back to its place.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func scattered(into target: Shape, origin: Int, strides: [Int]) -> Tensor {
    var result = Tensor.zeros(target)
    guard count > 0 else { return result }
    result.requireInside(shape, origin: origin, strides: strides)
    let inner = shape.rank > 0 ? shape[shape.rank - 1] : 1
    let step = strides.last ?? 1
    withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        var odometer = Odometer(shape, strides: strides, origin: origin)
        for position in stride(from: 0, to: source.count, by: inner) {
          for i in 0..<inner { target[odometer.offset + i * step] += source[position + i] }
          odometer.advance()
        }
      }
    }
    return result
  }

  private func requireInside(_ walk: Shape, origin: Int, strides: [Int]) {
    precondition(strides.count == walk.rank, "\(strides.count) strides for the shape \(walk)")
    var (low, high) = (origin, origin)
    for (size, step) in zip(walk.dimensions, strides) {
      if step < 0 { low += (size - 1) * step } else { high += (size - 1) * step }
    }
    precondition(low >= 0 && high < count, "positions \(low)…\(high) in the shape \(shape)")
  }
}

/// The positions of the rows of a strided array, in row-major order.
private struct Odometer {
  private let sizes: [Int]
  private let strides: [Int]
  private var index: [Int]
  private(set) var offset: Int

  init(_ shape: Shape, strides: [Int], origin: Int) {
    sizes = Array(shape.dimensions.dropLast())
    self.strides = strides
    index = [Int](repeating: 0, count: sizes.count)
    offset = origin
  }

  @inline(__always)
  mutating func advance() {
    for axis in sizes.indices.reversed() {
      index[axis] += 1
      offset += strides[axis]
      if index[axis] < sizes[axis] { return }
      offset -= strides[axis] * sizes[axis]
      index[axis] = 0
    }
  }
}
