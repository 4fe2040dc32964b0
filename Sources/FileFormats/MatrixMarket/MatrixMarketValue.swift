/// The numbers of a Matrix Market file: doubles for `real` and `pattern`, 64-bit integers for
/// `integer`. Their arithmetic answers nil where it leaves the type.
protocol MatrixMarketValue: Numeric, BitwiseCopyable {
  static var dtype: DType { get }
  /// Reads a number at `position` and moves behind it.
  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Self?
  /// `self + other`.
  func sum(_ other: Self) -> Self?
  /// `-self`.
  var negated: Self? { get }
}

extension Double: MatrixMarketValue {
  static var dtype: DType { .f64 }

  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Double? {
    guard case .value(let value) = DecimalNumber.scan(bytes, at: &position) else { return nil }
    return value
  }

  func sum(_ other: Double) -> Double? {
    let total = self + other
    return total.isInfinite && isFinite && other.isFinite ? nil : total
  }

  var negated: Double? { -self }
}

extension Int64: MatrixMarketValue {
  static var dtype: DType { .i64 }

  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Int64? {
    IntegerNumber.scan(bytes, at: &position)
  }

  func sum(_ other: Int64) -> Int64? {
    let (total, overflow) = addingReportingOverflow(other)
    return overflow ? nil : total
  }

  var negated: Int64? { self == .min ? nil : -self }
}
