internal import Glibc

/// How a quantity grows with a size: `value = c·sizeᵉ`.
public enum PowerLaw {
  /// The exponent e that fits best in the logarithms, by least squares; NaN for fewer than two
  /// different sizes and for what is not positive.
  public static func exponent(of points: [(size: Double, value: Double)]) -> Double {
    let x = points.map { log($0.size) }
    let y = points.map { log($0.value) }
    let count = Double(points.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let variance = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    return covariance / variance
  }
}
