import Gradients
import Networks
import Tensors

/// The check of operations at their own samples.
struct GradcheckTable {
  private let run: GradcheckRun
  private let operations: [any Operation]

  init(_ run: GradcheckRun) throws(Failure) {
    self.run = run
    let table = OperationTable.complete
    var chosen: [any Operation] = []
    for name in run.arguments.operations {
      guard let operation = table[name] else {
        throw .usage("'\(name)' is no operation" + table.suggestion(for: name), hint: "see --list")
      }
      guard !chosen.contains(where: { $0.name == name }) else {
        throw .usage("'\(name)' stands twice")
      }
      guard !operation.samples.isEmpty else {
        throw .usage("'\(name)' has no derivative that differences could check")
      }
      chosen.append(operation)
    }
    operations = chosen.isEmpty ? table.operations.filter { !$0.samples.isEmpty } : chosen
  }

  func outcome() throws(Failure) -> GradcheckOutcome {
    var entries: [GradcheckEntry] = []
    let progress = Progress(
      "checking", steps: operations.count, unit: "operations", console: run.console)
    defer { progress.finish() }
    for operation in operations {
      let verdicts = try Failure.numerics(operation.name) {
        () throws(NumericalError) -> [OperationVerdict] in
        try self.verdicts(of: operation)
      }
      for verdict in verdicts {
        entries.append(
          GradcheckEntry(
            name: operation.name, parameter: verdict.parameter, tested: verdict.tested,
            reproduction: { reproduction(operation.name, at: $0) }))
      }
      progress.step()
    }
    return GradcheckOutcome(entries: entries, strict: run.arguments.strict)
  }

  private func verdicts(of operation: any Operation) throws(NumericalError) -> [OperationVerdict] {
    let draws = run.arguments.samples?.value ?? 1
    switch run.precision {
    case .f32:
      return try operation.checked(
        run.settings, draws: draws, order: run.order, precision: Float.self)
    case .f64:
      return try operation.checked(
        run.settings, draws: draws, order: run.order, precision: Double.self)
    }
  }

  private func reproduction(_ name: String, at place: String) -> String {
    var words = ["linalg", "gradcheck", name, "--seed", "\(run.seed)"]
    if let samples = run.arguments.samples?.value { words += ["--samples", "\(samples)"] }
    if run.order == .second { words += ["--order", "2"] }
    if run.precision == .f32 { words += ["--dtype", "f32"] }
    return (words + ["--at", place]).map(shellQuoted).joined(separator: " ")
  }
}
