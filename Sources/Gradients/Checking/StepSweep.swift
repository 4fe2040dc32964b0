import RealModule
public import Tensors

/// The errors of difference quotients over step sizes, against what theory says of them.
public struct StepSweep: Sendable {
  /// One step size.
  public struct Row: Sendable {
    public let step: Double
    /// |(f(h) − f(0))/h − f′|.
    public let forwardError: Double
    /// h/2·|f″| + ε·|f|/h.
    public let forwardTheory: Double
    /// |(f(h) − f(−h))/(2h) − f′|.
    public let centralError: Double
    /// h²/6·|f‴| + ε·|f|/(2h).
    public let centralTheory: Double
  }

  /// The value and the first three derivatives along the line, by nested dual numbers.
  public let derivatives: [Double]
  public let rows: [Row]

  /// The step at which theory's central error is least: (1.5·ε·|f|/|f‴|)^⅓; nil where f‴ is zero and
  /// larger is always better.
  public var bestCentralStep: Double? {
    guard derivatives[3] != 0, derivatives[0] != 0 else { return nil }
    return Double.root(1.5 * .ulpOfOne * (derivatives[0] / derivatives[3]).magnitude, 3)
  }

  /// Sweeps h = 10⁻¹ … 10⁻¹⁵ for a scalar function along a direction.
  ///
  /// Each value is rounded by ε/2·|f| at most.
  /// - Throws: what the function throws.
  public init(
    _ function: some TensorFunction, at point: [Tensor<Double>], along direction: [Tensor<Double>]
  ) throws(NumericalError) {
    typealias First = Dual<Tensor<Double>>
    typealias Second = Dual<First>
    let nested = zip(point, direction).map { x, v in
      let inner = First(x, tangent: v)
      let unit = First(v, tangent: nil)
      return Dual<Second>(
        Second(inner, tangent: unit), tangent: Second(unit, tangent: nil))
    }
    let result = try function(nested)
    func number(_ tensor: Tensor<Double>?) -> Double { tensor?.elements[0] ?? 0 }
    let derivatives = [
      number(result.value.value.value), number(result.value.value.tangent),
      number(result.value.tangent?.tangent), number(result.tangent?.tangent?.tangent),
    ]
    self.derivatives = derivatives
    let (f, slope) = (derivatives[0], derivatives[1])
    var rows: [Row] = []
    for exponent in 1...15 {
      let h = Double("1e-\(exponent)") ?? .nan
      func value(_ t: Double) throws(NumericalError) -> Double {
        try function(zip(point, direction).map { $0 + $1 * t }).elements[0]
      }
      let (up, down) = (try value(h), try value(-h))
      let noise = Double.ulpOfOne * f.magnitude / h
      rows.append(
        Row(
          step: h, forwardError: ((up - f) / h - slope).magnitude,
          forwardTheory: h / 2 * derivatives[2].magnitude + noise,
          centralError: ((up - down) / (2 * h) - slope).magnitude,
          centralTheory: h * h / 6 * derivatives[3].magnitude + noise / 2))
    }
    self.rows = rows
  }
}
