internal import Glibc

/// The range of an axis, its ticks, and the way from values to positions.
struct PlotScale {
  /// A labelled or an unlabelled mark on an axis.
  struct Tick: Equatable {
    let value: Double
    /// What stands beside it; nil for a mark between two labelled ones.
    let label: Label?
  }

  /// The text of a tick.
  enum Label: Equatable {
    case text(String)
    /// 10 to a power, which is typeset with a raised exponent.
    case powerOfTen(Int)
  }

  let scale: Plot.Scale
  let low: Double
  let high: Double

  /// An axis that shows all values; those it cannot show are ignored, none give a unit range.
  init(_ scale: Plot.Scale, showing values: [Double]) {
    self.scale = scale
    let shown = values.filter { Self.canShow($0, scale) }
    let (least, most) = (shown.min() ?? 1, shown.max() ?? 1)
    switch scale {
    case .linear:
      // Fractions first: the difference of two large numbers may overflow.
      let margin = most > least ? most * 0.04 - least * 0.04 : max(abs(most) * 0.5, 0.5)
      low = max(least - margin, -.greatestFiniteMagnitude)
      high = min(most + margin, .greatestFiniteMagnitude)
    case .logarithmic:
      // A single value stands in the middle of two decades.
      let factor = most > least ? pow(10, (log10(most) - log10(least)) * 0.04) : 10
      low = max(least / factor, .leastNonzeroMagnitude)
      high = min(most * factor, .greatestFiniteMagnitude)
    }
  }

  /// Whether an axis of a scale has a place for a value.
  static func canShow(_ value: Double, _ scale: Plot.Scale) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }

  /// Where a value lies between `low` (0) and `high` (1).
  func position(_ value: Double) -> Double {
    switch scale {
    case .linear: (value / 2 - low / 2) / (high / 2 - low / 2)
    case .logarithmic: (log10(value) - log10(low)) / (log10(high) - log10(low))
    }
  }

  /// The ticks in the range, ascending, about `wanted` of them labelled.
  func ticks(about wanted: Int) -> [Tick] {
    switch scale {
    case .linear: linearTicks(about: wanted)
    case .logarithmic: logarithmicTicks(about: wanted)
    }
  }

  /// Ticks at multiples of 1, 2 or 5 times a power of ten.
  private func linearTicks(about wanted: Int) -> [Tick] {
    let rough = high / Double(max(wanted, 1)) - low / Double(max(wanted, 1))
    let exponent = Int(log10(rough).rounded(.down))
    let step =
      [1, 2, 5, 10].map { $0 * pow(10, Double(exponent)) }.first { $0 >= rough * 0.999 } ?? rough
    guard step > 0, step.isFinite else { return [] }
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    guard last >= first, last - first < 100 else { return [] }
    let decimals = max(0, -Int(log10(step * 1.001).rounded(.down)))
    return stride(from: first, through: last, by: 1).map { multiple in
      Tick(value: multiple * step, label: .text(Self.text(multiple * step, decimals: decimals)))
    }
  }

  /// Ticks at powers of ten, at every second or third … one where there are many; within few decades
  /// also between them.
  private func logarithmicTicks(about wanted: Int) -> [Tick] {
    let first = Int(log10(low).rounded(.up))
    let last = Int(log10(high).rounded(.down))
    // Less than a decade has no two powers of ten: the ticks of a linear axis say more.
    guard last > first else { return linearTicks(about: wanted).filter { $0.value > 0 } }
    let step = max(1, (last - first + wanted) / max(wanted, 1))
    let hasMinor = last - first <= 6
    let arePlain = first >= -2 && last <= 4
    var ticks: [Tick] = []
    for exponent in (first - 1)...last {
      let power = Double("1e\(exponent)") ?? 0
      if exponent >= first {
        let isLabelled = exponent % step == 0
        let label = arePlain ? Self.plain(power, exponent: exponent) : .powerOfTen(exponent)
        ticks.append(Tick(value: power, label: isLabelled ? label : nil))
      }
      guard hasMinor else { continue }
      let between = (2...9).map { Double($0) * power }.filter { $0 >= low && $0 <= high }
      ticks += between.map { Tick(value: $0, label: nil) }
    }
    return ticks
  }

  /// A power of ten with all its zeros.
  private static func plain(_ power: Double, exponent: Int) -> Label {
    .text(exponent < 0 ? text(power, decimals: -exponent) : NumberText.grouped(Int(power)))
  }

  /// A round number, in scientific notation only where zeros would not end.
  private static func text(_ value: Double, decimals: Int) -> String {
    let magnitude = abs(value)
    if value != 0, magnitude >= 1e7 || decimals > 6 {
      return NumberText.shortest(Double(NumberText.scientific(value, digits: 3)) ?? value)
    }
    return NumberText.fixed(value, decimals: decimals)
  }
}
