import FileFormats
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

  /// Prints the table; what is required and not met is thrown after that.
  func emit(
    _ table: BenchTable, _ comparison: BenchComparison?, command: String,
    arithmetic: ArithmeticOptions, precision: Precision, output: TableOptions
  ) throws(Failure) {
    var report = arithmetic.report(
      command, inputs: [], precision: precision,
      columns: table.columns(isCompared: comparison != nil))
    report.notes.append(
      "limit is the share of the rate of a 2048x2048 matrix product in this run, "
        + "\(NumberText.significant(table.productRate * 1e-9, digits: 3)) GFLOP/s")
    table.fill(&report, comparison: comparison)
    let unmet = try table.unmet(comparison)
    try output.emit(report)
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
