/// Describes a sample of measurements.
public struct Statistics: Sendable, Equatable {
  private let sorted: [Double]

  /// The statistics of a sample in any order; an empty one and a NaN trap.
  public init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "statistics of an empty sample")
    precondition(!samples.contains { $0.isNaN }, "statistics of a sample with a NaN")
    sorted = samples.sorted()
  }

  /// The number of measurements.
  public var count: Int { sorted.count }

  /// The smallest measurement: for timings the one that was disturbed least.
  public var minimum: Double { sorted[0] }

  /// The largest measurement.
  public var maximum: Double { sorted[count - 1] }

  /// The arithmetic mean.
  public var mean: Double { sorted.reduce(0, +) / Double(count) }

  /// The middle measurement, or the mean of the two in the middle.
  public var median: Double { quantile(0.5) }

  /// The value below which a quarter of the measurements lies.
  public var lowerQuartile: Double { quantile(0.25) }

  /// The value below which three quarters of the measurements lie.
  public var upperQuartile: Double { quantile(0.75) }

  /// The distance between the quartiles, `iqr_s` in bench tables.
  public var interquartileRange: Double { upperQuartile - lowerQuartile }

  /// How many measurements lie further from the nearer quartile than three times their distance: the
  /// far outliers of Tukey (1977).
  public var outliers: Int {
    let reach = 3 * interquartileRange
    return sorted.count { $0 > upperQuartile + reach || $0 < lowerQuartile - reach }
  }

  /// The standard deviation with the divisor n − 1; 0 for a single measurement.
  public var standardDeviation: Double {
    guard count > 1 else { return 0 }
    let mean = mean
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(count - 1)).squareRoot()
  }

  /// The standard error of the mean: the standard deviation over √n.
  public var standardError: Double { standardDeviation / Double(count).squareRoot() }

  /// The value below which the share `q` of the sample lies; `q` outside 0…1 traps.
  ///
  /// Between two measurements it is interpolated linearly at position `q·(n − 1)`: NumPy's default,
  /// number 7 of Hyndman & Fan (1996).
  public func quantile(_ q: Double) -> Double {
    precondition((0...1).contains(q), "quantile \(q) outside 0…1")
    let position = q * Double(count - 1)
    let below = Int(position)
    let above = min(below + 1, count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }
}
