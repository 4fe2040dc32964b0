/// A dense row-major array of numbers: a value type over one contiguous buffer.
///
/// Copies are cheap until written to (copy-on-write). There are no views: permuting and slicing
/// copy, matrix products take transposition as a flag and copy nothing.
public struct Tensor<Element: Scalar>: Sendable, Equatable {
  /// The sizes, outermost first.
  public private(set) var shape: Shape
  /// The elements in row-major order; `elements.count == shape.count`.
  public private(set) var elements: [Element]

  /// A tensor over elements in row-major order. A count that differs from the shape's traps.
  public init(_ shape: Shape, _ elements: [Element]) {
    precondition(
      elements.count == shape.count, "\(elements.count) elements for the shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// A tensor whose buffer `body` fills completely; nothing is zeroed before.
  @inlinable
  public init(
    uninitialized shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    self.init(
      shape,
      [Element](unsafeUninitializedCapacity: shape.count) { buffer, count in
        LargeBuffers.advise(buffer)
        body(UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]))
        count = shape.count
      })
  }

  /// A tensor filled with one value.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public init(repeating value: Element, _ shape: Shape) {
    self.init(shape, [Element](repeating: value, count: shape.count))
  }

  /// A tensor of zeros.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape) }

  /// The n×n identity.
  public static func identity(_ n: Int) -> Tensor {
    var result = zeros([n, n])
    for i in 0..<n { result.elements[i * n + i] = 1 }
    return result
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// The number of rows of a matrix; a tensor of another rank traps.
  public var rows: Int {
    precondition(shape.rank == 2, "rows of a tensor of shape \(shape)")
    return shape[0]
  }

  /// The number of columns of a matrix; a tensor of another rank traps.
  public var columns: Int {
    precondition(shape.rank == 2, "columns of a tensor of shape \(shape)")
    return shape[1]
  }

  /// The element at an index with one number per axis.
  public subscript(index: Int...) -> Element {
    get { elements[position(index)] }
    set { elements[position(index)] = newValue }
  }

  /// The same elements under another shape of equal count. No element moves.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "cannot reshape \(self.shape) to \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  /// Calls `body` with the elements' storage.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try elements.withUnsafeBufferPointer(body)
  }

  /// Calls `body` with the elements' storage for writing; a shared buffer is copied first.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try elements.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in try body(buffer) }
  }

  /// Drops all rows of a matrix but the first ones. Nothing moves; the memory is kept.
  public mutating func keepRows(_ count: Int) {
    precondition(count >= 0 && count <= rows, "\(count) rows of a tensor of shape \(shape)")
    elements.removeLast((rows - count) * columns)
    shape = [count, columns]
  }

  private func position(_ index: [Int]) -> Int {
    precondition(index.count == shape.rank, "\(index.count) indices into the shape \(shape)")
    var position = 0
    for (axis, i) in index.enumerated() {
      precondition(i >= 0 && i < shape[axis], "index \(index) outside the shape \(shape)")
      position = position * shape[axis] + i
    }
    return position
  }
}
