/// The size of the rounding errors of a function's values, measured from a table of differences of
/// seven values close together (Moré & Wild 2011, "Estimating computational noise").
///
/// A smooth function's third and higher differences over so small steps vanish: what is left is
/// noise. `k`-th differences of independent errors of variance σ² have the variance σ²·(2k)!/(k!)².
///
/// - Parameters:
///   - line: f(x + t·v).
///   - step: the distance of the values, small but larger than a single-precision rounding of x.
/// - Returns: nil where a value is not finite.
func measuredNoise<Failure: Error>(
  of line: (Double) throws(Failure) -> Double, step: Double
) throws(Failure) -> Double? {
  var differences: [Double] = []
  // On one side of the point, so that a kink there does not look like noise.
  for place in 1...7 {
    let value = try line(Double(place) * step)
    guard value.isFinite else { return nil }
    differences.append(value)
  }
  var largest = 0.0
  var variance = 1.0
  for order in 1...5 {
    differences = zip(differences.dropFirst(), differences).map { $0 - $1 }
    // (2k)!/(k!)² from that of k − 1.
    variance *= Double(2 * (2 * order - 1)) / Double(order)
    guard order >= 3 else { continue }
    let mean = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
    largest = max(largest, (mean / variance).squareRoot())
  }
  return largest
}
