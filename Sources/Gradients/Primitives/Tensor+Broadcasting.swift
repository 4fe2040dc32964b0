import Einsum
import Tensors

/// Elementwise loops over two tensors of which one or both are stretched.
extension Tensor {
  /// x ∘ y over the shape that both have together, by the processor's vectors: a closure would be
  /// called for every element, since the compiler makes one function of all these loops.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func combined(with other: Tensor, _ operation: VectorOperation) -> Tensor {
    guard let target = shape.broadcast(with: other.shape) else {
      preconditionFailure("shapes \(shape) and \(other.shape) do not fit")
    }
    let isOneRow = shape == other.shape || count == 1 || other.count == 1
    let (a, b) = (shape.strides(broadcastTo: target), other.shape.strides(broadcastTo: target))
    let width = isOneRow ? target.count : target.dimensions.last ?? 1
    let stepA = isOneRow ? (count == 1 ? 0 : 1) : a.last ?? 0
    let stepB = isOneRow ? (other.count == 1 ? 0 : 1) : b.last ?? 0
    return withUnsafeElements { left in
      other.withUnsafeElements { right in
        Tensor(uninitialized: target) { result in
          guard let x = left.baseAddress, let y = right.baseAddress,
            let z = result.baseAddress
          else { return }
          guard !isOneRow else {
            Parallel.forEachRange(width, grain: 1 << 16) { range in
              let start = range.lowerBound
              Element.vectorArithmetic(
                operation, range.count, x + start * stepA, xStep: stepA, y + start * stepB,
                yStep: stepB, into: z + start)
            }
            return
          }
          var rows = StridedRows(target, a, b)
          for start in stride(from: 0, to: target.count, by: max(1, width)) {
            Element.vectorArithmetic(
              operation, width, x + rows.a, xStep: stepA, y + rows.b, yStep: stepB,
              into: z + start)
            rows.advance()
          }
        }
      }
    }
  }

  /// The tensor of `combine(x, y)` over the shape that both have together.
  @inline(__always)
  func broadcastCombined(
    with other: Tensor, _ combine: (Element, Element) -> Element
  ) -> Tensor {
    if shape == other.shape { return combined(with: other, combine) }
    if other.count == 1, other.shape.rank <= shape.rank {
      let y = other.elements[0]
      return mapped { combine($0, y) }
    }
    if count == 1, shape.rank <= other.shape.rank {
      let x = elements[0]
      return other.mapped { combine(x, $0) }
    }
    guard let target = shape.broadcast(with: other.shape) else {
      preconditionFailure("shapes \(shape) and \(other.shape) do not fit")
    }
    let (a, b) = (shape.strides(broadcastTo: target), other.shape.strides(broadcastTo: target))
    let width = target.dimensions.last ?? 1
    let (stepA, stepB) = (a.last ?? 0, b.last ?? 0)
    return withUnsafeElements { left in
      other.withUnsafeElements { right in
        Tensor(uninitialized: target) { result in
          var rows = StridedRows(target, a, b)
          for start in stride(from: 0, to: target.count, by: max(1, width)) {
            let (p, q) = (rows.a, rows.b)
            for i in 0..<width {
              result.initializeElement(
                at: start + i, to: combine(left[p + i * stepA], right[q + i * stepB]))
            }
            rows.advance()
          }
        }
      }
    }
  }

  /// Every element where a stretched array has it.
  func broadcast(to target: Shape) -> Tensor {
    strided(target, origin: 0, strides: shape.strides(broadcastTo: target))
  }

  /// The sums over all axes that `target` lacks or has with size 1.
  func summed(to target: Shape) -> Tensor {
    let names = shape.dimensions.indices.map { "\($0)" }
    let missing = shape.rank - target.rank
    let kept = shape.dimensions.indices.filter {
      $0 >= missing && (target[$0 - missing] != 1 || shape[$0] == 1)
    }
    let contraction = Contraction(
      operands: [Array(shape.dimensions.indices)], output: kept, sizes: shape.dimensions,
      names: names)
    return contraction.evaluated([self]).reshaped(target)
  }
}

/// The offsets of the rows of two strided arrays, in the order of the target's rows.
private struct StridedRows {
  private let sizes: [Int]
  private let strideA: [Int]
  private let strideB: [Int]
  private var index: [Int]
  private(set) var a = 0
  private(set) var b = 0

  init(_ target: Shape, _ a: [Int], _ b: [Int]) {
    let outer = max(0, target.rank - 1)
    sizes = Array(target.dimensions.prefix(outer))
    (strideA, strideB) = (Array(a.prefix(outer)), Array(b.prefix(outer)))
    index = [Int](repeating: 0, count: outer)
  }

  mutating func advance() {
    for axis in sizes.indices.reversed() {
      index[axis] += 1
      a += strideA[axis]
      b += strideB[axis]
      if index[axis] < sizes[axis] { return }
      a -= strideA[axis] * sizes[axis]
      b -= strideB[axis] * sizes[axis]
      index[axis] = 0
    }
  }
}
