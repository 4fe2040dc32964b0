import Reporting
import Tensors

/// Every measurement as one report: a row per contestant.
enum ResultTable {
  private static let columns = [
    Column("workload", header: "workload", format: .text),
    Column("variant", header: "variant", format: .text),
    Column("pass", header: "pass", format: .text),
    Column("dtype", header: "dtype", format: .text),
    Column("shape", header: "shape", format: .integer),
    Column("rank", header: "rank", format: .integer),
    Column("median_s", header: "median (s)", format: .seconds),
    Column("min_s", header: "min (s)", format: .seconds),
    Column("iqr_s", header: "IQR (s)", format: .seconds),
    Column("runs", header: "runs", format: .integer),
    Column("gflops", header: "GFLOP/s", format: .significant(3)),
    Column("limit_share", header: "limit (%)", format: .percent(1)),
    Column("extra_bytes", header: "extra (B)", format: .bytes),
    Column("peak_bytes", header: "peak (B)", format: .bytes),
    Column("max_abs_error", header: "max error", format: .significant(2)),
    Column("max_rel_error", header: "rel. error", format: .significant(3)),
    Column("excess_error", header: "over optimum", format: .significant(2)),
    Column("speedup", header: "peer/ours", format: .fixed(2)),
    Column("remark", header: "remark", format: .text),
  ]

  /// The report of all workloads that ran.
  static func report(_ results: [WorkloadResult], version: String, threads: Int) -> Report {
    var report = Report(
      command: "benchmarks", version: version, seed: 0, threads: threads,
      blas: Report.BLAS(core: BLAS.core, version: BLAS.version), columns: columns)
    for result in results {
      for (index, outcome) in result.outcomes.enumerated() {
        report.append(row(outcome, of: result, isOurs: index == 0))
      }
    }
    report.notes = notes
    return report
  }

  private static let notes = [
    "peer/ours is the ratio of the medians: above 1, linalg is faster",
    "limit is the share of the rate of a 2048³ product of the same precision in the same run; "
      + "the sketches of an f64 matrix run in f32 and may exceed it",
    "over optimum is the relative error over the smallest that the rank allows, minus 1",
  ]

  private static func row(_ outcome: Outcome, of result: WorkloadResult, isOurs: Bool) -> [Cell] {
    let workload = result.workload
    let seconds = outcome.seconds
    let rate = seconds.flatMap { seconds in
      isOurs ? workload.operations.map { $0 / seconds.median } : nil
    }
    let share = rate.flatMap { rate in result.productRate.map { rate / $0 } }
    return [
      .text(workload.name), .text(outcome.name), Cell(text: workload.pass),
      Cell(text: workload.dtype),
      workload.shape.isEmpty ? .missing : .integers(workload.shape), Cell(workload.rank),
      Cell(seconds?.median), Cell(seconds?.minimum), Cell(seconds?.interquartileRange),
      Cell(seconds?.count), Cell(rate.map { $0 * 1e-9 }), Cell(share),
      Cell(outcome.figures?.extraBytes), Cell(outcome.figures?.peakBytes),
      Cell(outcome.figures?.maxAbsError), Cell(outcome.figures?.relativeError),
      Cell(outcome.figures?.excessError),
      isOurs ? .missing : Cell(outcome.ratio(over: result.ours)),
      Cell(text: outcome.remark),
    ]
  }
}

extension Cell {
  /// A word, or `missing` for nil.
  init(text: String?) {
    self = text.map(Cell.text) ?? .missing
  }
}
