/// Decimal integers in text.
enum IntegerNumber {
  /// Reads `[+-]digits` at `position` and moves behind it; nil when there is none or it exceeds
  /// 64 bits.
  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Int64? {
    var at = position
    let isNegative = at < bytes.count && bytes[at] == DecimalNumber.minus
    if isNegative || (at < bytes.count && bytes[at] == DecimalNumber.plus) { at += 1 }
    let firstDigit = at
    var value: Int64 = 0
    while at < bytes.count {
      let digit = bytes[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      // Negative numbers reach one further, so the sum runs on their side.
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = tenfold.subtractingReportingOverflow(Int64(digit))
      guard !overflow, !carry else { return nil }
      value = next
      at += 1
    }
    guard at > firstDigit, isNegative || value != .min else { return nil }
    position = at
    return isNegative ? value : -value
  }
}
