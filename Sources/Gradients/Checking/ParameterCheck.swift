import Tensors

/// The check of one parameter of a subject.
struct ParameterCheck<Failure: Error> {
  private let subject: GradientSubject<Failure>
  private let place: Int
  private let settings: GradientCheckSettings
  private let first: Double
  private let spread: Double
  private let parameter: GradientSubject<Failure>.Parameter
  /// The size of the parameter's numbers.
  private let scale: Double
  private var noise = 0.0
  /// The size of the function's values, at the point and a little off it.
  private var size: Double
  private var compared: [ComparedDerivative] = []
  private var tested = 0

  init(
    _ subject: GradientSubject<Failure>, _ place: Int, _ settings: GradientCheckSettings,
    value: Double, spread: Double
  ) {
    (self.subject, self.place, self.settings) = (subject, place, settings)
    (first, self.spread) = (value, spread)
    parameter = subject.parameters[place]
    let mean = parameter.point.frobeniusNorm() / Double(max(1, parameter.point.count)).squareRoot()
    scale = mean > 0 && mean.isFinite ? mean : 1
    size = value.magnitude
  }

  mutating func run() throws(Failure) -> ParameterVerdict {
    let count = parameter.point.count
    guard count > 0 else { return summary() }
    // Below the least normal number values lose their digits.
    noise = max(spread, first.magnitude * .ulpOfOne, .leastNormalMagnitude)
    let directions = (0..<2).map { direction($0) }
    noise = max(noise, try noise(along: directions[0]))
    let far = try line(directions[0])(scale / 4).magnitude
    if far.isFinite { size = max(size, far) }
    if let only = settings.only {
      let shape = parameter.point.shape
      if let position = shape.position(ofIndex: only.index) { try checkCoordinates([position]) }
      return summary()
    }
    var disagrees = false
    for direction in directions {
      let numeric = try function(direction).derivative()
      for (oracle, claimed) in try claims(along: direction) {
        let verdict = record(nil, oracle, claimed, numeric, direction.frobeniusNorm())
        disagrees = disagrees || verdict == .fail || verdict == .nonfinite
      }
    }
    if count <= settings.maximumCoordinates {
      try checkCoordinates(Array(0..<count))
    } else if disagrees {
      try checkCoordinates(try suspects(directions[0]))
    }
    return summary()
  }

  // MARK: Directions

  /// ±(1 + u) in every place.
  private func direction(_ number: Int) -> Tensor<Double> {
    let source = RandomSource(
      seed: settings.seed, stream: .direction, substream: UInt32(place << 8 | number))
    return source.uniform(parameter.point.shape, from: -1, to: 1, as: Double.self)
      .mapped { $0 < 0 ? $0 - 1 : $0 + 1 }
  }

  /// The noise of values. Where they do not change at all although a slope is claimed, they may be
  /// rounded coarsely: then over larger steps.
  private func noise(along direction: Tensor<Double>) throws(Failure) -> Double {
    let slope = try claims(along: direction).map { $0.slope.magnitude }.max() ?? 0
    var step = 1e-6 * scale
    while step < 0.1 * scale {
      guard let measured = try measuredNoise(of: line(direction), step: step) else { break }
      if measured > 0 || slope * step < 16 * first.ulp { return measured }
      step *= 100
    }
    return 0
  }

  private func line(_ direction: Tensor<Double>) -> (Double) throws(Failure) -> Double {
    { (t: Double) throws(Failure) in try self.value(at: self.parameter.point + direction * t) }
  }

  private func value(at point: Tensor<Double>) throws(Failure) -> Double {
    var points = subject.parameters.map { $0.point }
    points[place] = point
    return try subject.value(points)
  }

  private func function(_ direction: Tensor<Double>) -> LineFunction<Failure> {
    func function(
      _ value: @escaping (Double) throws(Failure) -> Double
    ) -> LineFunction<Failure> {
      LineFunction(
        value: value, atZero: first, noise: noise, scale: scale / 2,
        reference: gradientScale * direction.frobeniusNorm() * 1e-3)
    }
    let line = line(direction)
    let points = function(line).firstPoints
    guard let stacked = subject.stacked, stacked.height >= points.count else {
      return function(line)
    }
    // The values that are wanted first, together.
    let moved = Tensor.stacked(
      points.map { parameter.point + direction * $0 }, batch: [points.count],
      each: parameter.point.shape)
    guard let values = try? stacked.values(place, moved) else { return function(line) }
    let known = Dictionary(uniqueKeysWithValues: zip(points, values))
    return function { (t: Double) throws(Failure) in
      if let value = known[t] { return value }
      return try line(t)
    }
  }

  /// What every oracle says of the slope along a direction.
  private func claims(
    along direction: Tensor<Double>
  ) throws(Failure) -> [(oracle: String, slope: Double)] {
    var result = subject.claims.map { ($0.oracle, ($0.gradient[place] * direction).sum()) }
    if let derivative = subject.derivative {
      var tangents = [Tensor<Double>?](repeating: nil, count: subject.parameters.count)
      tangents[place] = direction
      result.append((derivative.oracle, try derivative.along(tangents)))
    }
    return result
  }

  /// The size of one entry of the gradient, as far as anybody claims it.
  private var gradientScale: Double {
    let sizes = subject.claims.map { claim in
      claim.gradient[place].frobeniusNorm() / Double(parameter.point.count).squareRoot()
    }
    return sizes.filter(\.isFinite).max() ?? 0
  }

  // MARK: Single places

  /// Compares the claimed gradients at some row-major positions.
  private mutating func checkCoordinates(_ positions: [Int]) throws(Failure) {
    guard !subject.claims.isEmpty else { return }
    var found = [Result<NumericDerivative, Failure>?](repeating: nil, count: positions.count)
    let height = max(1, (subject.stacked?.height ?? 2) / 2)
    let blocks = (positions.count + height - 1) / height
    func compute(
      _ block: Int, into found: UnsafeMutableBufferPointer<Result<NumericDerivative, Failure>?>
    ) {
      let range = block * height..<min(positions.count, (block + 1) * height)
      for (i, result) in zip(range, numerics(at: Array(positions[range]))) { found[i] = result }
    }
    found.withUnsafeMutableBufferPointer { found in
      if subject.isConcurrent {
        Parallel.forEachItem(blocks) { compute($0, into: found) }
      } else {
        for block in 0..<blocks {
          compute(block, into: found)
          if case .failure? = found[block] { break }
        }
      }
    }
    for (position, result) in zip(positions, found) {
      guard let result else { continue }
      let numeric = try result.get()
      for claim in subject.claims {
        record(position, claim.oracle, claim.gradient[place].elements[position], numeric, 1)
      }
    }
    tested += positions.count
  }

  /// The derivatives by the numbers at some positions.
  private func numerics(at positions: [Int]) -> [Result<NumericDerivative, Failure>] {
    let reference = gradientScale * 1e-2
    let lines = positions.map { coordinate($0, reference: reference) }
    let values = quickValues(zip(positions, lines).map { ($0, $1.quickStep) })
    return positions.indices.map { i in
      Result { () throws(Failure) in
        let claims = subject.claims.map { $0.gradient[place].elements[positions[i]] }
        if let quick = try lines[i].quickDerivative(claims: claims, values: values?[i]),
          claims.allSatisfy({ judge(1).verdict(claimed: $0, quick) == .pass })
        {
          return quick
        }
        return try lines[i].derivative()
      }
    }
  }

  /// The values at a step to both sides of some positions, together; nil where that is not possible.
  private func quickValues(
    _ steps: [(position: Int, size: Double)]
  ) -> [(up: Double, down: Double)]? {
    guard let stacked = subject.stacked, steps.count > 1 else { return nil }
    let point = parameter.point
    let points = Tensor<Double>(uninitialized: point.shape.stacked(2 * steps.count)) { target in
      guard var next = target.baseAddress else { return }
      point.withUnsafeElements { source in
        guard let source = source.baseAddress else { return }
        for step in steps {
          for change in [step.size, -step.size] {
            next.initialize(from: source, count: point.count)
            next[step.position] += change
            next += point.count
          }
        }
      }
    }
    // A point without a value spoils the stack; one by one it is found and judged.
    guard let values = try? stacked.values(place, points) else { return nil }
    return steps.indices.map { (values[2 * $0], values[2 * $0 + 1]) }
  }

  private func coordinate(_ position: Int, reference: Double) -> LineFunction<Failure> {
    let size = max(scale, parameter.point.elements[position].magnitude)
    return LineFunction(
      value: { (t: Double) throws(Failure) in
        var point = self.parameter.point
        point.withUnsafeMutableElements { $0[position] += t }
        return try self.value(at: point)
      }, atZero: first, noise: noise, scale: size, reference: reference)
  }

  /// The positions at which the claims disagree with differences, found by halving blocks of a
  /// direction that does; at most as many as are checked one by one.
  private func suspects(_ direction: Tensor<Double>) throws(Failure) -> [Int] {
    var result: [Int] = []
    var blocks = [0..<parameter.point.count]
    while let block = blocks.popLast(), result.count < settings.maximumCoordinates {
      let part = direction.restricted(to: block)
      let numeric = try function(part).derivative()
      let disagrees = try claims(along: part).contains {
        judge(part.frobeniusNorm()).verdict(claimed: $0.slope, numeric) != .pass
      }
      guard disagrees else { continue }
      guard block.count > 1 else {
        result.append(block.lowerBound)
        continue
      }
      let middle = block.lowerBound + block.count / 2
      blocks += [middle..<block.upperBound, block.lowerBound..<middle]
    }
    return result
  }

  // MARK: Verdicts

  private func judge(_ length: Double) -> GradientJudge {
    GradientJudge(
      gradientScale: gradientScale * length, valueScale: size / scale * length,
      relativeNoise: max(first == 0 ? 0 : noise / first.magnitude, subject.claimEpsilon),
      relativeTolerance: settings.relativeTolerance,
      absoluteTolerance: settings.absoluteTolerance)
  }

  /// - Parameter length: that of the direction.
  @discardableResult
  private mutating func record(
    _ position: Int?, _ oracle: String, _ claimed: Double, _ numeric: NumericDerivative,
    _ length: Double
  ) -> GradientVerdict {
    let verdict = judge(length).verdict(claimed: claimed, numeric)
    compared.append(
      ComparedDerivative(
        index: position.map { parameter.point.shape.index(ofPosition: $0) }, oracle: oracle,
        claimed: claimed, numeric: numeric, verdict: verdict))
    return verdict
  }

  private func summary() -> ParameterVerdict {
    let verdict = compared.reduce(GradientVerdict.pass) { $0.combined(with: $1.verdict) }
    var names: [String] = []
    for one in compared where !names.contains(one.oracle) { names.append(one.oracle) }
    if verdict == .fail {
      names = names.filter { name in
        compared.contains { $0.oracle == name && $0.verdict == .fail }
      }
    }
    // At a kink there is no one slope to be far from.
    let measured = names.map { name in
      compared.filter { $0.oracle == name && $0.verdict != .kink }
    }
    let measures = measured.filter { !$0.isEmpty }.map(Self.relative)
    let worst = measures.max { $0.error < $1.error } ?? (.nan, .nan)
    return ParameterVerdict(
      name: parameter.name, shape: parameter.point.shape, tested: tested, oracles: names,
      relativeError: worst.error, errorBar: worst.bar, verdict: verdict, worst: worstComparison,
      isDecided: compared.isEmpty
        || compared.contains { $0.verdict == .pass || $0.verdict == .fail })
  }

  /// ‖claimed − numeric‖ and ‖error bars‖ over ‖claimed‖ + ‖numeric‖.
  private static func relative(
    _ derivatives: [ComparedDerivative]
  ) -> (error: Double, bar: Double) {
    var (error, bar, claimed, numeric) = (0.0, 0.0, 0.0, 0.0)
    for one in derivatives {
      let difference = one.claimed - one.numeric.value
      error += difference * difference
      bar += one.numeric.errorBar * one.numeric.errorBar
      claimed += one.claimed * one.claimed
      numeric += one.numeric.value * one.numeric.value
    }
    // Of derivatives that are all zero the absolute measure.
    let sum = claimed.squareRoot() + numeric.squareRoot()
    let size = sum > 0 ? sum : 1
    return (error.squareRoot() / size, bar.squareRoot() / size)
  }

  /// The most serious; among those single places before directions, then the largest error.
  private var worstComparison: ComparedDerivative? {
    func rank(_ one: ComparedDerivative) -> (Int, Int, Double) {
      let error = (one.claimed - one.numeric.value).magnitude
      return (one.verdict.seriousness, one.index == nil ? 0 : 1, error.isNaN ? .infinity : error)
    }
    return compared.max { rank($0) < rank($1) }
  }
}

extension Tensor {
  /// The elements of a range of positions, zeros elsewhere.
  fileprivate func restricted(to range: Range<Int>) -> Tensor {
    var result = Tensor.zeros(shape)
    withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        for i in range { target[i] = source[i] }
      }
    }
    return result
  }
}
