import JSONText
import Reporting
import Tensors

/// How the time of each `GrowingWork` grows with the size mn of the matrix.
struct ScalingRun {
  let runs: Int
  let threads: Int

  /// Times every size of every work and fits the exponents.
  func report(version: String) throws(BenchError) -> Report {
    var report = Report(
      command: "benchmarks --scaling", version: version, seed: 0, threads: threads, dtype: "f64",
      blas: Report.BLAS(core: BLAS.core, version: BLAS.version),
      columns: [
        Column("variant", header: "variant", format: .text),
        Column("m", header: "m", format: .integer),
        Column("n", header: "n", format: .integer),
        Column("rank", header: "rank", format: .integer),
        Column("median_s", header: "median (s)", format: .seconds),
        Column("min_s", header: "min (s)", format: .seconds),
        Column("runs", header: "runs", format: .integer),
      ])
    var summary = JSONObject()
    for work in GrowingWork.all {
      let exponents = try measure(work, into: &report)
      summary.append(work.name, .object(exponents))
    }
    report.summary = summary
    return report
  }

  /// Appends the rows and the note of one work.
  private func measure(
    _ work: GrowingWork, into report: inout Report
  ) throws(BenchError) -> JSONObject {
    var points: [(size: Double, value: Double)] = []
    for side in work.sides {
      let statistics = try time(work, side)
      points.append((Double(side * side), statistics.median))
      report.append([
        .text(work.name), .integer(side), .integer(side), Cell(work.rank),
        .number(statistics.median), .number(statistics.minimum), .integer(statistics.count),
      ])
    }
    let slope = PowerLaw.exponent(of: points)
    let upperSlope = PowerLaw.exponent(of: Array(points.suffix(points.count / 2)))
    func text(_ slope: Double) -> String { NumberText.fixed(slope, decimals: 2) }
    report.notes.append(
      "\(work.name): time grows as (mn)^\(text(slope)) \(work.condition), "
        + "as (mn)^\(text(upperSlope)) over the larger half of the sizes")
    return ["exponent": .number(slope), "upper_exponent": .number(upperSlope)]
  }

  private func time(_ work: GrowingWork, _ side: Int) throws(BenchError) -> Statistics {
    try numerically { () throws(NumericalError) in
      let call = try work.prepare(side)
      return Statistics(
        try Stopwatch.samples(runs: runs) { () throws(NumericalError) in try call() })
    }
  }
}
