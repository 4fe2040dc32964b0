import RealModule

/// Gauss–Legendre quadrature with sixteen nodes: exact for polynomials up to degree 31.
enum GaussLegendre {
  private static let order = 16

  /// The positive nodes on [−1, 1] and their weights; the others mirror them.
  private static let table: [(node: Double, weight: Double)] = (0..<order / 2).map { index in
    // Tricomi's estimate is within Newton's reach of the root; six steps are more than it needs.
    var x = Double.cos(.pi * (Double(index) + 0.75) / (Double(order) + 0.5))
    for _ in 0..<6 {
      let (value, derivative) = legendre(x)
      x -= value / derivative
    }
    let derivative = legendre(x).derivative
    return (x, 2 / ((1 - x * x) * derivative * derivative))
  }

  /// The integral of `f` over [low, high]; the ends are not evaluated.
  static func integral(
    from low: Double, to high: Double, of f: (Double) -> Double
  ) -> Double {
    let (middle, half) = (low + (high - low) / 2, (high - low) / 2)
    var sum = 0.0
    for (node, weight) in table {
      sum += weight * (f(middle - half * node) + f(middle + half * node))
    }
    return sum * half
  }

  /// The Legendre polynomial of degree `order` and its derivative, by the three-term recurrence.
  private static func legendre(_ x: Double) -> (value: Double, derivative: Double) {
    var (previous, value) = (1.0, x)
    for k in 2...order {
      let k = Double(k)
      (previous, value) = (value, ((2 * k - 1) * x * value - (k - 1) * previous) / k)
    }
    return (value, Double(order) * (x * value - previous) / (x * x - 1))
  }
}
