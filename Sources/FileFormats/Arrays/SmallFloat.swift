/// The 16-bit floating-point layouts: a sign, `exponentBits`, `fractionBits`, IEEE 754 rules.
///
/// Swift's own `Float16` does not exist on every platform, and bfloat16 on none, so the bits are
/// converted here. Widening is exact; narrowing rounds once, from the full `Double`, to nearest
/// with ties to even (a detour over `Float` would round twice).
struct SmallFloat {
  let exponentBits: Int
  let fractionBits: Int

  /// IEEE 754 binary16: 5 exponent bits, 10 fraction bits, largest number 65504.
  static let f16 = SmallFloat(exponentBits: 5, fractionBits: 10)
  /// bfloat16: the upper half of a binary32.
  static let bf16 = SmallFloat(exponentBits: 8, fractionBits: 7)

  private var bias: Int { (1 << (exponentBits - 1)) - 1 }
  private var exponentMask: UInt16 { UInt16((1 << exponentBits) - 1) << UInt16(fractionBits) }

  /// The number that 16 bits stand for; exact, NaN payloads keep their upper bits.
  @inline(__always)
  func widened(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF)
    let shifted = magnitude << UInt32(23 - fractionBits)
    if bits & exponentMask == exponentMask {
      return Float(bitPattern: sign | 0x7F80_0000 | shifted)
    }
    if bits & exponentMask != 0 {
      return Float(bitPattern: sign | (shifted + UInt32(127 - bias) << 23))
    }
    // Subnormal: the fraction counts units of the smallest number, a power of two. For bf16
    // that power is itself subnormal in binary32, and the product is still exact.
    let unit = Float(sign: .plus, exponent: 1 - bias - fractionBits, significand: 1)
    let value = Float(magnitude) * unit
    return sign == 0 ? value : -value
  }

  /// The nearest 16-bit number, ties to even; beyond the largest it is an infinity.
  func narrowed(_ value: Double) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 48) & 0x8000
    let magnitude = bits & 0x7FFF_FFFF_FFFF_FFFF
    let dropped = UInt64(52 - fractionBits)
    if value.isNaN {
      // The quiet bit is set so that a payload cut to nothing does not become an infinity.
      let payload = UInt16(truncatingIfNeeded: (magnitude & 0xF_FFFF_FFFF_FFFF) >> dropped)
      return sign | exponentMask | payload | 1 << UInt16(fractionBits - 1)
    }
    let exponent = Int(magnitude >> 52) - 1023
    if exponent > bias { return sign | exponentMask }
    if exponent >= 1 - bias {
      let rebased = magnitude - UInt64(1023 - bias) << 52
      // A carry out of the fraction runs into the exponent, up to infinity, as it should.
      return sign | UInt16(Self.roundedShift(rebased, by: dropped))
    }
    let shift = dropped + UInt64(1 - bias - exponent)
    guard shift <= 53 else { return sign }
    let significand = magnitude & 0xF_FFFF_FFFF_FFFF | 1 << 52
    return sign | UInt16(Self.roundedShift(significand, by: shift))
  }

  /// `bits / 2^shift`, rounded to nearest, ties to even.
  private static func roundedShift(_ bits: UInt64, by shift: UInt64) -> UInt64 {
    let lastKept = bits >> shift & 1
    return (bits + (1 << (shift - 1)) - 1 + lastKept) >> shift
  }
}
