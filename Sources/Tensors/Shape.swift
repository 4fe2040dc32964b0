/// The sizes of a row-major array, outermost first; `[]` is a scalar.
///
/// A shape that exists is sound: no size is negative and the product of the sizes fits in `Int`.
public struct Shape: Hashable, Sendable {
  /// The sizes, outermost axis first.
  public let dimensions: [Int]
  /// The number of elements: the product of the sizes, 1 for a scalar.
  public let count: Int

  /// A shape from sizes that come from outside the program (a file, an argument).
  ///
  /// - Throws: `NumericalError.shape` for a negative size, `.tooLarge` when the element count
  ///   overflows. A zero anywhere does not hide an overflow: `[0, Int.max, Int.max]` is refused.
  public init(checking dimensions: [Int]) throws(NumericalError) {
    guard dimensions.allSatisfy({ $0 >= 0 }) else {
      throw .shape("\(Self.text(dimensions)) has a negative size")
    }
    var nonZeroProduct = 1
    for size in dimensions where size > 0 {
      let (product, overflow) = nonZeroProduct.multipliedReportingOverflow(by: size)
      guard !overflow else {
        throw .tooLarge("the shape \(Self.text(dimensions)) has more elements than can be counted")
      }
      nonZeroProduct = product
    }
    self.dimensions = dimensions
    self.count = dimensions.contains(0) ? 0 : nonZeroProduct
  }

  /// A shape whose sizes the program itself computed; unsound sizes trap.
  public init(_ dimensions: [Int]) {
    do {
      try self.init(checking: dimensions)
    } catch {
      preconditionFailure("unsound shape \(dimensions)")
    }
  }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The size of one axis.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// Distances in elements between neighbours along each axis of a row-major array.
  public var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }

  /// The memory that `count` elements of `Element` take.
  ///
  /// - Throws: `NumericalError.tooLarge` when the byte count overflows.
  public func byteCount<Element>(of element: Element.Type) throws(NumericalError) -> Int {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow else { throw .tooLarge("an array of shape \(self) exceeds the address space") }
    return bytes
  }

  /// The index of the element at a row-major position.
  public func index(ofPosition position: Int) -> [Int] {
    var rest = position
    return strides.enumerated().map { axis, step in
      guard dimensions[axis] > 0, step > 0 else { return 0 }
      defer { rest %= step }
      return rest / step
    }
  }

  /// The row-major position of the element at an index; nil for an index outside.
  public func position(ofIndex index: [Int]) -> Int? {
    guard index.count == rank else { return nil }
    var position = 0
    for (axis, place) in index.enumerated() {
      guard place >= 0, place < dimensions[axis] else { return nil }
      position = position * dimensions[axis] + place
    }
    return position
  }

  private static func text(_ dimensions: [Int]) -> String {
    dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: "x")
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// A shape from sizes written in the program; unsound sizes trap.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
  /// `512x512`, or `scalar` for a shape without axes.
  public var description: String { Self.text(dimensions) }
}
