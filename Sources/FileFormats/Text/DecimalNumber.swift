/// Decimal numbers in text, correctly rounded.
///
/// Accepted: `[+-] digits [. digits] [e[+-]digits]` with a digit on at least one side of the
/// point, and `inf`, `infinity`, `nan` in any case. No hexadecimal, no separators, no locale.
///
/// Three tiers give the same correctly rounded result. Small mantissas and exponents are one
/// exact floating-point operation (Clinger 1990). Up to 19 digits times 10^±27 are one 128-bit
/// integer operation, exact up to a sticky bit. The rest goes through the standard library.
enum DecimalNumber {
  /// What stands at a position.
  enum Scan {
    /// No number begins there; the position has not moved.
    case none
    /// A number; the position stands behind it.
    case value(Double)
    /// A decimal number beyond the largest `Double`; the position stands behind it.
    case overflow
  }

  /// Reads the longest number at `position`.
  @inline(__always)
  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Scan {
    let start = position
    let end = bytes.count
    var at = start
    let isNegative = at < end && bytes[at] == minus
    if at < end, bytes[at] == minus || bytes[at] == plus { at += 1 }
    var number = Digits()
    number.takeDigits(bytes, &at, isFraction: false)
    if at < end, bytes[at] == point {
      at += 1
      number.takeDigits(bytes, &at, isFraction: true)
    }
    guard number.hasDigits else { return word(bytes, at: &position) }
    number.takeExponent(bytes, &at)
    position = at
    guard let magnitude = number.smallValue ?? number.wideValue else {
      return slowValue(UnsafeBufferPointer(rebasing: bytes[start..<at]))
    }
    return .value(isNegative ? -magnitude : magnitude)
  }

  static let minus = UInt8(ascii: "-")
  static let plus = UInt8(ascii: "+")
  static let point = UInt8(ascii: ".")

  @inline(never)
  private static func slowValue(_ text: UnsafeBufferPointer<UInt8>) -> Scan {
    guard let value = Double(String(decoding: text, as: UTF8.self)) else { return .none }
    return value.isInfinite ? .overflow : .value(value)
  }

  @inline(never)
  private static func word(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int
  ) -> Scan {
    var at = position
    let isNegative = at < bytes.count && bytes[at] == minus
    if at < bytes.count, bytes[at] == minus || bytes[at] == plus { at += 1 }
    let letters = bytes[at...].prefix(9).prefix {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
    }
    let value: Double
    switch String(decoding: letters, as: UTF8.self).lowercased() {
    case "inf", "infinity": value = .infinity
    case "nan": value = .nan
    default: return .none
    }
    position = at + letters.count
    return .value(isNegative ? -value : value)
  }
}

/// The digits of one number while it is read.
private struct Digits {
  /// The first 19 significant digits as an integer: 19 always fit in 64 bits.
  private var mantissa: UInt64 = 0
  private var significantDigits = 0
  /// The power of ten that the mantissa is multiplied with.
  private var exponent = 0
  /// Whether a nonzero digit did not fit in the mantissa.
  private var isTruncated = false
  private(set) var hasDigits = false

  @inline(__always)
  mutating func takeDigits(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, isFraction: Bool
  ) {
    while at < bytes.count {
      let digit = bytes[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { return }
      hasDigits = true
      at += 1
      if significantDigits < 19 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa != 0 { significantDigits += 1 }
        if isFraction { exponent -= 1 }
      } else {
        isTruncated = isTruncated || digit != 0
        if !isFraction { exponent += 1 }
      }
    }
  }

  /// Takes `e±digits`; an `e` without digits is left where it stands.
  @inline(__always)
  mutating func takeExponent(_ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
    guard at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") else { return }
    var ahead = at + 1
    let isNegative = ahead < bytes.count && bytes[ahead] == DecimalNumber.minus
    if ahead < bytes.count,
      bytes[ahead] == DecimalNumber.minus || bytes[ahead] == DecimalNumber.plus
    {
      ahead += 1
    }
    let firstDigit = ahead
    var power = 0
    while ahead < bytes.count {
      let digit = bytes[ahead] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      // Far beyond every double already; a longer exponent only must not overflow.
      if power < 1_000_000 { power = power * 10 + Int(digit) }
      ahead += 1
    }
    guard ahead > firstDigit else { return }
    exponent += isNegative ? -power : power
    at = ahead
  }

  /// Mantissa and power of ten are both exact doubles: one multiplication or division rounds
  /// correctly (W. D. Clinger, "How to Read Floating Point Numbers Accurately", 1990).
  @inline(__always)
  var smallValue: Double? {
    guard !isTruncated, mantissa <= 1 << 53, -22...22 ~= exponent else { return nil }
    return exponent < 0
      ? Double(mantissa) / PowerTable.tens[-exponent]
      : Double(mantissa) * PowerTable.tens[exponent]
  }

  /// mantissa · 5^e · 2^e with 5^|e| < 2^63: the product or quotient is computed to 63 bits or
  /// more, the remainder kept as a sticky last bit, so that the conversion rounds once.
  var wideValue: Double? {
    guard !isTruncated, -27...27 ~= exponent else { return nil }
    guard mantissa != 0 else { return 0 }
    let power = PowerTable.fives[abs(exponent)]
    var bits: UInt64
    var binaryExponent: Int
    if exponent < 0 {
      let dividend = mantissa << UInt64(mantissa.leadingZeroBitCount)
      let divisor = power << UInt64(power.leadingZeroBitCount)
      let (quotient, remainder) = divisor.dividingFullWidth((dividend >> 1, dividend << 63))
      bits = quotient | (remainder == 0 ? 0 : 1)
      binaryExponent = power.leadingZeroBitCount - mantissa.leadingZeroBitCount - 63 + exponent
    } else {
      let (high, low) = mantissa.multipliedFullWidth(by: power)
      let shift = high.leadingZeroBitCount
      bits = low
      binaryExponent = exponent
      if high != 0 {
        bits = high << UInt64(shift) | low >> UInt64(64 - shift)
        bits |= low << UInt64(shift) == 0 ? 0 : 1
        binaryExponent += 64 - shift
      }
    }
    return Double(bits) * Double(sign: .plus, exponent: binaryExponent, significand: 1)
  }
}

/// Powers that are exact in their type.
private enum PowerTable {
  /// 10^0 … 10^22, exact as doubles.
  static let tens: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
  /// 5^0 … 5^27, exact in 64 bits.
  static let fives: [UInt64] = (0...27).map { exponent in
    (0..<exponent).reduce(UInt64(1)) { power, _ in power * 5 }
  }
}
