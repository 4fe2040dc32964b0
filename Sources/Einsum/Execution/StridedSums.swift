import Tensors

/// Sums over some axes of one strided array.
struct SumKernel<Element: Scalar> {
  /// The loops over what is kept (a, –, c), c contiguous.
  let kept: LoopNest
  /// The loops over what is summed (a, –, –).
  let summed: LoopNest

  /// Numbers that are added up in one go; longer sums are sums of such sums, which keeps rounding
  /// low and the order of additions the same for any number of threads.
  private static var block: Int { 1 << 14 }
  /// Elements that are worth a thread of their own.
  private static var grain: Int { 1 << 15 }

  /// target ← the sums; every element of the target is written.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func run(_ source: UnsafePointer<Element>, into target: UnsafeMutablePointer<Element>) {
    let inner = summed.axes.last
    let neighbour = kept.axes.last
    if let neighbour, neighbour.a == 1, neighbour.c == 1, inner?.a != 1 {
      addRows(source, into: target, width: neighbour.size)
    } else if kept.count >= 2 * BLAS.threads || summed.count < Self.block {
      // Each sum is one thread's.
      Parallel.forEachRange(kept.count, grain: max(1, Self.grain / max(1, summed.count))) { range in
        kept.forEach(range) { a, _, c in
          (target + c).initialize(to: blockedTotal(source + a))
        }
      }
    } else {
      kept.forEach { a, _, c in (target + c).initialize(to: splitTotal(source + a)) }
    }
  }

  /// The kept axis has its elements side by side: whole rows are added to the target's row, the
  /// columns spread over the threads.
  @inline(__always)
  private func addRows(
    _ source: UnsafePointer<Element>, into target: UnsafeMutablePointer<Element>, width: Int
  ) {
    var outer = kept
    _ = outer.remove(at: outer.axes.count - 1)
    let chunks = outer.count >= 2 * BLAS.threads ? 1 : min(BLAS.threads, (width + 255) / 256)
    let perItem = max(1, width / chunks * summed.count)
    Parallel.forEachRange(outer.count * chunks, grain: max(1, Self.grain / perItem)) { range in
      for item in range {
        let chunk = item % chunks
        let columns = width * chunk / chunks..<width * (chunk + 1) / chunks
        outer.forEach(item / chunks..<item / chunks + 1) { a, _, c in
          let row = target + c + columns.lowerBound
          row.initialize(repeating: 0, count: columns.count)
          summed.forEach { offset, _, _ in
            let other = source + a + offset + columns.lowerBound
            for i in 0..<columns.count { row[i] += other[i] }
          }
        }
      }
    }
  }

  /// One long sum on all threads: blocks of fixed size, added in order.
  @inline(__always)
  private func splitTotal(_ source: UnsafePointer<Element>) -> Element {
    let count = summed.count
    let blocks = (count + Self.block - 1) / Self.block
    var partial = [Element](repeating: 0, count: blocks)
    partial.withUnsafeMutableBufferPointer { partial in
      guard let partial = partial.baseAddress else { return }
      Parallel.forEachRange(blocks, grain: 2) { range in
        for index in range {
          partial[index] = total(
            source, index * Self.block..<min((index + 1) * Self.block, count))
        }
      }
    }
    return partial.reduce(0, +)
  }

  /// One sum on one thread, in the same blocks as `splitTotal`.
  @inline(__always)
  private func blockedTotal(_ source: UnsafePointer<Element>) -> Element {
    let count = summed.count
    var sum = total(source, 0..<min(Self.block, count))
    for start in stride(from: Self.block, to: count, by: Self.block) {
      sum += total(source, start..<min(start + Self.block, count))
    }
    return sum
  }

  /// The sum over a part of the flattened summed loops.
  @inline(__always)
  private func total(_ source: UnsafePointer<Element>, _ range: Range<Int>) -> Element {
    guard let inner = summed.axes.last else { return source[0] }
    var outer = summed
    _ = outer.remove(at: outer.axes.count - 1)
    var sum: Element = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let start = position % inner.size
      let length = min(inner.size - start, range.upperBound - position)
      outer.forEach(position / inner.size..<position / inner.size + 1) { a, _, _ in
        sum += Self.line(source + a + start * inner.a, step: inner.a, count: length)
      }
      position += length
    }
    return sum
  }

  /// A sum along one line: four running sums, so that no addition waits for the one before.
  @inline(__always)
  private static func line(
    _ source: UnsafePointer<Element>, step: Int, count: Int
  ) -> Element {
    var sums = (Element(0), Element(0), Element(0), Element(0))
    var i = 0
    while i + 4 <= count {
      sums.0 += source[i * step]
      sums.1 += source[(i + 1) * step]
      sums.2 += source[(i + 2) * step]
      sums.3 += source[(i + 3) * step]
      i += 4
    }
    while i < count {
      sums.0 += source[i * step]
      i += 1
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
  }
}
