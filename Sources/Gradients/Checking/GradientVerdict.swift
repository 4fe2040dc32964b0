/// What a comparison of a claimed derivative with differences says.
public enum GradientVerdict: String, Sendable, CaseIterable {
  case pass
  /// The slopes on both sides differ and the claim lies between them.
  case kink
  /// The error bar is too wide to tell.
  case inconclusive
  case fail
  /// The same point gives different values.
  case nondeterministic
  /// The function is not finite near the point.
  case nonfinite

  /// The order of seriousness, in which several comparisons are summed up.
  var seriousness: Int {
    switch self {
    case .pass: 0
    case .kink: 1
    case .inconclusive: 2
    case .nonfinite: 3
    case .nondeterministic: 4
    case .fail: 5
    }
  }

  /// The more serious of two.
  func combined(with other: Self) -> Self { other.seriousness > seriousness ? other : self }
}

/// A word for a relative error, by the usual rule of thumb (FORMULAS: below 1e-7, 1e-5, 1e-3).
public enum GradientGrade: String, Sendable {
  case perfect, good, look, wrong

  /// The grade of ‖g − n‖/(‖g‖ + ‖n‖).
  public init(relativeError: Double) {
    switch relativeError {
    case ..<1e-7: self = .perfect
    case ..<1e-5: self = .good
    case ...1e-3: self = .look
    default: self = .wrong
    }
  }
}

/// What counts as a mismatch.
struct GradientJudge {
  /// The size of the gradient that a derivative belongs to.
  let gradientScale: Double
  /// The slope that would change the value by all of itself.
  let valueScale: Double
  /// Relative noise of the function's values, which its gradient shares, or of the claims themselves.
  let relativeNoise: Double
  var relativeTolerance: Double?
  var absoluteTolerance: Double?

  /// An error bar of more than this part of the gradient leaves open whether the claim is right; of a
  /// gradient of zero, more than this part of the value.
  private static var resolution: Double { 1e-3 }
  /// Claims are rounded, too.
  private var claimRounding: Double { max(1e-9, 100 * relativeNoise) }

  func verdict(claimed: Double, _ numeric: NumericDerivative) -> GradientVerdict {
    let slack = numeric.errorBar + claimRounding * gradientScale
    switch numeric.kind {
    case .notFinite: return .nonfinite
    case .kink(let left, let right):
      return claimed >= min(left, right) - slack && claimed <= max(left, right) + slack
        ? .kink : .fail
    case .smooth: break
    }
    guard claimed.isFinite else { return .fail }
    let (error, size) = (
      (claimed - numeric.value).magnitude, max(claimed.magnitude, numeric.value.magnitude)
    )
    if error > slack + claimRounding * size { return .fail }
    let scale = gradientScale > 0 ? max(size, gradientScale) : max(size, 1e-3 * valueScale)
    // Of a function that is zero everywhere there is no size at all.
    let isZero = scale == 0 && numeric.errorBar < Double.leastNormalMagnitude.squareRoot()
    if !isZero, numeric.errorBar > Self.resolution * scale { return .inconclusive }
    if relativeTolerance != nil || absoluteTolerance != nil {
      let limit = (absoluteTolerance ?? 0) + (relativeTolerance ?? 0) * numeric.value.magnitude
      if error > limit { return .fail }
    }
    return .pass
  }
}
