/// How a gradient that was derived by hand agrees with others.
public struct GradientAgreement: Sendable {
  /// What it was held against.
  public enum Oracle: String, Sendable {
    /// Reverse mode through the definition of the loss, in double precision.
    case reverseMode = "reverse mode"
    /// Central differences of that definition along one direction through all parameters, in double
    /// precision.
    case differences
    /// The same formulas in double precision, against those in the precision of the run.
    case precision
  }

  /// One of them.
  public struct Comparison: Sendable {
    public let oracle: Oracle
    /// The largest relative difference. For parameter p of a gradient G it is ‖g_p − r_p‖ over
    /// ‖r_p‖ + ‖G‖; of differences |⟨G, d⟩ − D| over Σ ‖g_p‖·‖d_p‖ for the direction d.
    public let difference: Double
    /// The most that rounding, and what differences leave out, explain.
    public let limit: Double
    /// Where it is, `layers.0.weight`: of all parameters the one that comes nearest to its limit, or
    /// goes furthest beyond; of differences `all parameters`.
    public let parameter: String

    public var passes: Bool { difference <= limit }

    /// How far beyond the limit it is, as a factor.
    var excess: Double { difference.isNaN ? .infinity : difference == 0 ? 0 : difference / limit }
  }

  /// One for each oracle.
  public let comparisons: [Comparison]
  /// How many samples the loss was of.
  public let samples: Int

  /// Whether all agree.
  public var passes: Bool { comparisons.allSatisfy(\.passes) }

  /// The comparison that comes nearest to its limit, or goes furthest beyond.
  public var worst: Comparison? { comparisons.max { $0.excess < $1.excess } }
}
