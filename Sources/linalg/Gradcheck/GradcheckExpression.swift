import Gradients
import Networks
import Reporting
import Tensors

/// The check of an expression, by the engine's gradients or those of somebody else.
struct GradcheckExpression {
  private let run: GradcheckRun
  private let expression: Expression
  private let values: [(name: String, value: EvalValue)]
  /// Gradients that were given, by name.
  private let gradients: [(name: String, value: EvalValue)]

  init(_ text: String, _ run: GradcheckRun) throws(Failure) {
    self.run = run
    let expression = try EvalContext.marked { () throws(ExpressionError) in
      try Expression(parsing: text, operations: .complete)
    }
    self.expression = expression
    let reader = EvalValueReader(
      seed: run.seed, reading: run.arguments.reading, budget: run.budget, console: run.console)
    let values = try reader.values(run.arguments.inputs, option: "--in")
    self.values = values
    let shapes = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.value.shape) })
    let results = try EvalContext.outline(of: expression, shapes, run.budget, elementBytes: 8)
    guard results.count == 1, results[0].rank == 0 else {
      throw .usage(
        "a check needs one scalar; the expression gives "
          + results.map(\.description).joined(separator: ", "),
        hint: "wrap it in sum(…), or weight it")
    }
    var gradients = try reader.values(run.arguments.gradient, option: "--gradient")
    for place in gradients.indices {
      let name = gradients[place].name
      guard let shape = shapes[name] else { throw .usage("--gradient: no --in gives '\(name)'") }
      try gradients[place].value.require(shape, of: name)
    }
    self.gradients = gradients
    guard !names.isEmpty else { throw .usage("the expression has no inputs to differentiate by") }
  }

  /// The inputs as they were named, for documents.
  var inputTexts: [String] { values.map { "\($0.name)=\($0.value.origin)" } }

  /// By which inputs derivatives are checked: those that gradients are given for, or all that occur.
  private var names: [String] {
    gradients.isEmpty
      ? values.map(\.name).filter { expression.usedNames.contains($0) } : gradients.map(\.name)
  }

  private func tensor(_ name: String) -> Tensor<Double> {
    values.first { $0.name == name }?.value.tensor(as: Double.self) ?? .zeros([])
  }

  private var function: ExpressionFunction {
    let constants = values.map(\.name).filter { !names.contains($0) }
    return ExpressionFunction(
      expression, of: names,
      constants: Dictionary(uniqueKeysWithValues: constants.map { ($0, tensor($0)) }))
  }

  func outcome() throws(Failure) -> GradcheckOutcome {
    let parameters = names.map { GradientSubject<NumericalError>.Parameter($0, tensor($0)) }
    let verdicts = try Failure.numerics(nil) { () throws(NumericalError) in
      try subject(parameters).checked(run.settings)
    }
    let entries = verdicts.map { verdict in
      GradcheckEntry(
        name: expression.text, parameter: verdict, tested: verdict.tested,
        reproduction: { run.repeated(at: $0) })
    }
    return GradcheckOutcome(entries: entries, strict: run.arguments.strict)
  }

  private func subject(
    _ parameters: [GradientSubject<NumericalError>.Parameter]
  ) throws(NumericalError) -> GradientSubject<NumericalError> {
    let function = function
    guard gradients.isEmpty else {
      let claimed = gradients.map { $0.value.tensor(as: Double.self) }
      return try GradientSubject(
        parameters, claims: [.init("gradient", claimed)], isConcurrent: true,
        claimEpsilon: gradients.map(\.value.epsilon).max() ?? .ulpOfOne
      ) { (points) throws(NumericalError) in try function(points).elements[0] }
      .stacking(function)
    }
    switch run.precision {
    case .f32:
      return try GradientSubject(
        function, parameters, order: run.order, precision: Float.self, seed: run.seed)
    case .f64:
      return try GradientSubject(
        function, parameters, order: run.order, precision: Double.self, seed: run.seed)
    }
  }

  /// The errors of differences by step size, along a random direction; of a number along itself.
  func printSweep() throws(Failure) {
    let points = names.map(tensor)
    let directions = points.enumerated().map { place, point in
      point.shape.rank == 0
        ? Tensor<Double>([], [1])
        : RandomSource(seed: run.seed, stream: .direction, substream: UInt32(place))
          .normal(point.shape, as: Double.self)
    }
    let sweep = try Failure.numerics(nil) { () throws(NumericalError) in
      try StepSweep(function, at: points, along: directions)
    }
    var report = run.arguments.arithmetic.report(
      "gradcheck", inputs: inputTexts, precision: .f64,
      columns: [
        Column("step", header: "step", format: .estimate(1)),
        Column("forward_error", header: "one-sided error", format: .estimate(2)),
        Column("forward_theory", header: "h/2·|f″| + ε|f|/h", format: .estimate(2)),
        Column("central_error", header: "central error", format: .estimate(2)),
        Column("central_theory", header: "h²/6·|f‴| + ε|f|/2h", format: .estimate(2)),
      ])
    for row in sweep.rows {
      report.append([
        .number(row.step), .number(row.forwardError), .number(row.forwardTheory),
        .number(row.centralError), .number(row.centralTheory),
      ])
    }
    let names = ["f", "f′", "f″", "f‴"]
    report.lead = [
      zip(names, sweep.derivatives).map { "\($0) = \(NumberText.significant($1, digits: 10))" }
        .joined(separator: ", ")
    ]
    report.notes.append(
      sweep.bestCentralStep.map {
        "the best central step is about \(NumberText.significant($0, digits: 2))"
      } ?? "f‴ = 0: of central differences larger steps are better")
    try run.arguments.table.emit(report)
  }
}

extension GradcheckRun {
  /// What a run for one number alone does not repeat: another place, and reports that it would
  /// overwrite.
  private static let unrepeated = ["--at", "--junit", "--annotate", "--table", "--format"]

  /// This run's own command, for one number alone.
  func repeated(at place: String) -> String {
    let arguments = CommandLine.arguments.dropFirst()
    // Behind -- everything is the program's.
    let own = arguments.prefix { $0 != "--" }
    var words = ["linalg"]
    var isValue = false
    for word in own {
      let name = String(word.prefix { $0 != "=" })
      let isDropped = !isValue && Self.unrepeated.contains(name)
      if !isValue, !isDropped { words.append(word) }
      isValue = isDropped && name == word
    }
    words += ["--at", place] + arguments.dropFirst(own.count)
    return words.map(shellQuoted).joined(separator: " ")
  }
}
