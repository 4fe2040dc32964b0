import RealModule

/// The Marchenko–Pastur law: how the numbers s²/(Nσ²) lie when s are the singular values of an
/// m×n matrix of independent noise of variance σ², N = max(m, n), and the matrix is large.
///
/// Marchenko & Pastur 1967; FORMULAS.md section 2. Everything is computed in the angle a of
/// `t = (1+β) − 2√β·cos a`, 0 ≤ a ≤ π, in which the density has no square root left:
/// `(2/π)·sin²a / ((1−√β)² + 4√β·sin²(a/2))`.
public struct MarchenkoPastur: Sendable {
  /// β = min(m, n)/max(m, n).
  public let aspectRatio: Double
  /// √β.
  private let root: Double
  /// 1 − √β, without the cancellation near β = 1.
  private let gap: Double

  /// The law of an aspect ratio in 0 < β ≤ 1; another one traps.
  public init(aspectRatio: Double) {
    precondition(
      aspectRatio > 0 && aspectRatio <= 1, "an aspect ratio lies in (0, 1], not \(aspectRatio)")
    self.aspectRatio = aspectRatio
    root = aspectRatio.squareRoot()
    gap = (1 - aspectRatio) / (1 + root)
  }

  /// Where the density is not zero: [(1−√β)², (1+√β)²].
  public var support: ClosedRange<Double> { gap * gap...(1 + root) * (1 + root) }

  /// The density √((b₊−t)(t−b₋))/(2πβt); zero outside the support and at its ends, but infinite
  /// at t = 0 for β = 1.
  public func density(_ t: Double) -> Double {
    let (low, high) = (support.lowerBound, support.upperBound)
    guard t >= low, t <= high else { return 0 }
    guard t > 0 else { return .infinity }
    return (((high - t) / t) * ((t - low) / t)).squareRoot() / (2 * .pi * aspectRatio)
  }

  /// The share of the law up to t, to 1e-14 absolutely: 0 below the support, 1 above it.
  ///
  /// For β under 1e-4 the support is so narrow that the last digit of t itself counts for more:
  /// `ulp(1)/(4√β)`.
  public func cumulative(_ t: Double) -> Double {
    guard t > support.lowerBound else { return 0 }
    guard t < support.upperBound else { return 1 }
    return min(1, mass(from: 0, to: angle(t)))
  }

  /// μ_β, the value that half of the law lies below, to 1e-13.
  ///
  /// By bisection over the angle, down to its last digit; every step integrates only what the
  /// steps before have not. A thousand evaluations of the density or 10 µs: ask once and keep it.
  public var median: Double {
    var (low, high) = (0.0, Double.pi)
    var below = 0.0
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return value(angle: middle) }
      let share = below + mass(from: low, to: middle)
      if share < 0.5 { (low, below) = (middle, share) } else { high = middle }
    }
  }

  /// The Kolmogorov–Smirnov distance between the law and the empirical distribution of some
  /// normalised eigenvalues s²/(Nσ²): the largest difference of the two shares up to any t.
  ///
  /// One pass of quadrature from value to value, right to 1e-12; 5000 values take about 1 ms.
  /// - Parameter eigenvalues: in any order, those outside the support included; no NaN.
  /// - Returns: between 0 and 1; 0 without values.
  public func distance(from eigenvalues: [Double]) -> Double {
    let count = Double(eigenvalues.count)
    var largest = 0.0
    var (reached, share) = (0.0, 0.0)
    for (index, t) in eigenvalues.sorted().enumerated() {
      let next = angle(t)
      share += mass(from: reached, to: next)
      reached = next
      largest = max(largest, share - Double(index) / count, Double(index + 1) / count - share)
    }
    return min(1, largest)
  }

  /// The angle of a value, 0 or π outside the support.
  private func angle(_ t: Double) -> Double {
    let (low, high) = (support.lowerBound, support.upperBound)
    return 2 * Double.atan2(y: max(0, t - low).squareRoot(), x: max(0, high - t).squareRoot())
  }

  /// The value of an angle.
  private func value(angle: Double) -> Double {
    let sine = Double.sin(angle / 2)
    return gap * gap + 4 * root * sine * sine
  }

  /// The share of the law between two angles.
  ///
  /// The integrand has poles off the real axis, about 1 − √β from a = 0. Panels no longer than
  /// their distance from 0, or than that of the poles, are far enough from them for sixteen
  /// nodes to reach rounding: their error shrinks at least as 4.6⁻³².
  private func mass(from low: Double, to high: Double) -> Double {
    // For β = 1 the poles meet the zeros of the sine and are gone.
    let reach = gap > 0 ? gap : .infinity
    var sum = 0.0
    var end = high
    while end > low {
      let start = end > reach ? max(low, end / 2) : low
      sum += GaussLegendre.integral(from: start, to: end) { angle in
        let sine = Double.sin(angle / 2)
        let square = sine * sine
        return 8 / .pi * square * (1 - square) / (gap * gap + 4 * root * square)
      }
      end = start
    }
    return sum
  }
}
