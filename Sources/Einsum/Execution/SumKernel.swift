import Tensors

/// Sums over some axes of one strided array, or of the products of two: sums, dot products and
/// products of a matrix with a vector.
struct SumKernel: Sendable, Hashable {
  /// The loops over what is kept (a, b, c), c contiguous.
  let kept: LoopNest
  /// The loops over what is summed (a, b, –).
  let summed: LoopNest
  /// The innermost loop over what is summed, and those around it.
  private let inner: LoopAxis
  private let outer: LoopNest

  init(kept: LoopNest, summed: LoopNest) {
    (self.kept, self.summed) = (kept, summed)
    var outer = summed
    inner =
      summed.axes.isEmpty
      ? LoopAxis(size: 1, a: 0, b: 0, c: 0) : outer.remove(at: summed.axes.count - 1)
    self.outer = outer
    block = inner.a <= Self.line && inner.b <= Self.line ? 1 << 14 : 1 << 10
  }

  /// Numbers that are added up in one go; longer sums are sums of such sums, which keeps rounding
  /// low and the order of additions the same for any number of threads. Fewer where each of them
  /// costs a line of the cache or a page.
  private let block: Int
  /// About the elements of a line of the cache.
  private static var line: Int { 16 }
  /// The most parts that one sum is shared out in.
  private static var mostParts: Int { 256 }
  /// Elements that are worth a thread of their own.
  private static var grain: Int { 1 << 13 }
  /// The fewest neighbours that are worth adding as a row.
  private static var shortestRow: Int { 16 }
  /// Rows that are added up in one go, for the same reason.
  private static var rowBlock: Int { 1 << 9 }
  /// The elements of the target that stay in cache while rows are added to them.
  private static var rowChunk: Int { 1 << 12 }

  /// target ← the sums of left, or of left·right; every element of the target is written.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func run<Element: Scalar>(
    _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>?,
    into target: UnsafeMutablePointer<Element>
  ) {
    let source = Source(left: left, right: right)
    if let neighbour = kept.axes.last, neighbour.c == 1, neighbour.size >= Self.shortestRow,
      Self.isRow(neighbour, of: source)
    {
      addRows(source, into: target, width: neighbour)
    } else if kept.count >= 2 * BLAS.threads || summed.count < block {
      // Each sum is one thread's.
      Parallel.forEachRange(kept.count, grain: max(1, Self.grain / max(1, summed.count))) { range in
        kept.forEach(range) { a, b, c in
          (target + c).initialize(to: blockedTotal(source.moved(a, b), 0..<summed.count))
        }
      }
    } else {
      kept.forEach { a, b, c in (target + c).initialize(to: splitTotal(source.moved(a, b))) }
    }
  }

  /// One array, or two whose products are summed.
  struct Source<Element: Scalar> {
    let left: UnsafePointer<Element>
    let right: UnsafePointer<Element>?

    @inline(__always)
    func moved(_ a: Int, _ b: Int) -> Source {
      Source(left: left + a, right: right.map { $0 + b })
    }
  }

  /// Whether neighbours along an axis are neighbours in memory, or one and the same.
  @inline(__always)
  private static func isRow<Element>(_ axis: LoopAxis, of source: Source<Element>) -> Bool {
    guard source.right != nil else { return axis.a == 1 }
    return axis.a == 1 && axis.b <= 1 || axis.b == 1 && axis.a == 0
  }

  /// The kept axis has its elements side by side: whole rows are added to the target's row, in
  /// pieces that stay in cache, spread over the threads.
  @inline(__always)
  private func addRows<Element: Scalar>(
    _ source: Source<Element>, into target: UnsafeMutablePointer<Element>, width: LoopAxis
  ) {
    var around = kept
    _ = around.remove(at: around.axes.count - 1)
    let wanted = around.count >= 2 * BLAS.threads ? 1 : 2 * BLAS.threads
    let chunks = max(
      (width.size + Self.rowChunk - 1) / Self.rowChunk,
      min(wanted, width.size / (4 * Self.shortestRow)), 1)
    let perItem = max(1, width.size / chunks * summed.count)
    Parallel.forEachRange(around.count * chunks, grain: max(1, Self.grain / perItem)) { range in
      for item in range {
        let chunk = item % chunks
        let start = width.size * chunk / chunks
        let count = width.size * (chunk + 1) / chunks - start
        around.forEach(item / chunks..<item / chunks + 1) { a, b, c in
          let row = target + c + start
          row.initialize(repeating: 0, count: count)
          let first = source.moved(a + start * width.a, b + start * width.b)
          guard summed.count > Self.rowBlock else {
            addRows(0..<summed.count, of: first, to: row, count: count, width: width)
            return
          }
          withUnsafeTemporaryAllocation(of: Element.self, capacity: count) { partial in
            guard let partial = partial.baseAddress else { return }
            for position in stride(from: 0, to: summed.count, by: Self.rowBlock) {
              partial.initialize(repeating: 0, count: count)
              addRows(
                position..<min(position + Self.rowBlock, summed.count), of: first, to: partial,
                count: count, width: width)
              Element.vectorAdd(count, partial, to: row)
            }
          }
        }
      }
    }
  }

  /// Adds the rows, or products with rows, of a part of the summed loops.
  @inline(__always)
  private func addRows<Element: Scalar>(
    _ range: Range<Int>, of source: Source<Element>, to row: UnsafeMutablePointer<Element>,
    count: Int, width: LoopAxis
  ) {
    summed.forEach(range) { a, b, _ in
      let x = source.left + a
      guard let y = source.right.map({ $0 + b }) else {
        Element.vectorAdd(count, x, to: row)
        return
      }
      if width.a == 0 {
        Element.vectorAdd(count, y, times: x[0], to: row)
      } else if width.b == 0 {
        Element.vectorAdd(count, x, times: y[0], to: row)
      } else {
        Element.vectorAdd(count, x, times: y, to: row)
      }
    }
  }

  /// One long sum on all threads: parts whose number depends on the length alone, added in order.
  @inline(__always)
  private func splitTotal<Element: Scalar>(_ source: Source<Element>) -> Element {
    let count = summed.count
    let part = max(block, (count + Self.mostParts - 1) / Self.mostParts)
    let parts = (count + part - 1) / part
    return withUnsafeTemporaryAllocation(of: Element.self, capacity: parts) { partial in
      guard let sums = partial.baseAddress else { return 0 }
      Parallel.forEachRange(parts) { range in
        for index in range {
          (sums + index).initialize(
            to: blockedTotal(source, index * part..<min((index + 1) * part, count)))
        }
      }
      return partial.reduce(0, +)
    }
  }

  /// A part of a sum on one thread, in blocks.
  @inline(__always)
  private func blockedTotal<Element: Scalar>(
    _ source: Source<Element>, _ range: Range<Int>
  ) -> Element {
    var sum: Element = 0
    for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
      sum += total(source, start..<min(start + block, range.upperBound))
    }
    return sum
  }

  /// The sum over a part of the flattened summed loops.
  @inline(__always)
  private func total<Element: Scalar>(_ source: Source<Element>, _ range: Range<Int>) -> Element {
    if outer.axes.isEmpty {
      return line(
        source.moved(range.lowerBound * inner.a, range.lowerBound * inner.b), count: range.count)
    }
    var sum: Element = 0
    var position = range.lowerBound
    while position < range.upperBound {
      // Whole lines in one sweep of the outer loops; parts of a line before and after.
      let start = position % inner.size
      let isWhole = start == 0 && range.upperBound - position >= inner.size
      let length = isWhole ? inner.size : min(inner.size - start, range.upperBound - position)
      let first = position / inner.size
      let lines = isWhole ? (range.upperBound - position) / inner.size : 1
      outer.forEach(first..<first + lines) { a, b, _ in
        sum += line(source.moved(a + start * inner.a, b + start * inner.b), count: length)
      }
      position += lines * length
    }
    return sum
  }

  /// A sum along the innermost loop.
  @inline(__always)
  private func line<Element: Scalar>(_ source: Source<Element>, count: Int) -> Element {
    let (x, step) = (source.left, inner.a)
    guard let y = source.right else {
      return step == 1
        ? Element.vectorSum(count, x) : Self.sum(count) { x[$0 * step] }
    }
    let other = inner.b
    return step == 1 && other == 1
      ? Element.vectorDot(count, x, y) : Self.sum(count) { x[$0 * step] * y[$0 * other] }
  }

  /// Four running sums, so that no addition waits for the one before.
  @inline(__always)
  private static func sum<Element: Scalar>(_ count: Int, _ term: (Int) -> Element) -> Element {
    var sums = (Element(0), Element(0), Element(0), Element(0))
    var i = 0
    while i + 4 <= count {
      sums.0 += term(i)
      sums.1 += term(i + 1)
      sums.2 += term(i + 2)
      sums.3 += term(i + 3)
      i += 4
    }
    while i < count {
      sums.0 += term(i)
      i += 1
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
  }
}
