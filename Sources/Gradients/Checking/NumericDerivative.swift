/// The derivative of a function along a line, found by differences.
public struct NumericDerivative: Sendable, Equatable {
  /// What the function looks like there.
  public enum Kind: Sendable, Equatable {
    /// Differences converge to one slope, as far as noise lets them.
    case smooth
    /// The slopes to the left and to the right differ.
    case kink(left: Double, right: Double)
    /// The function is not finite however near one looks.
    case notFinite
  }

  /// The slope; at a kink the mean of both.
  public let value: Double
  /// How far the true slope may be from it: the spread of the extrapolation and the noise.
  public let errorBar: Double
  public let kind: Kind
}

/// A function along a line, f(x + t·v), and what is known of it at t = 0.
struct LineFunction<Failure: Error> {
  let value: (Double) throws(Failure) -> Double
  let atZero: Double
  /// The size of the rounding errors of values.
  let noise: Double
  /// The t that moves x by about its own size.
  let scale: Double
  /// A slope that matters: below a small part of it errors do not count.
  let reference: Double

  /// The largest step. Noisy values need larger ones.
  private var firstStep: Double {
    (noise > 1e-10 * atZero.magnitude ? 0.25 : 0.05) * scale
  }
  /// Where the first tableau looks, if all of its rows are needed.
  var firstPoints: [Double] {
    (0..<Self.rows).flatMap { row in
      let step = firstStep / Double(1 << row)
      return [step, -step]
    }
  }
  /// The step of a first look: near ε^⅓, where truncation and noise of a central difference are alike.
  var quickStep: Double { 1e-5 * scale }
  /// A tableau starts anew at a step so many times smaller when the last did not converge: a kink or
  /// a pole near by spoils all rows whose steps reach it.
  private static var restart: Double { 32 }
  private static var restarts: Int { 4 }
  private static var rows: Int { 7 }
  /// A slope so well known, relatively, needs no smaller steps.
  private static var goal: Double { 1e-8 }

  /// The derivative at t = 0 by Ridders' extrapolation of central differences (Ridders 1982).
  func derivative() throws(Failure) -> NumericDerivative {
    var best: Tableau?
    var isSuspect = false
    var step = firstStep
    for _ in 0...Self.restarts {
      if let found = try tableau(.central, from: step) {
        isSuspect = isSuspect || found.hasKink
        if found.errorBar < best?.errorBar ?? .infinity { best = found }
        if found.errorBar <= Self.goal * max(found.value.magnitude, reference), !found.hasKink {
          break
        }
      }
      step /= Self.restart
    }
    guard let best else {
      return NumericDerivative(value: .nan, errorBar: .infinity, kind: .notFinite)
    }
    let isRough = best.errorBar > 1e-4 * max(best.value.magnitude, reference)
    if isSuspect || isRough, let kink = try kink() { return kink }
    return NumericDerivative(value: best.value, errorBar: best.errorBar, kind: .smooth)
  }

  /// A first look at two values, for a slope that is claimed: a central difference that agrees with
  /// every claim to six digits settles it, since neither truncation nor a mistake would hit the
  /// other's digits. The error bar is what is left between them, and the noise.
  ///
  /// - Parameter values: f at `quickStep` and at −`quickStep`, where they are known already.
  /// - Returns: nil when it does not agree, when noise hides so many digits, or where the function
  ///   bends as at a kink.
  func quickDerivative(
    claims: [Double], values: (up: Double, down: Double)? = nil
  ) throws(Failure) -> NumericDerivative? {
    let h = quickStep
    let found =
      if let values { difference(.central, h, values.up, values.down) } else {
        try difference(.central, h)
      }
    guard let (slope, bend) = found else { return nil }
    let size = max(slope.magnitude, reference)
    let rounding = (2 * noise + .ulpOfOne * scale * slope.magnitude) / h
    let distance = claims.map { ($0 - slope).magnitude }.max() ?? .infinity
    guard rounding <= 1e-5 * size, distance <= 1e-6 * size + rounding,
      bend.magnitude <= 1e-3 * size + 2 * rounding
    else { return nil }
    return NumericDerivative(value: slope, errorBar: distance + rounding, kind: .smooth)
  }

  /// Both slopes, where they differ.
  private func kink() throws(Failure) -> NumericDerivative? {
    guard let left = try oneSided(.left), let right = try oneSided(.right) else { return nil }
    let gap = (right.value - left.value).magnitude
    let bars = left.errorBar + right.errorBar
    guard gap > 4 * bars, gap > 1e-4 * max(left.value.magnitude, right.value.magnitude, reference)
    else { return nil }
    return NumericDerivative(
      value: (left.value + right.value) / 2, errorBar: bars,
      kind: .kink(left: left.value, right: right.value))
  }

  private func oneSided(_ side: Side) throws(Failure) -> Tableau? {
    var best: Tableau?
    var step = firstStep
    for _ in 0...Self.restarts {
      if let found = try tableau(side, from: step),
        found.errorBar < best?.errorBar ?? .infinity
      {
        best = found
      }
      step /= Self.restart
    }
    return best
  }

  private enum Side {
    case central, left, right
  }

  /// What one extrapolation gave.
  private struct Tableau {
    var value: Double
    var errorBar: Double
    /// Whether f(h) + f(−h) − 2·f(0) shrinks like h, not like h².
    var hasKink = false
  }

  /// Neville's tableau for differences at h, h/2, h/4, …; nil where values are not finite.
  private func tableau(
    _ side: Side, from first: Double
  ) throws(Failure) -> Tableau? {
    // Noise of a difference at h is at most noise·spread/h; extrapolating multiplies it by at most
    // the product of (factor + 1)/(factor − 1).
    let (base, spread) = side == .central ? (4.0, 2.0) : (2.0, 16.0)
    var previous: [Double] = []
    var best: Tableau?
    var bends: [Double] = []
    var h = first
    for row in 0..<Self.rows {
      guard let (slope, bend) = try difference(side, h) else { return best }
      bends.append(bend)
      var diagonal = [slope]
      var factor = base
      let rounding = (noise * spread + .ulpOfOne * scale * slope.magnitude) / h
      for column in 0..<previous.count {
        let next = diagonal[column] + (diagonal[column] - previous[column]) / (factor - 1)
        let error = max(
          (next - diagonal[column]).magnitude, (next - previous[column]).magnitude)
        if error + rounding < best?.errorBar ?? .infinity {
          best = Tableau(value: next, errorBar: error + rounding)
        }
        diagonal.append(next)
        factor *= base
      }
      // Ridders' rule: when the highest order has become worse, smaller steps only add noise.
      if row > 1, let best, let last = diagonal.last, let before = previous.last,
        (last - before).magnitude > 4 * best.errorBar
      {
        break
      }
      previous = diagonal
      h /= 2
    }
    if side == .central { best?.hasKink = showsKink(bends, smallest: h * 2) }
    return best
  }

  /// Whether the bends of the last two steps have hardly shrunk, and are more than noise.
  private func showsKink(_ bends: [Double], smallest h: Double) -> Bool {
    guard bends.count > 1 else { return false }
    let (wide, narrow) = (bends[bends.count - 2].magnitude, bends[bends.count - 1].magnitude)
    return narrow > 0.7 * wide && narrow > 16 * noise / h && narrow > 1e-7 * reference
  }

  /// A difference quotient and (f(h) + f(−h) − 2·f(0))/h.
  private func difference(
    _ side: Side, _ h: Double
  ) throws(Failure) -> (slope: Double, bend: Double)? {
    let up = side == .left ? atZero : try value(h)
    let down = side == .right ? atZero : try value(-h)
    return difference(side, h, up, down)
  }

  private func difference(
    _ side: Side, _ h: Double, _ up: Double, _ down: Double
  ) -> (slope: Double, bend: Double)? {
    guard up.isFinite, down.isFinite else { return nil }
    return ((up - down) / (side == .central ? 2 * h : h), (up - atZero + (down - atZero)) / h)
  }
}
