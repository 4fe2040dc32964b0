/// Turns the cells of one column into the text that the printed table shows.
///
/// The precision is found from all cells together: every number is shown with at least two
/// significant digits of its distance to the nearest different number of the column, so that rows
/// can be told apart, but never with more than 17 digits, which is all that a `Double` holds.
struct ColumnText {
  /// Numbers get a common number of decimals, so that their points stand under one another, unless
  /// that would add more than this many digits to one of them.
  private static let alignmentLimit = 3

  /// A column of fixed decimals that would need more than this many shows significant digits
  /// instead.
  private static let decimalsLimit = 12

  private let format: NumberFormat
  /// The significant digits that the user asked for.
  private let digits: Int?
  /// The finite numbers of the column in the unit shown.
  private let values: DistinctValues
  /// The decimals of every number of the column, or nil when each number has its own digits.
  private var decimals: Int?

  init(_ format: NumberFormat, cells: [Cell], digits: Int?) {
    self.format = format
    self.digits = digits.map { max(1, min($0, NumberText.digitLimit)) }
    let scale = format.scale
    self.values = DistinctValues(cells.flatMap(\.numbers).map { $0 * scale })
    self.decimals = commonDecimals()
  }

  func text(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): return text
    case .integers(let values):
      return values.isEmpty ? "scalar" : values.map(String.init).joined(separator: "x")
    case .index(let values): return Cell.indexText(values)
    case .bool(let value): return value ? "yes" : "no"
    case .missing: return "-"
    case .integer(let value):
      return format == .count || format == .bytes ? NumberText.grouped(value) : String(value)
    case .number(let value): return text(value * format.scale, rounding: .toNearestOrEven)
    case .interval(let low, let high):
      return text(low * format.scale, rounding: .down) + "…"
        + text(high * format.scale, rounding: .up)
    }
  }

  private func text(_ value: Double, rounding: FloatingPointRoundingRule) -> String {
    guard value.isFinite else { return NumberText.shortest(value) }
    switch format {
    case .text, .integer, .count, .bytes: return wholeText(value)
    case .significant, .estimate, .fixed, .percent, .seconds: break
    }
    let digits = neededDigits(value)
    let nearest = realText(value, digits: digits)
    // The bounds of an interval must still be bounds as they are printed.
    guard let printed = Double(nearest),
      rounding == .down && printed > value || rounding == .up && printed < value
    else { return nearest }
    let unit = powerOfTen(lastPlace(of: value, digits: digits))
    return realText(rounding == .down ? value - unit : value + unit, digits: digits)
  }

  /// A real number in a column of whole ones: without a point if it is whole.
  private func wholeText(_ value: Double) -> String {
    guard let integer = Int(exactly: value) else { return NumberText.shortest(value) }
    return format == .count || format == .bytes ? NumberText.grouped(integer) : String(integer)
  }

  private func realText(_ value: Double, digits: Int) -> String {
    if let decimals, isPlain(value, digits: digits) {
      return value == 0 && !format.hasFixedDecimals
        ? "0" : NumberText.fixed(value, decimals: decimals)
    }
    return NumberText.significant(value, digits: digits)
  }

  /// The power of ten of the last digit that `realText` shows of a number that is not zero.
  private func lastPlace(of value: Double, digits: Int) -> Int {
    if let decimals, isPlain(value, digits: digits) { return -decimals }
    let exponent = NumberText.exponent(of: value, digits: digits)
    let place = exponent - digits + 1
    // Plain digits are never rounded to tens.
    return NumberText.isPlain(exponent: exponent, digits: digits) ? min(place, 0) : place
  }

  private func isPlain(_ value: Double, digits: Int) -> Bool {
    guard value != 0 else { return true }
    let exponent = NumberText.exponent(of: value, digits: digits)
    // A column of fixed decimals shows what is too small as zero, on purpose.
    if format.hasFixedDecimals { return exponent < NumberText.digitLimit }
    return NumberText.isPlain(exponent: exponent, digits: digits)
  }

  /// The decimals that all numbers of the column share, or nil when they are too different.
  private func commonDecimals() -> Int? {
    if digits == nil, let least = format.leastDecimals {
      let needed = values.sorted.compactMap(values.decimalsToTellApart).max() ?? 0
      return needed <= max(least, Self.decimalsLimit) ? max(least, needed) : nil
    }
    let nonZero = values.sorted.filter { $0 != 0 }
    let wanted = nonZero.map { value in
      let digits = neededDigits(value)
      return max(0, digits - 1 - NumberText.exponent(of: value, digits: digits))
    }
    guard digits == nil, let least = wanted.min(), let most = wanted.max(),
      most - least <= Self.alignmentLimit,
      nonZero.allSatisfy({ isPlain($0, digits: neededDigits($0)) })
    else { return nil }
    return most
  }

  /// The significant digits of a number: the user's, or the format's and as many more as tell the
  /// number from its neighbours.
  private func neededDigits(_ value: Double) -> Int {
    if let digits { return digits }
    let least = max(1, format.leastDigits)
    guard format.tellsRowsApart, value != 0, let decimals = values.decimalsToTellApart(value) else {
      return least
    }
    let exponent = NumberText.exponent(of: value, digits: NumberText.digitLimit)
    return min(NumberText.digitLimit, max(least, exponent + 1 + decimals))
  }

  /// 10 to a power, correctly rounded, which repeated multiplication is not.
  private func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}

extension NumberFormat {
  /// What values are multiplied with before they are shown.
  fileprivate var scale: Double {
    if case .percent = self { 100 } else { 1 }
  }

  /// The decimals that the format asks for, nil when it asks for significant digits.
  fileprivate var leastDecimals: Int? {
    switch self {
    case .fixed(let decimals), .percent(let decimals): decimals
    case .text, .integer, .count, .significant, .estimate, .bytes, .seconds: nil
    }
  }

  /// Whether rows that lie close together get more digits.
  fileprivate var tellsRowsApart: Bool {
    switch self {
    case .seconds, .estimate: false
    case .text, .integer, .count, .significant, .fixed, .percent, .bytes: true
    }
  }

  fileprivate var hasFixedDecimals: Bool { leastDecimals != nil }

  /// The significant digits that the format asks for.
  fileprivate var leastDigits: Int {
    switch self {
    case .significant(let digits), .estimate(let digits): digits
    case .fixed, .percent, .seconds: 3
    case .text, .integer, .count, .bytes: 1
    }
  }
}
