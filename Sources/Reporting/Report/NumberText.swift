internal import Glibc

/// Numbers as text. Nothing here depends on the locale: a Swift program stays in the C locale.
public enum NumberText {
  /// The significant digits that tell any two `Double`s apart.
  static let digitLimit = 17

  /// Plain digits with `decimals` of them after the point, rounded to nearest. A value that
  /// rounds to zero has no sign.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let text = formatted("%.*f", decimals, value)
    let isNegativeZero = text.hasPrefix("-") && text.utf8.allSatisfy { "-0.".utf8.contains($0) }
    return isNegativeZero ? String(text.dropFirst()) : text
  }

  /// Scientific notation with `digits` significant digits: `1.234e-05`.
  public static func scientific(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    return formatted("%.*e", max(digits, 1) - 1, value)
  }

  /// `digits` significant digits, plain for magnitudes from 1e-4 to 1e7 and scientific beyond. An
  /// exact zero is `0`.
  public static func significant(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    guard value != 0 else { return "0" }
    let exponent = exponent(of: value, digits: digits)
    return isPlain(exponent: exponent, digits: digits)
      ? fixed(value, decimals: max(0, digits - 1 - exponent)) : scientific(value, digits: digits)
  }

  /// The fewest digits that read back as the same number; `nan`, `inf` and `-inf`.
  public static func shortest(_ value: Double) -> String {
    value.isFinite ? value.description : nonFinite(value)
  }

  /// An integer with thousands separators: `205,000`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A number of things for a sentence: `1 sample`, `1,360 samples`.
  public static func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A number of bytes for a sentence: `205,000 B`.
  public static func bytes(_ count: Int) -> String { grouped(count) + " B" }

  /// A time for a sentence, to three significant digits in a fitting unit: `1.23 s`, `45.6 ms`.
  public static func seconds(_ value: Double) -> String {
    guard value.isFinite else { return nonFinite(value) + " s" }
    let magnitude = abs(value)
    let (scale, unit): (Double, String) =
      switch magnitude {
      case 0, 0.9995...: (1, "s")
      case 0.9995e-3...: (1e3, "ms")
      case 0.9995e-6...: (1e6, "µs")
      default: (1e9, "ns")
      }
    return significant(value * scale, digits: 3) + " " + unit
  }

  /// The decimal exponent that a finite, non-zero value has after rounding to `digits`.
  static func exponent(of value: Double, digits: Int) -> Int {
    let text = scientific(value, digits: digits)
    guard let mark = text.lastIndex(of: "e") else { return 0 }
    return Int(text[text.index(after: mark)...]) ?? 0
  }

  /// Whether plain digits read better than scientific notation.
  static func isPlain(exponent: Int, digits: Int) -> Bool {
    (-4..<max(7, min(digits, digitLimit))).contains(exponent)
  }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
  }

  private static func formatted(_ format: String, _ precision: Int, _ value: Double) -> String {
    // 1.8e308 has 309 digits before the point; no caller asks for more than a few behind it.
    let capacity = 330 + max(precision, 0)
    return withVaList([Int32(clamping: precision), value]) { arguments in
      String(unsafeUninitializedCapacity: capacity) { buffer in
        buffer.withMemoryRebound(to: CChar.self) { characters in
          Int(vsnprintf(characters.baseAddress, capacity, format, arguments))
        }
      }
    }
  }
}
