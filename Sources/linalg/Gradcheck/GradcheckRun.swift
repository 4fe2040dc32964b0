import FileFormats
import Gradients
import Networks
import Reporting
import Tensors

/// One run of `gradcheck`: check, write, print, and fail where something is wrong.
struct GradcheckRun {
  let arguments: GradcheckCommand
  let console: Console
  let budget: MemoryBudget

  init(_ arguments: GradcheckCommand, console: Console) throws(Failure) {
    self.arguments = arguments
    self.console = console
    _ = try arguments.arithmetic.limits.applyThreads()
    budget = try arguments.arithmetic.limits.budget()
  }

  func execute() throws(Failure) {
    if arguments.list { return try printList() }
    if let expression = arguments.expression {
      let check = try GradcheckExpression(expression, self)
      if arguments.stepSweep { return try check.printSweep() }
      return try finish(try check.outcome(), inputs: check.inputTexts)
    }
    guard arguments.program.isEmpty else {
      let program = try GradcheckProgram(self)
      return try finish(try program.outcome(), inputs: [programName])
    }
    try finish(try GradcheckTable(self).outcome(), inputs: [])
  }

  /// How comparisons are made, from the options.
  var settings: GradientCheckSettings {
    var settings = GradientCheckSettings()
    settings.seed = seed
    settings.maximumCoordinates =
      arguments.maximumCoordinates?.value ?? settings.maximumCoordinates
    settings.relativeTolerance = arguments.rtol?.value
    settings.absoluteTolerance = arguments.atol?.value
    settings.only = arguments.at.map { ($0.parameter, $0.index) }
    return settings
  }

  /// The program with its arguments, paths shortened.
  var programName: String { arguments.program.map(displayName).joined(separator: " ") }
  var seed: UInt64 { UInt64(arguments.arithmetic.seed?.value ?? 0) }
  var order: DerivativeOrder { arguments.order?.derivativeOrder ?? .first }
  var precision: Precision { arguments.arithmetic.dtype ?? .f64 }

  /// A name for `--at` that no parameter has is a mistake. Where the function has no sound value
  /// nothing is compared, and the place may be right all the same.
  func requireCoordinate(in entries: [GradcheckEntry]) throws(Failure) {
    guard let at = arguments.at else { return }
    func hasPlace(_ parameter: ParameterVerdict) -> Bool {
      parameter.name == at.parameter && parameter.shape.position(ofIndex: at.index) != nil
    }
    guard entries.contains(where: { $0.tested > 0 || hasPlace($0.parameter) }) else {
      throw .usage("--at \(CoordinateName.text(at.parameter, at.index)): there is no such number")
    }
  }

  private func finish(_ outcome: GradcheckOutcome, inputs: [String]) throws(Failure) {
    try requireCoordinate(in: outcome.entries)
    var report = arguments.arithmetic.report(
      "gradcheck", inputs: inputs, precision: precision, columns: GradcheckEntry.columns)
    for entry in outcome.entries { report.append(entry.cells) }
    report.notes = outcome.notes
    report.summary = outcome.summary
    report.closing = outcome.closing
    let outputs = arguments.junit.map {
      [OutputFile($0, FileContent(text: outcome.junit.xml))]
    }
    try arguments.table.emit(report, outputs: outputs ?? [])
    if arguments.annotate == .github { console.write(outcome.annotations.text) }
    guard outcome.failures.isEmpty else { throw .unmet(outcome.failures) }
  }

  private func printList() throws(Failure) {
    var report = arguments.arithmetic.report(
      "gradcheck", inputs: [], precision: precision,
      columns: [
        Column("name", header: "name", format: .text),
        Column("call", header: "call", format: .text),
        Column("summary", header: "what it computes", format: .text),
      ])
    for operation in OperationTable.complete.operations {
      report.append([
        .text(operation.name), .text(operation.signature), .text(operation.summary),
      ])
    }
    try arguments.table.emit(report)
  }
}
