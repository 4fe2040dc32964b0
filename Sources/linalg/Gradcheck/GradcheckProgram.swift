import Gradients
import Tensors

/// The check of a program in any language.
struct GradcheckProgram {
  private let run: GradcheckRun
  private let program: ExternalProgram
  private let point: [Tensor<Double>]

  init(_ run: GradcheckRun) throws(Failure) {
    self.run = run
    program = try ExternalProgram(
      run.arguments.program, timeout: run.arguments.timeout?.value ?? 30, budget: run.budget)
    point = try Self.point(of: program, run)
  }

  /// The point of `--point`; normal random numbers for parameters without one.
  private static func point(
    of program: ExternalProgram, _ run: GradcheckRun
  ) throws(Failure) -> [Tensor<Double>] {
    let known = program.parameters.map(\.name)
    let texts = try run.arguments.point.map { text throws(Failure) in
      let name = text.firstIndex(of: "=").map { String(text[..<$0]) }
      if let name, known.contains(name) { return text }
      guard known.count == 1 else {
        throw .usage(
          "--point \(text): expected NAME=VALUE with one of \(known.joined(separator: ", "))")
      }
      return "\(known[0])=\(text)"
    }
    let reader = EvalValueReader(
      seed: run.seed, reading: run.arguments.reading, budget: run.budget, console: run.console)
    let values = try reader.values(texts, option: "--point", anyName: true)
    var point: [Tensor<Double>] = []
    for (place, parameter) in program.parameters.enumerated() {
      guard var value = values.first(where: { $0.name == parameter.name })?.value else {
        let source = RandomSource(seed: run.seed, stream: .sample, substream: UInt32(place))
        point.append(source.normal(parameter.shape, as: Double.self))
        continue
      }
      try value.require(parameter.shape, of: parameter.name)
      point.append(value.tensor(as: Double.self))
    }
    return point
  }

  func outcome() throws(Failure) -> GradcheckOutcome {
    defer { program.end() }
    let program = program
    let value = try program.value(at: point)
    let (same, gradient) = try program.valueAndGradient(at: point)
    let point = point
    let subject = GradientSubject<Failure>(
      zip(program.parameters, point).map { .init($0.name, $1) },
      claims: [.init("gradient", gradient)], isConcurrent: false,
      derivative: program.hasJVP
        ? .init("jvp") { (tangents) throws(Failure) in
          try program.derivative(
            at: point, along: zip(tangents, point).map { $0 ?? .zeros($1.shape) })
        } : nil
    ) { (points) throws(Failure) in try program.value(at: points) }
    let entries = try subject.checked(run.settings).map { verdict in
      GradcheckEntry(
        name: run.programName, parameter: verdict, tested: verdict.tested,
        reproduction: { run.repeated(at: $0) })
    }
    var outcome = GradcheckOutcome(entries: entries, strict: run.arguments.strict)
    // In single precision both may be summed in another order.
    if let same, (same - value).magnitude > 1e-5 * value.magnitude {
      outcome.complaints.append(
        "\(program.name): the value is \(value), but \(same) when the gradient is asked for, too")
    }
    return outcome
  }
}
