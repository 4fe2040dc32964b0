import RealModule

/// White noise of a known standard deviation in a matrix [m, n]: the scale that singular values
/// are measured against.
///
/// The rules depend on the two sides only through min and max, so that a matrix and its transpose
/// are treated alike, to the last bit.
public struct NoiseScale: Sendable, Hashable {
  /// m, at least 1.
  public let rows: Int
  /// n, at least 1.
  public let columns: Int
  /// σ, the standard deviation of one element, in the units of the matrix.
  public let sigma: Double

  /// The scale of a matrix with elements; an empty one and a σ that is negative or not finite
  /// trap. With σ = 0 there is nothing to remove.
  public init(rows: Int, columns: Int, sigma: Double) {
    precondition(rows > 0 && columns > 0, "a matrix \(rows)x\(columns) has no elements")
    precondition(sigma >= 0 && sigma.isFinite, "a standard deviation of \(sigma)")
    self.rows = rows
    self.columns = columns
    self.sigma = sigma
  }

  /// min(m, n).
  public var shortSide: Int { min(rows, columns) }
  /// N = max(m, n).
  public var longSide: Int { max(rows, columns) }
  /// β = min(m, n)/max(m, n).
  public var aspectRatio: Double { Double(shortSide) / Double(longSide) }
  /// √N·σ, the unit of normalised singular values `y = s/(√N·σ)`.
  public var unit: Double { Double(longSide).squareRoot() * sigma }
  /// σ(√m + √n): where the largest singular value of pure noise lies, up to a few percent.
  public var edge: Double {
    sigma * (Double(rows).squareRoot() + Double(columns).squareRoot())
  }

  /// The singular value below which a rule keeps nothing; nil for `rank`, which asks for none.
  ///
  /// For the nuclear shrinker y* = √((u+1)(u+β)/u), u = β^⅓ + β^⅔: there x⁴ − β = √β·x·y, which
  /// with `(xy)² = (x²+1)(x²+β)` is u³ − 3βu − β(1+β) = 0 for u = x².
  public func threshold(for rule: ShrinkageRule) -> Double? {
    switch rule {
    case .hard: return ShrinkageRule.hardThresholdCoefficient(aspectRatio: aspectRatio) * unit
    case .frobenius, .spectral, .edge: return edge
    case .nuclear:
      let β = aspectRatio
      let cubeRoot = Double.root(β, 3)
      let u = cubeRoot + cubeRoot * cubeRoot
      return ((u + 1) * (u + β) / u).squareRoot() * unit
    case .usvt: return 4 / 3.0.squareRoot() * Double(shortSide).squareRoot() * sigma
    case .simple: return (2 * (Double(rows) + Double(columns))).squareRoot() * sigma
    case .soft(let amount): return amount
    case .rank: return nil
    }
  }

  /// What a rule makes of singular values: as many numbers, still descending, none larger than
  /// before, 0 for what is dropped; never NaN.
  ///
  /// - Parameter singularValues: descending, finite and not negative.
  public func shrunk(_ singularValues: [Double], by rule: ShrinkageRule) -> [Double] {
    if case .rank(let rank) = rule {
      return singularValues.enumerated().map { $0.offset < rank ? $0.element : 0 }
    }
    let threshold = threshold(for: rule) ?? 0
    return singularValues.map { value in
      guard value >= threshold else { return 0 }
      switch rule {
      case .frobenius, .spectral, .nuclear: return value * optimalFactor(value, for: rule)
      case .soft(let amount): return value - amount
      case .hard, .edge, .usvt, .simple, .rank: return value
      }
    }
  }

  /// η(y)/y of the optimal shrinkers (Gavish & Donoho 2017, eqs. 7–10) for y = s/(√N·σ) ≥ 1 + √β.
  ///
  /// With D² = (y²−β−1)² − 4β = (y²−(1+√β)²)(y²−(1−√β)²), and every factor divided by y before
  /// they meet: no cancellation at the edge, no overflow far from it.
  /// - Frobenius `D/y²`
  /// - spectral `x/y`, x² = (y²−β−1+D)/2
  /// - nuclear `(x⁴−β−√β·x·y)/(x²y²)` = (x/y)² − w − w², w = √β/(x·y)
  private func optimalFactor(_ singularValue: Double, for rule: ShrinkageRule) -> Double {
    let y = singularValue / unit
    // No noise, or one that is nothing beside this value.
    guard y.isFinite else { return 1 }
    let root = aspectRatio.squareRoot()
    let (outer, inner) = (1 + root, 1 - root)
    let fromEdge = max(0, (y - outer) / y) * ((y + outer) / y)
    let frobenius = (fromEdge * ((y - inner) / y) * ((y + inner) / y)).squareRoot()
    let constant = root / y / y
    let square = min(1, (fromEdge + 2 * constant + frobenius) / 2)
    switch rule {
    case .spectral: return square.squareRoot()
    case .nuclear:
      let w = constant / square.squareRoot()
      return max(0, square - w - w * w)
    default: return min(1, frobenius)
    }
  }
}
