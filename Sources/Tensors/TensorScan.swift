/// What one pass over the elements tells.
public struct TensorScan<Element: Scalar>: Sendable {
  /// The largest absolute value; NaN does not count.
  public var largest: Element = 0
  /// Whether no element is NaN or infinite.
  public var isFinite = true
  /// `Σx²` in double precision; infinite or 0 where squares leave its range.
  public var sumOfSquares = 0.0

  init() {}

  /// The scan of one block. Four lanes, so that no operation waits for the one before.
  @inline(__always)
  init(_ source: UnsafeBufferPointer<Element>) {
    var lanes = (Element.zero, Element.zero, Element.zero, Element.zero)
    var squares = (0.0, 0.0, 0.0, 0.0)
    var i = 0
    while i + 4 <= source.count {
      let (a, b) = (source[i].magnitude, source[i + 1].magnitude)
      let (c, d) = (source[i + 2].magnitude, source[i + 3].magnitude)
      // A comparison, not `max`, which treats NaN with care and costs five times as much.
      lanes.0 = a > lanes.0 ? a : lanes.0
      lanes.1 = b > lanes.1 ? b : lanes.1
      lanes.2 = c > lanes.2 ? c : lanes.2
      lanes.3 = d > lanes.3 ? d : lanes.3
      squares.0 += Double(a) * Double(a)
      squares.1 += Double(b) * Double(b)
      squares.2 += Double(c) * Double(c)
      squares.3 += Double(d) * Double(d)
      i += 4
    }
    while i < source.count {
      let a = source[i].magnitude
      lanes.0 = a > lanes.0 ? a : lanes.0
      squares.0 += Double(a) * Double(a)
      i += 1
    }
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { largest = lane > largest ? lane : largest }
    sumOfSquares = (squares.0 + squares.1) + (squares.2 + squares.3)
    // A sum that is finite has no offender in it; squares may overflow where elements do not.
    isFinite = sumOfSquares.isFinite || source.allSatisfy { $0.isFinite }
  }
}
