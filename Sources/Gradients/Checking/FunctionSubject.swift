public import Tensors

/// Which derivatives of a function are checked.
public enum DerivativeOrder: Int, Sendable, CaseIterable {
  /// The gradient, by reverse and forward mode.
  case first = 1
  /// Products with the Hessian, against differences of gradients, and its symmetry.
  case second = 2
}

extension GradientSubject where Failure == NumericalError {
  /// A subject whose claims the engine makes: reverse and forward mode in one precision, held against
  /// values in double precision.
  ///
  /// - Parameters:
  ///   - function: to a scalar.
  ///   - definition: the same function, where `function` passes through a layer, whose backward pass
  ///     then is a claim of its own.
  ///   - precision: of the claims.
  ///   - seed: for the direction u of second order, where the function is uᵀ∇f and its gradient H·u.
  /// - Throws: what the function and its derivatives throw at the point.
  public init<Element: Scalar>(
    _ function: some TensorFunction, definition: (any TensorFunction)? = nil,
    _ parameters: [Parameter],
    order: DerivativeOrder = .first, precision: Element.Type, seed: UInt64 = 0
  ) throws(NumericalError) {
    let point = parameters.map { $0.point.converted(to: Element.self) }
    func rounded(_ tangents: [Tensor<Double>?]) -> [Tensor<Element>?] {
      tangents.map { $0?.converted(to: Element.self) }
    }
    switch order {
    case .first:
      func claim(_ oracle: String, _ gradient: [Tensor<Element>]) -> Claim {
        Claim(oracle, gradient.map { $0.converted(to: Double.self) })
      }
      let gradient = try function.valueAndGradient(at: point).gradient
      var claims = [claim(definition == nil ? "reverse" : "backward", gradient)]
      if let definition {
        claims.append(claim("reverse", try definition.valueAndGradient(at: point).gradient))
      }
      self.init(
        parameters, claims: claims,
        isConcurrent: true,
        derivative: DirectionalClaim("forward") { (tangents) throws(NumericalError) in
          let derivative = try function.valueAndDerivative(at: point, along: rounded(tangents))
          return Double(derivative.derivative.elements[0])
        }, claimEpsilon: Double(Element.epsilon)
      ) { (points) throws(NumericalError) in try function(points).elements[0] }
      stacked = try function.stacked(at: parameters) { (points) throws(NumericalError) in
        try function(points)
      }
    case .second:
      let u = parameters.enumerated().map { place, parameter in
        RandomSource(seed: seed, stream: .direction, substream: UInt32(0x1_0000 | place))
          .normal(parameter.point.shape, as: Double.self)
      }
      let product = try function.gradientAndHessianProduct(
        at: point, along: u.map { $0.converted(to: Element.self) }
      ).product
      func projected(_ gradient: [Tensor<Double>]) -> Double {
        zip(gradient, u).reduce(0) { $0 + ($1.0 * $1.1).sum() }
      }
      self.init(
        parameters, claims: [Claim("hvp", product.map { $0.converted(to: Double.self) })],
        isConcurrent: true,
        derivative: DirectionalClaim("symmetry") { (tangents) throws(NumericalError) in
          let other = try function.gradientAndHessianProduct(at: point, along: rounded(tangents))
          return projected(other.product.map { $0.converted(to: Double.self) })
        }, claimEpsilon: Double(Element.epsilon)
      ) { (points) throws(NumericalError) in
        projected(try function.valueAndGradient(at: points).gradient)
      }
      stacked = try function.stacked(at: parameters) { (points) throws(NumericalError) in
        let gradient = try function.valueAndGradient(at: points).gradient
        return zip(gradient, u).reduce(Stack(0)) { $0 + ($1.0 * Stack(constant: $1.1)).sum() }
      }
    }
  }

  /// The same subject with values of `function`, of which many are computed at a time.
  public func stacking(
    _ function: some TensorFunction
  ) throws(NumericalError) -> GradientSubject {
    var copy = self
    copy.stacked = try function.stacked(at: parameters) { (points) throws(NumericalError) in
      try function(points)
    }
    return copy
  }
}

extension TensorFunction {
  /// Values of many points at a time; nil where the function is so large that it gains nothing.
  fileprivate func stacked(
    at parameters: [GradientSubject<NumericalError>.Parameter],
    _ value: @escaping ([Stack<Double>]) throws(NumericalError) -> Stack<Double>
  ) throws(NumericalError) -> GradientSubject<NumericalError>.StackedFunction? {
    // All that depends on the parameters, in elements, against a cache of 2 MB.
    let tape = Tape<Outline<Double>>()
    _ = try self(parameters.map { tape.input(Outline($0.point.shape)) })
    let height = min(64, 0x4_0000 / max(1, tape.elementCount))
    guard height > 3 else { return nil }
    return GradientSubject.StackedFunction(
      values: { (place, points) throws(NumericalError) in
        var inputs = parameters.map { Stack(constant: $0.point) }
        inputs[place] = Stack(points)
        return try value(inputs).values(points.shape[0]).elements
      }, height: height)
  }
}

/// What is found of one parameter of an operation, over all of its samples.
public struct OperationVerdict: Sendable {
  public let operation: String
  /// That of the most serious sample; the places of all are counted.
  public let parameter: ParameterVerdict
  /// The places of all samples that were compared one by one.
  public let tested: Int
}

extension Operation {
  /// Holds the derivatives of the operation at its samples against differences.
  ///
  /// Results are summed up with random weights. A sample that lands on a kink is drawn again.
  /// - Parameter draws: how often every sample is drawn.
  /// - Returns: one verdict per differentiated parameter; none for an operation without samples.
  /// - Throws: what the operation throws at a sample: its table entry is wrong.
  public func checked<Element: Scalar>(
    _ settings: GradientCheckSettings, draws: Int = 1, order: DerivativeOrder = .first,
    precision: Element.Type
  ) throws(NumericalError) -> [OperationVerdict] {
    var found: [String: [ParameterVerdict]] = [:]
    var names: [String] = []
    for (place, sample) in samples.enumerated() {
      for draw in 0..<draws {
        let verdicts = try checked(
          sample, number: place * draws + draw, settings, order, precision)
        for verdict in verdicts {
          if found[verdict.name] == nil { names.append(verdict.name) }
          found[verdict.name, default: []].append(verdict)
        }
      }
    }
    return names.compactMap { name in
      let all = found[name] ?? []
      let worst = all.max {
        ($0.verdict.seriousness, $0.relativeError) < ($1.verdict.seriousness, $1.relativeError)
      }
      return worst.map {
        OperationVerdict(
          operation: self.name, parameter: $0, tested: all.reduce(0) { $0 + $1.tested })
      }
    }
  }

  private func checked<Element: Scalar>(
    _ sample: OperationSample, number: Int, _ settings: GradientCheckSettings,
    _ order: DerivativeOrder, _ precision: Element.Type
  ) throws(NumericalError) -> [ParameterVerdict] {
    let names = operandNames(sample.operands.count)
    var verdicts: [ParameterVerdict] = []
    // A kink is met with probability zero, but for inputs whose numbers coincide.
    for attempt in 0..<8 {
      let inputs = sample.inputs(seed: settings.seed, draw: number << 4 | attempt)
      let parameters = zip(zip(names, inputs), sample.operands).compactMap {
        $1.isDifferentiated
          ? GradientSubject<NumericalError>.Parameter($0.0, $0.1) : nil
      }
      guard !parameters.isEmpty else { return [] }
      let loss = try OperationLoss(self, sample, at: inputs, seed: settings.seed)
      verdicts = try GradientSubject(
        loss, definition: loss.definition, parameters, order: order, precision: precision,
        seed: settings.seed
      ).checked(settings)
      if !verdicts.contains(where: { $0.verdict == .kink }) { break }
    }
    return verdicts
  }

  /// What the operands of a call are called.
  private func operandNames(_ count: Int) -> [String] {
    var names: [String] = []
    for parameter in parameters {
      switch parameter.kind {
      case .operand, .optionalOperand: names.append(parameter.name)
      case .operands: names += (0..<count - names.count).map { "\(parameter.name)[\($0)]" }
      case .attribute: break
      }
    }
    return names
  }
}

/// All results of an operation, weighted and summed up.
struct OperationLoss: TensorFunction {
  private var function: OperationFunction
  private var weights: [Tensor<Double>] = []

  init(
    _ operation: any Operation, _ sample: OperationSample, at inputs: [Tensor<Double>],
    seed: UInt64
  ) throws(NumericalError) {
    function = OperationFunction(operation, sample, at: inputs)
    let varying = zip(sample.operands, inputs).filter { $0.0.isDifferentiated }.map { $0.1 }
    let results = try function.results(of: varying.map { Outline<Double>($0.shape) })
    weights = results.enumerated().map { place, result in
      RandomSource(seed: seed, stream: .sample, substream: UInt32(0xFFFF_0000 | place))
        .normal(result.shape, as: Double.self)
    }
  }

  /// The same by the definition, where the operation is a layer with kernels of its own.
  var definition: OperationLoss? {
    guard function.operation is any Layer else { return nil }
    var copy = self
    copy.function.followsDefinition = true
    return copy
  }

  func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    var sum = V(0)
    for (result, weights) in zip(try function.results(of: inputs), weights) {
      sum = sum + (result * V(constant: weights.converted(to: V.Element.self))).sum()
    }
    return sum
  }
}
