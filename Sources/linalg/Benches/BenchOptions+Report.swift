import FileFormats
import JSONText
import Reporting
import Tensors

extension BenchOptions {
  /// Refuses, before anything is timed, a ratio of variants that will not be.
  func requireTimed(_ variants: [String]) throws(Failure) {
    for requirement in requireSpeedup?.requirements ?? [] {
      guard [requirement.fast, requirement.slow].allSatisfy(variants.contains) else {
        throw requirement.isUntimed
      }
    }
  }

  /// The run to compare with.
  func comparison(_ command: String, keys: [Column]) throws(Failure) -> BenchComparison? {
    guard let compare else { return nil }
    return try Failure.naming(compare) { () throws(FormatError) in
      try BenchComparison(compare, command: command, keys: keys)
    }
  }

  /// The report of what was timed, with the machine that it was timed on.
  func report(
    _ table: BenchTable, _ comparison: BenchComparison?, command: String, inputs: [String] = [],
    arithmetic: ArithmeticOptions, precision: Precision
  ) -> Report {
    var report = arithmetic.report(
      command, inputs: inputs, precision: precision,
      columns: table.columns(isCompared: comparison != nil))
    report.notes.append(
      "limit is the share of the rate of a 2048x2048 matrix product in this run, "
        + "\(NumberText.significant(table.productRate * 1e-9, digits: 3)) GFLOP/s")
    report.summary = [
      "processor": Processor.name.map(JSONValue.string) ?? .null,
      "product_gflops": .number(table.productRate * 1e-9),
    ]
    table.fill(&report, comparison: comparison)
    return report
  }

  /// Prints a report and writes files; what is required and not met is thrown after that.
  func emit(
    _ report: Report, of table: BenchTable, _ comparison: BenchComparison?, output: TableOptions,
    files: [OutputFile] = [], noClobber: Bool = false
  ) throws(Failure) {
    let unmet = try table.unmet(comparison)
    try output.emit(report, outputs: files, noClobber: noClobber)
    if !unmet.isEmpty { throw .unmet(unmet) }
  }
}

extension SpeedupList.Requirement {
  var isUntimed: Failure {
    .usage("--require-speedup \(text): '\(fast)' and '\(slow)' are not timed side by side")
  }
}

extension Failure {
  /// What is wrong with shapes that the user typed.
  static func typed(_ error: NumericalError) -> Failure {
    switch error {
    case .shape(let text), .tooLarge(let text): .usage(text)
    default: .numerical(nil, error)
    }
  }
}
