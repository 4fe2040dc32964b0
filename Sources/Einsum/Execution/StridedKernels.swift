import Tensors

/// Loops over strided arrays: copies, products and sums. Each writes a contiguous target once.
enum StridedKernels<Element: Scalar> {
  /// The side of the square tiles in which two axes are walked that are neighbours in different
  /// arrays: the lines of a tile stay in the first-level cache.
  private static var tile: Int { 32 }
  /// The side of the tiles that pass through a buffer: a line of the cache or two.
  private static var bufferSide: Int { 16 }
  /// Elements that are worth a thread of their own.
  static var grain: Int { 1 << 13 }

  /// target ← source, element by element, over loops (a, –, c) whose innermost writes neighbours.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  static func copy(
    _ source: UnsafePointer<Element>, to target: UnsafeMutablePointer<Element>, _ nest: LoopNest
  ) {
    overPlanes(nest, across: \.a) { plane, a, _, c in
      if plane.outer.a == 1, plane.inner.a != 1, plane.inner.c == 1 {
        transpose(source + a, to: target + c, plane)
        return
      }
      plane.forEachLine { x, length in
        var (from, to) = (a + x * plane.outer.a, c + x * plane.outer.c)
        from += length.lowerBound * plane.inner.a
        to += length.lowerBound * plane.inner.c
        let step = plane.inner.a
        if step == 1, plane.inner.c == 1 {
          (target + to).initialize(from: source + from, count: length.count)
        } else {
          for i in 0..<length.count {
            (target + to + i * plane.inner.c).initialize(to: source[from + i * step])
          }
        }
      }
    }
  }

  /// A plane whose rows and columns change places, in tiles that pass through a buffer: each line of
  /// the cache is read once and written once, so it does not matter that lines a power of two apart
  /// displace each other.
  @inline(__always)
  private static func transpose(
    _ source: UnsafePointer<Element>, to target: UnsafeMutablePointer<Element>, _ plane: Plane
  ) {
    let side = bufferSide
    withUnsafeTemporaryAllocation(of: Element.self, capacity: side * side) { buffer in
      guard let buffer = buffer.baseAddress else { return }
      for first in stride(from: plane.rows.lowerBound, to: plane.rows.upperBound, by: side) {
        let height = min(side, plane.rows.upperBound - first)
        for start in stride(from: plane.columns.lowerBound, to: plane.columns.upperBound, by: side)
        {
          let width = min(side, plane.columns.upperBound - start)
          for i in 0..<width {
            let line = source + first + (start + i) * plane.inner.a
            (buffer + i * side).initialize(from: line, count: height)
          }
          for x in 0..<height {
            let line = target + (first + x) * plane.outer.c + start
            for i in 0..<width { (line + i).initialize(to: buffer[i * side + x]) }
          }
        }
      }
    }
  }

  /// target ← left·right, element by element.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  static func multiply(
    _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>,
    to target: UnsafeMutablePointer<Element>, _ nest: LoopNest
  ) {
    let stepped = nest.axes.last.map { $0.a > 1 } ?? false
    let streams = Self.exceedsCaches(nest)
    overPlanes(nest, across: stepped ? \.a : \.b) { plane, a, b, c in
      plane.forEachLine { x, length in
        let start = length.lowerBound
        let p = left + a + x * plane.outer.a + start * plane.inner.a
        let q = right + b + x * plane.outer.b + start * plane.inner.b
        let r = target + c + x * plane.outer.c + start * plane.inner.c
        switch (plane.inner.a, plane.inner.b, plane.inner.c) {
        case (1, 1, 1):
          Element.vectorMultiply(length.count, p, by: q, into: r, streams: streams)
        case (1, 0, 1):
          Element.vectorMultiply(length.count, p, by: q[0], into: r, streams: streams)
        case (0, 1, 1):
          Element.vectorMultiply(length.count, q, by: p[0], into: r, streams: streams)
        case (let s, let t, let u): for i in 0..<length.count { r[i * u] = p[i * s] * q[i * t] }
        }
      }
    }
  }

  /// Whether what is read and written is clearly more than the caches hold.
  @inline(__always)
  private static func exceedsCaches(_ nest: LoopNest) -> Bool {
    func count(_ stride: KeyPath<LoopAxis, Int>) -> Int {
      nest.axes.reduce(1) { $0 * ($1[keyPath: stride] == 0 ? 1 : $1.size) }
    }
    return (count(\.a) + count(\.b) + count(\.c)) * MemoryLayout<Element>.stride
      > Processor.lastLevelCacheBytes / 4 * 5
  }

  /// Two loops at a time, the inner one and the one whose neighbours lie together in the array that
  /// the inner one strides through; the others around them, spread over the threads.
  @inline(__always)
  private static func overPlanes(
    _ nest: LoopNest, across array: KeyPath<LoopAxis, Int>,
    _ body: (Plane, _ a: Int, _ b: Int, _ c: Int) -> Void
  ) {
    var rest = nest
    let one = LoopAxis(size: 1, a: 0, b: 0, c: 0)
    let inner = rest.axes.isEmpty ? one : rest.remove(at: rest.axes.count - 1)
    var outer = one
    var side = inner.size
    if inner[keyPath: array] > 1,
      let index = rest.axes.firstIndex(where: { $0[keyPath: array] == 1 })
    {
      outer = rest.remove(at: index)
      side = tile
    } else if !rest.axes.isEmpty {
      outer = rest.remove(at: rest.axes.count - 1)
    }
    let plane = Plane(outer: outer, inner: inner, side: max(1, side))
    // Planes are cut where there are too few of them for the threads: along their outer axis, or
    // along the inner one where it is the only one.
    let cutsInner = outer.size == 1
    let cuts =
      rest.count < 4 * BLAS.threads
      ? min(cutsInner ? inner.size : outer.size, 8 * BLAS.threads) : 1
    let perCut = max(1, nest.count / max(1, rest.count * cuts))
    Parallel.forEachRange(rest.count * cuts, grain: max(1, grain / perCut)) { range in
      var part = plane
      for index in range {
        let cut = index % cuts
        if cutsInner {
          part.columns = inner.size * cut / cuts..<inner.size * (cut + 1) / cuts
        } else {
          part.rows = outer.size * cut / cuts..<outer.size * (cut + 1) / cuts
        }
        rest.forEach(index / cuts..<index / cuts + 1) { a, b, c in body(part, a, b, c) }
      }
    }
  }

  /// Two nested loops, walked in tiles.
  struct Plane {
    let outer: LoopAxis
    let inner: LoopAxis
    /// The side of a tile along both axes.
    let side: Int
    /// The parts of the outer and of the inner axis to be walked.
    var rows: Range<Int>
    var columns: Range<Int>

    init(outer: LoopAxis, inner: LoopAxis, side: Int) {
      self.outer = outer
      self.inner = inner
      self.side = side
      rows = 0..<outer.size
      columns = 0..<inner.size
    }

    /// Calls `body` with an index of the outer axis and a range of the inner one.
    @inline(__always)
    func forEachLine(_ body: (Int, Range<Int>) -> Void) {
      for start in stride(from: columns.lowerBound, to: columns.upperBound, by: side) {
        let range = start..<min(start + side, columns.upperBound)
        // A tile is left only when all its lines are done.
        for x in rows { body(x, range) }
      }
    }
  }
}
