import RealModule

/// What becomes of the singular values of a noisy matrix.
///
/// `NoiseScale` applies a rule; FORMULAS.md sections 2 and 6 hold the formulas, the tests their
/// numbers.
public enum ShrinkageRule: Sendable, Hashable {
  /// Keep what reaches λ(β)·√N·σ (Gavish & Donoho 2014): the best of all fixed thresholds.
  case hard
  /// The optimal shrinker for the squared error (Gavish & Donoho 2017).
  case frobenius
  /// The optimal shrinker for the spectral norm of the error; `op` on the command line.
  case spectral
  /// The optimal shrinker for the nuclear norm of the error.
  case nuclear
  /// Keep what reaches the edge of pure noise, σ(√m + √n).
  case edge
  /// Keep what reaches 4/√3·σ·√n with n the shorter side: the threshold for square matrices, as
  /// it is often printed for all. Below the noise edge for long ones.
  case usvt
  /// Keep what reaches σ·√(2(m + n)), which tutorials print together with a wrong estimate of σ
  /// (`NoiseEstimate.simpleSigma`). Not a rule to use: offered so that it can be seen failing.
  case simple
  /// Keep the leading values, as many as given.
  case rank(Int)
  /// Subtract a number from every value and keep what is positive.
  case soft(Double)

  /// The rules that need nothing but σ, in the order of tables: `all` on the command line.
  public static let parameterFree: [ShrinkageRule] = [
    .hard, .frobenius, .spectral, .nuclear, .edge, .usvt, .simple,
  ]

  /// The rule of a command-line name: `hard`, `fro`, `op`, `nuc`, `edge`, `usvt`, `simple`,
  /// `rank:K` with a whole K ≥ 1, `soft:T` with a finite T ≥ 0; nil for anything else.
  public init?(name: String) {
    if let rule = Self.parameterFree.first(where: { $0.name == name }) {
      self = rule
    } else if name.hasPrefix("rank:"), let rank = Int(name.dropFirst(5)), rank >= 1 {
      self = .rank(rank)
    } else if name.hasPrefix("soft:"), let amount = Double(name.dropFirst(5)), amount >= 0,
      amount.isFinite
    {
      self = .soft(amount)
    } else {
      return nil
    }
  }

  /// The name on the command line and in tables, which `init(name:)` reads back.
  public var name: String {
    switch self {
    case .hard: "hard"
    case .frobenius: "fro"
    case .spectral: "op"
    case .nuclear: "nuc"
    case .edge: "edge"
    case .usvt: "usvt"
    case .simple: "simple"
    case .rank(let rank): "rank:\(rank)"
    case .soft(let amount): "soft:\(Int(exactly: amount).map { "\($0)" } ?? "\(amount)")"
    }
  }

  /// Whether the rule depends on the noise.
  public var needsSigma: Bool {
    switch self {
    case .hard, .frobenius, .spectral, .nuclear, .edge, .usvt, .simple: true
    case .rank, .soft: false
    }
  }

  /// λ(β), the optimal hard threshold in units of √N·σ, right to a few units in the last place:
  /// `√(2(β+1) + 8β/((β+1) + √(β²+14β+1)))` (Gavish & Donoho 2014, eq. 11); λ(1) = 4/√3.
  ///
  /// - Parameter β: the aspect ratio, in (0, 1]; another one traps.
  public static func hardThresholdCoefficient(aspectRatio β: Double) -> Double {
    precondition(β > 0 && β <= 1, "an aspect ratio lies in (0, 1], not \(β)")
    let correction = 8 * β / ((β + 1) + (β * β + 14 * β + 1).squareRoot())
    return (2 * (β + 1) + correction).squareRoot()
  }

  /// ω(β) = λ(β)/√μ_β, the optimal hard threshold in units of the median singular value, for
  /// unknown σ (Gavish & Donoho 2014, section III-E); as costly as `MarchenkoPastur.median`.
  ///
  /// - Parameter β: the aspect ratio, in (0, 1]; another one traps.
  public static func medianThresholdCoefficient(aspectRatio β: Double) -> Double {
    hardThresholdCoefficient(aspectRatio: β)
      / MarchenkoPastur(aspectRatio: β).median.squareRoot()
  }
}
