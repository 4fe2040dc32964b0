/// One number of an array, kept in a type that holds it exactly.
public enum StoredNumber: Equatable, Sendable, CustomStringConvertible {
  /// An element of a signed integer array.
  case signed(Int64)
  /// An element of an unsigned integer or `bool` array.
  case unsigned(UInt64)
  /// An element of a floating-point array.
  case real(Double)

  /// The shortest text that reads back as the same number.
  public var description: String {
    switch self {
    case .signed(let value): String(value)
    case .unsigned(let value): String(value)
    case .real(let value): String(value)
    }
  }

  /// The nearest `Double`: exact up to 2⁵³ and for every real.
  public var double: Double {
    switch self {
    case .signed(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value): value
    }
  }
}

/// What `linalg info` says of an array's elements.
public struct ArrayStatistics: Equatable, Sendable {
  /// The smallest finite element; nil when there is none.
  public let minimum: StoredNumber?
  /// The largest finite element; nil when there is none.
  public let maximum: StoredNumber?
  /// The mean of the finite elements; nil when there is none.
  public let mean: Double?
  /// How many elements are NaN or infinite.
  public let nonFiniteCount: Int
}

extension StoredArray {
  /// Minimum, maximum and mean of the finite elements, and the count of the others.
  ///
  /// Nothing is converted first: integer extremes are exact and integer sums are exact (128
  /// bits). Floating-point sums are compensated (Neumaier 1974), so the mean's relative error is
  /// a few ulps of Σ|x|/n however long the array is; a sum that overflows is scaled.
  public func statistics() -> ArrayStatistics {
    bytes.withUnsafeBytes { source in
      switch dtype {
      case .bool: unsignedStatistics(source) { (raw: UInt8) in raw == 0 ? 0 : 1 }
      case .u8: unsignedStatistics(source) { (raw: UInt8) in raw }
      case .u16: unsignedStatistics(source) { (raw: UInt16) in raw }
      case .u32: unsignedStatistics(source) { (raw: UInt32) in raw }
      case .u64: unsignedStatistics(source) { (raw: UInt64) in raw }
      case .i8: signedStatistics(source, Int8.self)
      case .i16: signedStatistics(source, Int16.self)
      case .i32: signedStatistics(source, Int32.self)
      case .i64: signedStatistics(source, Int64.self)
      case .f16: realStatistics(source) { Double(SmallFloat.f16.widened($0)) }
      case .bf16: realStatistics(source) { Double(SmallFloat.bf16.widened($0)) }
      case .f32: realStatistics(source) { Double(Float(bitPattern: $0)) }
      case .f64: realStatistics(source) { Double(bitPattern: $0) }
      }
    }
  }

  private func unsignedStatistics<Raw: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ value: (Raw) -> Raw
  ) -> ArrayStatistics {
    integerStatistics(source, value) { .unsigned(UInt64($0)) }
  }

  private func signedStatistics<Raw: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ raw: Raw.Type
  ) -> ArrayStatistics {
    integerStatistics(source, { (raw: Raw) in raw }) { .signed(Int64($0)) }
  }

  private func integerStatistics<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ value: (Raw) -> Raw, _ number: (Raw) -> StoredNumber
  ) -> ArrayStatistics {
    var minimum = Raw.max
    var maximum = Raw.min
    var sum: Int128 = 0
    forEach(source) { (raw: Raw) in
      let element = value(raw)
      minimum = min(minimum, element)
      maximum = max(maximum, element)
      sum += Int128(element)
    }
    guard shape.count > 0 else {
      return ArrayStatistics(minimum: nil, maximum: nil, mean: nil, nonFiniteCount: 0)
    }
    return ArrayStatistics(
      minimum: number(minimum), maximum: number(maximum),
      mean: Double(sum) / Double(shape.count), nonFiniteCount: 0)
  }

  private func realStatistics<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ value: (Raw) -> Double
  ) -> ArrayStatistics {
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var sum = CompensatedSum()
    var finite = 0
    forEach(source) { (raw: Raw) in
      let element = value(raw)
      guard element.isFinite else { return }
      minimum = min(minimum, element)
      maximum = max(maximum, element)
      sum.add(element)
      finite += 1
    }
    let nonFinite = shape.count - finite
    guard finite > 0 else {
      return ArrayStatistics(minimum: nil, maximum: nil, mean: nil, nonFiniteCount: nonFinite)
    }
    var mean = sum.value / Double(finite)
    if !mean.isFinite {
      // Numbers near the largest one: what the scaling loses lies far below the mean's ulp.
      var scaled = CompensatedSum()
      forEach(source) { (raw: Raw) in
        let element = value(raw)
        if element.isFinite { scaled.add(element * 0x1p-64) }
      }
      mean = scaled.value / Double(finite) * 0x1p64
    }
    return ArrayStatistics(
      minimum: .real(minimum), maximum: .real(maximum), mean: mean, nonFiniteCount: nonFinite)
  }

  @inline(__always)
  private func forEach<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ body: (Raw) -> Void
  ) {
    let size = MemoryLayout<Raw>.size
    for position in 0..<shape.count {
      body(Raw(littleEndian: source.loadUnaligned(fromByteOffset: position * size, as: Raw.self)))
    }
  }
}

/// A sum that carries its rounding error along (Neumaier 1974).
private struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  @inline(__always)
  mutating func add(_ term: Double) {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  var value: Double { sum + lost }
}
