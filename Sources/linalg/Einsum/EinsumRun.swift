import Einsum
import FileFormats
import JSONText
import Reporting
import Tensors

/// One run of `einsum` in one precision: contract, measure, verify, write, report.
struct EinsumRun<Element: Scalar> {
  let context: EinsumContext
  var arguments: EinsumCommand { context.arguments }

  /// What a run showed.
  struct Measurement {
    /// Of each pair step.
    var seconds: [Double] = []
    /// The most bytes that were reserved at one time beside the operands.
    var peakBytes = 0
  }

  init(_ context: EinsumContext) { self.context = context }

  func execute() throws(Failure) {
    guard arguments.runs else { return try arguments.table.emit(explanation(nil)) }
    let operands = zip(context.operands, context.resolved.operandShapes).compactMap {
      operand, shape in operand.array?.tensor(as: Element.self).reshaped(shape)
    }
    var measurement = Measurement()
    let result = try Failure.numerics(nil) { () throws(NumericalError) in
      try contracted(operands, &measurement)
    }
    let check = arguments.verification.verify ? context.resolved.check(result, of: operands) : nil
    var report = self.report(result, check, measurement)
    var unmet: [String] = []
    if let check, !check.passes {
      unmet.append(
        "--verify: the result differs from the definition by "
          + "\(NumberText.significant(check.largestShare, digits: 2)) times what rounding allows")
    }
    var outputs: [OutputFile] = []
    if let path = arguments.destination.output, unmet.isEmpty {
      outputs.append(
        try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
          try OutputFile(
            path, StoredArray(result), format: FileFormat.forWriting(path, toStream: .npy))
        })
      if !arguments.explain, check == nil { report.plainText = "" }
    }
    try arguments.table.emit(
      report, outputs: outputs, noClobber: arguments.destination.noClobber)
    if !unmet.isEmpty { throw .unmet(unmet) }
  }

  /// What is printed: the steps, the errors, or the numbers.
  private func report(
    _ result: Tensor<Element>, _ check: DefinitionCheck?, _ measurement: Measurement
  ) -> Report {
    if arguments.explain {
      var report = explanation(measurement)
      if let check { report.notes.append(EinsumTable.note(check)) }
      return report
    }
    if let check {
      var report = emptyReport(EinsumTable.checkColumns)
      report.append(EinsumTable.cells(check, of: result.shape))
      return report
    }
    var report = emptyReport(ResultTable.columns)
    ResultTable.fill(&report, with: result, digits: arguments.table.digits?.value)
    return report
  }

  /// The result in the output's order, on its diagonal where labels repeat.
  private func contracted(
    _ operands: [Tensor<Element>], _ measurement: inout Measurement
  ) throws(NumericalError) -> Tensor<Element> {
    let counter = MemoryBudget(limit: context.budget.limit)
    var seconds: [Double] = []
    let progress = Progress(
      "einsum", steps: context.execution.plan.pairSteps.count, unit: "steps",
      console: context.console)
    defer { progress.finish() }
    var last = Stopwatch.now()
    let result = try context.execution.evaluated(operands, budget: counter) { _ in
      let now = Stopwatch.now()
      seconds.append(now - last)
      last = now
      progress.step()
    }
    let diagonal = context.diagonalBytes(elementBytes: MemoryLayout<Element>.stride)
    let output = try counter.reserving(diagonal, for: "the result with its diagonal written out") {
      context.resolved.output(from: result)
    }
    measurement = Measurement(seconds: seconds, peakBytes: counter.peak)
    return output
  }

  private func emptyReport(_ columns: [Column]) -> Report {
    arguments.arithmetic.report(
      "einsum", inputs: context.operands.map(\.name),
      precision: Element.self == Float.self ? .f32 : .f64, columns: columns)
  }

  /// The steps as a table, the totals in words and as the document's summary.
  private func explanation(_ measurement: Measurement?) -> Report {
    var report = emptyReport(EinsumTable.stepColumns)
    let plan = context.execution.plan
    let elementBytes = MemoryLayout<Element>.stride
    let kernels = context.execution.kernels
    let bytes = context.execution.stepBytes(elementBytes: elementBytes)
    for (index, step) in plan.pairSteps.enumerated() {
      report.append(
        EinsumTable.cells(
          index, step, of: plan, kernel: kernels[index], bytes: bytes[index],
          seconds: measurement?.seconds[index]))
    }
    let largest = plan.largestIntermediate
    let predicted = context.peakBytes(elementBytes: elementBytes)
    report.lead = [
      context.resolved.text,
      "\(EinsumTable.number(plan.naiveOperations)) operations as one step, "
        + "\(EinsumTable.number(plan.operations)) in this order\(speedup(of: plan)), path "
        + "\(plan.path.text) by \(plan.method.rawValue)",
      "largest intermediate \(NumberText.counted(largest, "element")), "
        + "\(NumberText.bytes(EinsumTable.product(largest, elementBytes))); peak "
        + "\(NumberText.bytes(predicted)) predicted"
        + (measurement.map { ", \(NumberText.bytes($0.peakBytes)) measured" } ?? ""),
    ]
    var summary: JSONObject = [
      "contraction": .string(context.resolved.text),
      "path": .array(plan.path.steps.map { .array($0.map { .integer($0) }) }),
      "method": .string(plan.method.rawValue),
      "naive_operations": .number(plan.naiveOperations),
      "operations": .number(plan.operations), "speedup": .number(plan.speedup),
      "largest_intermediate": .integer(largest),
      "largest_intermediate_bytes": .integer(EinsumTable.product(largest, elementBytes)),
      "predicted_peak_bytes": .integer(predicted),
    ]
    summary.append("peak_bytes", measurement.map { .integer($0.peakBytes) } ?? .null)
    report.summary = summary
    return report
  }

  /// ` (3.5 times fewer)`; nothing where the order does not matter.
  private func speedup(of plan: ContractionPlan) -> String {
    guard plan.speedup != 1 else { return "" }
    let isCapped = plan.naiveOperations >= .greatestFiniteMagnitude
    return " (\(isCapped ? "more than " : "")\(NumberText.significant(plan.speedup, digits: 4)) "
      + "times fewer)"
  }
}
