internal import RealModule

/// Counter-based random numbers: Philox4×32-10 (Salmon, Moraes, Dror & Shaw 2011).
///
/// Number i of a stream is a function of (seed, stream, i) alone, so a stream can be filled in
/// any order on any number of threads with the same result. Each purpose has its own stream.
public struct RandomSource: Sendable {
  /// What random numbers are used for; each purpose draws from a stream of its own.
  public enum Stream: UInt32, Sendable {
    case general = 0
    /// Test matrices of the randomised range finder.
    case sketch = 1
    /// Probe vectors of error estimates.
    case probe = 2
    /// Noise added to pictures and matrices.
    case noise = 3
    /// Inputs at which derivatives are checked.
    case sample = 4
    /// Directions along which they are.
    case direction = 5
    /// What dropout sets to zero.
    case dropout = 6
    /// Which samples validate.
    case split = 7
    /// The order in which samples are trained on.
    case order = 8
    /// What a network's weights begin with.
    case initialization = 9
  }

  /// Four 32-bit numbers. A tuple: `SIMD4` goes through generic code here, several times slower.
  typealias Block = (UInt32, UInt32, UInt32, UInt32)

  private let key: (UInt32, UInt32)
  private let stream: UInt32
  private let substream: UInt32

  /// A source for one purpose; `substream` numbers independent draws within it.
  public init(seed: UInt64, stream: Stream = .general, substream: UInt32 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream.rawValue
    self.substream = substream
  }

  /// The four 32-bit numbers of one block of the stream.
  func block(_ index: UInt64) -> Block {
    Self.philox(
      counter: (
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream,
        substream
      ), key: key)
  }

  /// A tensor of independent standard normal numbers by the Box–Muller transform.
  ///
  /// Element i comes from block i/4, whatever the element type: `Float` results are the rounded
  /// `Double` results. Each 32-bit number gives one uniform, so no value exceeds 6.7.
  public func normal<Element: Scalar>(_ shape: Shape, as type: Element.Type) -> Tensor<Element> {
    Tensor(uninitialized: shape) { fillNormal($0) }
  }

  /// A tensor of independent numbers, uniform between two bounds; element i comes from block i/4.
  public func uniform<Element: Scalar>(
    _ shape: Shape, from low: Double = 0, to high: Double = 1, as type: Element.Type
  ) -> Tensor<Element> {
    var numbers: [Element] = []
    numbers.reserveCapacity(shape.count)
    for index in 0..<(shape.count + 3) / 4 {
      let bits = block(UInt64(index))
      for word in [bits.0, bits.1, bits.2, bits.3] where numbers.count < shape.count {
        // The midpoints of 2³² cells: never a bound.
        numbers.append(Element(low + (high - low) * ((Double(word) + 0.5) * 0x1p-32)))
      }
    }
    return Tensor(shape, numbers)
  }

  /// The numbers from 0 in a random order, every order as likely as any other but for 2⁻⁶⁴ of the
  /// count (Fisher & Yates 1938; Durstenfeld 1964).
  ///
  /// - Parameter target: filled completely; at most 2³¹ numbers.
  public func fillPermutation(_ target: UnsafeMutableBufferPointer<Int32>) {
    for index in 0..<target.count { target.initializeElement(at: index, to: Int32(index)) }
    for last in stride(from: target.count - 1, to: 0, by: -1) {
      let bits = block(UInt64(last))
      let place = (UInt64(bits.0) << 32 | UInt64(bits.1)).multipliedFullWidth(by: UInt64(last + 1))
      target.swapAt(last, Int(place.high))
    }
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func fillNormal<Element: Scalar>(_ target: UnsafeMutableBufferPointer<Element>) {
    let count = target.count
    guard let base = target.baseAddress else { return }
    // A thread costs about as much as a thousand blocks.
    Parallel.forEachRange((count + 3) / 4, grain: 1024) { blocks in
      for index in blocks {
        let bits = block(UInt64(index))
        let (a, b) = Self.normalPair(bits.0, bits.1)
        let (c, d) = Self.normalPair(bits.2, bits.3)
        let start = index * 4
        (base + start).initialize(to: Element(a))
        if start + 1 < count { (base + start + 1).initialize(to: Element(b)) }
        if start + 2 < count { (base + start + 2).initialize(to: Element(c)) }
        if start + 3 < count { (base + start + 3).initialize(to: Element(d)) }
      }
    }
  }

  /// Box & Muller 1958.
  @inline(__always)
  private static func normalPair(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    // The midpoints of 2³² cells: never 0, so the logarithm is finite, and never 1.
    let radius = (-2 * Double.log((Double(first) + 0.5) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * ((Double(second) + 0.5) * 0x1p-32)
    return (radius * Double.cos(angle), radius * Double.sin(angle))
  }

  /// Ten rounds of Philox4×32.
  @inline(__always)
  static func philox(counter: Block, key: (UInt32, UInt32)) -> Block {
    var x = counter
    var k = key
    for _ in 0..<10 {
      let product0 = UInt64(0xD251_1F53) * UInt64(x.0)
      let product1 = UInt64(0xCD9E_8D57) * UInt64(x.2)
      x = (
        UInt32(truncatingIfNeeded: product1 >> 32) ^ x.1 ^ k.0,
        UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 >> 32) ^ x.3 ^ k.1,
        UInt32(truncatingIfNeeded: product0)
      )
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return x
  }
}
