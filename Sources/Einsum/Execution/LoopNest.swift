import Tensors

/// Nested loops, outermost first.
struct LoopNest: Sendable, Hashable {
  private(set) var axes: [LoopAxis]

  /// The loops over these axes in this order. Axes of size 1 are left out, and neighbours that are
  /// one axis in all three arrays become one.
  init(_ axes: [LoopAxis]) {
    self.axes = []
    for axis in axes where axis.size != 1 {
      guard let outer = self.axes.last, outer.a == axis.a.multipliedOrMax(axis.size),
        outer.b == axis.b.multipliedOrMax(axis.size), outer.c == axis.c.multipliedOrMax(axis.size)
      else {
        self.axes.append(axis)
        continue
      }
      let merged = LoopAxis(
        size: outer.size.multipliedOrMax(axis.size), a: axis.a, b: axis.b, c: axis.c)
      self.axes[self.axes.count - 1] = merged
    }
  }

  /// How often the body runs.
  var count: Int { axes.reduce(1) { $0.multipliedOrMax($1.size) } }

  /// Takes an axis out.
  mutating func remove(at index: Int) -> LoopAxis { axes.remove(at: index) }

  /// Calls `body` with the three offsets of every index in `range` of the flattened loops, in order.
  @inline(__always)
  func forEach(_ range: Range<Int>, _ body: (_ a: Int, _ b: Int, _ c: Int) -> Void) {
    guard !range.isEmpty else { return }
    var index = [Int](repeating: 0, count: axes.count)
    var (a, b, c) = (0, 0, 0)
    var rest = range.lowerBound
    for position in axes.indices.reversed() {
      let axis = axes[position]
      index[position] = rest % axis.size
      rest /= axis.size
      a += index[position] * axis.a
      b += index[position] * axis.b
      c += index[position] * axis.c
    }
    for _ in range {
      body(a, b, c)
      var position = axes.count - 1
      while position >= 0 {
        let axis = axes[position]
        index[position] += 1
        a += axis.a
        b += axis.b
        c += axis.c
        if index[position] < axis.size { break }
        a -= axis.a * axis.size
        b -= axis.b * axis.size
        c -= axis.c * axis.size
        index[position] = 0
        position -= 1
      }
    }
  }

  /// Calls `body` for every index.
  @inline(__always)
  func forEach(_ body: (_ a: Int, _ b: Int, _ c: Int) -> Void) { forEach(0..<count, body) }
}
