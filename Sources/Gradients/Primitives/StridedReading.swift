public import Tensors

/// Positions in an array of one shape that form an array of another: slices, reversed axes,
/// overlapping windows.
struct StridedPositions: Sendable, Hashable {
  /// The array that is read.
  let source: Shape
  /// What is read from it.
  let result: Shape
  let origin: Int
  /// The distance in the source of neighbours along each axis of the result.
  let strides: [Int]

  /// The same positions in every array of a stack.
  func stacked(_ count: Int) -> StridedPositions {
    StridedPositions(
      source: source.stacked(count), result: result.stacked(count), origin: origin,
      strides: [source.count] + strides)
  }
}

/// y[i] = x[origin + Σ i·stride]. Linear; the adjoint is `StridedWriting` at the same positions.
struct StridedReading: LinearPrimitive {
  let name: String
  let positions: StridedPositions

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard inputs[0] == positions.source else {
      throw .shape("\(name) of \(positions.source) applied to \(inputs[0])")
    }
    return [positions.result]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].strided(positions.result, origin: positions.origin, strides: positions.strides)]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(
      StridedReading(name: name, positions: positions.stacked(operands.count)), of: operands)
  }

  func transpose(for shape: Shape) -> StridedWriting {
    StridedWriting(name: name, positions: positions)
  }
}

/// Zeros to which x is added at the positions that `StridedReading` reads: its transpose.
struct StridedWriting: LinearPrimitive {
  let name: String
  let positions: StridedPositions

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard inputs[0] == positions.result else {
      throw .shape("\(name) of \(positions.result) applied to \(inputs[0])")
    }
    return [positions.source]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [
      inputs[0].scattered(
        into: positions.source, origin: positions.origin, strides: positions.strides)
    ]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(
      StridedWriting(name: name, positions: positions.stacked(operands.count)), of: operands)
  }

  func transpose(for shape: Shape) -> StridedReading {
    StridedReading(name: name, positions: positions)
  }
}

/// A part of an axis: `count` places from `start`, `step` apart, which may be negative.
public struct AxisSlice: Sendable, Hashable {
  public let start: Int
  public let count: Int
  public let step: Int

  public init(start: Int, count: Int, step: Int = 1) {
    (self.start, self.count, self.step) = (start, count, step)
  }

  /// Whether all places lie on an axis of this size.
  func fits(_ size: Int) -> Bool {
    guard count > 0 else { return count == 0 }
    let last = (count - 1).multipliedReportingOverflow(by: step)
    guard !last.overflow, step != 0 else { return false }
    let end = start.addingReportingOverflow(last.partialValue)
    return !end.overflow && (0..<size).contains(start) && (0..<size).contains(end.partialValue)
  }
}

extension TensorValue {
  /// The elements at the places of one slice per axis.
  ///
  /// - Throws: `NumericalError.shape` for another number of slices and for places outside.
  public func sliced(_ slices: [AxisSlice]) throws(NumericalError) -> Self {
    let positions = try Self.positions(of: slices, in: shape)
    if positions.result == shape, !slices.contains(where: { $0.step < 0 }) { return self }
    return try Self.apply(StridedReading(name: "slice", positions: positions), to: [self])[0]
  }

  /// Zeros of a larger shape with this value at the places of one slice per axis.
  ///
  /// - Throws: `NumericalError.shape` where they do not fit.
  public func embedded(in target: Shape, at slices: [AxisSlice]) throws(NumericalError) -> Self {
    let positions = try Self.positions(of: slices, in: target)
    return try Self.apply(StridedWriting(name: "pad", positions: positions), to: [self])[0]
  }

  private static func positions(
    of slices: [AxisSlice], in shape: Shape
  ) throws(NumericalError) -> StridedPositions {
    guard slices.count == shape.rank else {
      throw .shape("\(slices.count) slices for the axes of \(shape)")
    }
    let strides = shape.strides
    var origin = 0
    for (axis, slice) in slices.enumerated() {
      guard slice.fits(shape[axis]) else {
        throw .shape("a slice beyond the \(shape[axis]) places of axis \(axis) of \(shape)")
      }
      if slice.count > 0 { origin += slice.start * strides[axis] }
    }
    return StridedPositions(
      source: shape, result: Shape(slices.map(\.count)), origin: origin,
      strides: zip(slices, strides).map { $0.step * $1 })
  }

  /// The windows of `size` places, `step` apart, along an axis, which becomes their number; their
  /// places are a new last axis: what convolutions multiply.
  ///
  /// - Throws: `NumericalError.shape` for an axis that does not exist or is shorter than a window.
  public func unfolded(axis: Int, size: Int, step: Int) throws(NumericalError) -> Self {
    let positions = try Self.windows(of: shape, axis: axis, size: size, step: step)
    return try Self.apply(StridedReading(name: "unfold", positions: positions), to: [self])[0]
  }

  /// The sums of overlapping windows on an axis of `length` places: the transpose of `unfolded`.
  ///
  /// - Throws: `NumericalError.shape` for windows that such an axis does not have.
  public func folded(axis: Int, length: Int, step: Int) throws(NumericalError) -> Self {
    guard shape.rank > 1, axis >= 0, axis < shape.rank - 1 else {
      throw .shape("fold of axis \(axis) of \(shape)")
    }
    var sizes = Array(shape.dimensions.dropLast())
    sizes[axis] = length
    let positions = try Self.windows(
      of: try Shape(checking: sizes), axis: axis, size: shape[shape.rank - 1], step: step)
    return try Self.apply(StridedWriting(name: "fold", positions: positions), to: [self])[0]
  }

  private static func windows(
    of shape: Shape, axis: Int, size: Int, step: Int
  ) throws(NumericalError) -> StridedPositions {
    guard axis >= 0, axis < shape.rank, size > 0, step > 0, size <= shape[axis] else {
      throw .shape("windows of \(size), \(step) apart, along axis \(axis) of \(shape)")
    }
    var sizes = shape.dimensions
    sizes[axis] = (shape[axis] - size) / step + 1
    var strides = shape.strides
    let neighbour = strides[axis]
    // A single window needs no step, which may be too large to be multiplied.
    if sizes[axis] > 1 { strides[axis] *= step }
    return StridedPositions(
      source: shape, result: try Shape(checking: sizes + [size]), origin: 0,
      strides: strides + [neighbour])
  }
}
