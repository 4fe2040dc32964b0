public import Tensors

/// A function of named tensors to a number, with derivatives that are claimed for it.
public struct GradientSubject<Failure: Error> {
  /// A tensor that the function depends on, at the point of the check.
  public struct Parameter: Sendable {
    public let name: String
    public let point: Tensor<Double>

    public init(_ name: String, _ point: Tensor<Double>) { (self.name, self.point) = (name, point) }
  }

  /// A gradient and where it comes from: `reverse`, `backward`, a file.
  public struct Claim {
    public let oracle: String
    /// One tensor per parameter.
    public let gradient: [Tensor<Double>]

    public init(_ oracle: String, _ gradient: [Tensor<Double>]) {
      (self.oracle, self.gradient) = (oracle, gradient)
    }
  }

  /// A derivative along directions and where it comes from: `forward`.
  public struct DirectionalClaim {
    public let oracle: String
    public let along: ([Tensor<Double>?]) throws(Failure) -> Double

    public init(
      _ oracle: String, along: @escaping ([Tensor<Double>?]) throws(Failure) -> Double
    ) {
      (self.oracle, self.along) = (oracle, along)
    }
  }

  /// The function at many points that differ from the subject's in one parameter.
  struct StackedFunction {
    /// The values, where the parameter at a place is each of some tensors along a leading axis.
    let values: (_ place: Int, _ points: Tensor<Double>) throws(Failure) -> [Double]
    /// How many points share the cost of a step without leaving the caches.
    let height: Int
  }

  public let parameters: [Parameter]
  /// The function, of one tensor per parameter.
  public let value: ([Tensor<Double>]) throws(Failure) -> Double
  public let claims: [Claim]
  /// A derivative along a direction that is claimed, too, and where it comes from; nil tangents are
  /// zero.
  public let derivative: DirectionalClaim?
  /// The relative rounding of the claims.
  public let claimEpsilon: Double
  /// Whether `value` may be called on several threads at a time.
  public let isConcurrent: Bool
  /// The function at many points at a time.
  var stacked: StackedFunction?

  public init(
    _ parameters: [Parameter], claims: [Claim], isConcurrent: Bool,
    derivative: DirectionalClaim? = nil, claimEpsilon: Double = .ulpOfOne,
    value: @escaping ([Tensor<Double>]) throws(Failure) -> Double
  ) {
    self.parameters = parameters
    self.claims = claims
    self.isConcurrent = isConcurrent
    self.derivative = derivative
    self.claimEpsilon = claimEpsilon
    self.value = value
  }
}

/// How a check is made.
public struct GradientCheckSettings: Sendable {
  public var seed: UInt64 = 0
  /// Up to so many numbers of a parameter are checked one by one.
  public var maximumCoordinates = 1000
  /// Required beyond the error bar: |claimed − numeric| ≤ atol + rtol·|numeric|.
  public var relativeTolerance: Double?
  public var absoluteTolerance: Double?
  /// The one place that is looked at, in the parameter of that name.
  public var only: (parameter: String, index: [Int])?

  public init() {}
}

/// One derivative that was compared.
public struct ComparedDerivative: Sendable {
  /// The place in the parameter; nil for a direction through all places.
  public let index: [Int]?
  public let oracle: String
  public let claimed: Double
  public let numeric: NumericDerivative
  public let verdict: GradientVerdict
}

/// What is found of one parameter.
public struct ParameterVerdict: Sendable {
  public let name: String
  public let shape: Shape
  /// The places that were compared one by one.
  public let tested: Int
  /// The claims that were compared: of a failure those that fail.
  public let oracles: [String]
  /// ‖claimed − numeric‖/(‖claimed‖ + ‖numeric‖) over all that was compared, of the worst claim; NaN
  /// where there are only kinks.
  public let relativeError: Double
  /// The error bars in the same measure.
  public let errorBar: Double
  public let verdict: GradientVerdict
  /// The most serious comparison; of equals the one with the largest error.
  public let worst: ComparedDerivative?
  /// Whether any comparison was decided: a pass or a failure.
  public let isDecided: Bool

  public var grade: GradientGrade { GradientGrade(relativeError: relativeError) }
}

extension GradientSubject {
  /// Compares the claims with differences: two random directions through each parameter, then its
  /// places one by one, or of many the blocks that disagree, by bisection.
  ///
  /// Directions have entries ±(1 + u), u uniform in 0…1: with mere signs pairs of errors could cancel.
  /// - Throws: what the function throws at the point itself; elsewhere it counts as not finite.
  public func checked(_ settings: GradientCheckSettings) throws(Failure) -> [ParameterVerdict] {
    let point = parameters.map { $0.point }
    let first = try value(point)
    // Threads that add in another order may differ by rounding; dropout and races do by more.
    var spread = 0.0
    for _ in 0..<2 { spread = max(spread, (try value(point) - first).magnitude) }
    if !first.isFinite { return parameters.map { $0.undecided(.nonfinite) } }
    if spread > 1e-6 * first.magnitude || spread.isNaN {
      return parameters.map { $0.undecided(.nondeterministic) }
    }
    var verdicts: [ParameterVerdict] = []
    for place in parameters.indices {
      if let only = settings.only, only.parameter != parameters[place].name { continue }
      var check = ParameterCheck(self, place, settings, value: first, spread: spread)
      verdicts.append(try check.run())
    }
    return verdicts
  }
}

extension GradientSubject.Parameter {
  fileprivate func undecided(_ verdict: GradientVerdict) -> ParameterVerdict {
    ParameterVerdict(
      name: name, shape: point.shape, tested: 0, oracles: [], relativeError: .nan,
      errorBar: .infinity, verdict: verdict, worst: nil, isDecided: false)
  }
}
