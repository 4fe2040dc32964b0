import JSONText
import Reporting
import Tensors

/// The rows of a bench, timed group by group, as a report.
struct BenchTable {
  let options: BenchOptions
  /// The bench's own columns in front, and those behind the common ones.
  let keys: [Column]
  let remarks: [Column]
  /// The variant that the others are held against.
  let baseline: String
  /// The operations per second of a large product of the same precision.
  let productRate: Double

  struct Row {
    /// Of the case: its variant, its cells, its operations, its last cells. Not the case itself, which
    /// holds operands.
    let variant: String
    let cells: [Cell]
    let operations: Double
    let remarks: [Cell]
    let outcome: Outcome<BenchFigures>
    /// The baseline's of its group.
    let reference: Outcome<BenchFigures>?
  }

  private(set) var groups: [[Row]] = []

  private static let runs = 5
  /// Enough to make a clock's step and a single interruption small.
  private static let runSeconds = 0.02

  init(
    options: BenchOptions, keys: [Column], remarks: [Column], baseline: String, productRate: Double
  ) {
    (self.options, self.keys, self.remarks) = (options, keys, remarks)
    (self.baseline, self.productRate) = (baseline, productRate)
  }

  /// How many steps of progress a case takes.
  static func steps(_ options: BenchOptions) -> Int { (options.runs?.value ?? runs) + 1 }

  /// Verifies and times the cases of one group in turn.
  mutating func time(_ cases: [BenchCase], progress: Progress) {
    var harness = TimingHarness(runs: options.runs?.value ?? Self.runs)
    harness.runSeconds = Self.runSeconds
    let outcomes = harness.outcomes(
      of: cases.map(\.contestant), progress: progress.step, message: \.message)
    let reference = zip(cases, outcomes).first { $0.0.variant == baseline }?.1
    groups.append(
      zip(cases, outcomes).map { item, outcome in
        Row(
          variant: item.variant, cells: item.cells, operations: item.operations(),
          remarks: item.remarks(outcome.seconds), outcome: outcome, reference: reference)
      })
  }

  /// Fills a report of `columns`.
  func fill(_ report: inout Report, comparison: BenchComparison?) {
    for row in groups.joined() { report.append(cells(row, comparison)) }
    if groups.joined().contains(where: { ($0.outcome.seconds?.outliers ?? 0) > 0 }) {
      report.notes.append(
        "runs far outside the others (beyond three interquartile ranges) were counted as outliers: "
          + "the machine was busy")
    }
  }

  /// The columns of the report.
  func columns(isCompared: Bool) -> [Column] {
    keys
      + [
        Column("median_s", header: "median (s)", format: .seconds),
        Column("min_s", header: "min (s)", format: .seconds),
        Column("iqr_s", header: "IQR (s)", format: .seconds),
        Column("runs", header: "runs", format: .integer),
        Column("outliers", header: "outliers", format: .integer),
        Column("gflops", header: "GFLOP/s", format: .estimate(3)),
        Column("limit_share", header: "limit (%)", format: .percent(1)),
        Column("extra_bytes", header: "extra (B)", format: .bytes),
        Column("max_abs_error", header: "worst error", format: .estimate(2)),
        Column("max_rel_error", header: "worst rel.", format: .estimate(2)),
        Column("speedup", header: "speed-up", format: .estimate(3)),
      ] + remarks
      + (isCompared ? [Column("change", header: "change (%)", format: .percent(1))] : [])
      + [Column("remark", header: "remark", format: .text)]
  }

  private func cells(_ row: Row, _ comparison: BenchComparison?) -> [Cell] {
    let (seconds, figures) = (row.outcome.seconds, row.outcome.figures)
    let rate = seconds.map { row.operations / $0.median }
    let change = comparison.map { comparison in
      [Cell(seconds.flatMap { comparison.change(of: row.cells, $0) })]
    }
    return row.cells + [
      Cell(seconds?.median), Cell(seconds?.minimum), Cell(seconds?.interquartileRange),
      Cell(seconds?.count), Cell(seconds?.outliers), Cell(rate.map { $0 * 1e-9 }),
      Cell(rate.map { $0 / productRate }), Cell(figures?.extraBytes),
      Cell(figures?.error.absolute), Cell(figures?.error.relative),
      Cell(row.reference.flatMap { $0.ratio(over: row.outcome) }),
    ] + row.remarks + (change ?? []) + [row.outcome.remark.map(Cell.text) ?? .missing]
  }

  // MARK: Requirements

  /// What is not met: wrong results, errors, speed-ups, regressions.
  func unmet(_ comparison: BenchComparison?) throws(Failure) -> [String] {
    var unmet: [String] = []
    for row in groups.joined() {
      guard row.outcome.seconds == nil, let remark = row.outcome.remark,
        remark.hasPrefix("wrong")
      else { continue }
      unmet.append("\(name(row)): \(remark)")
    }
    if let required = options.requireError {
      for row in groups.joined() {
        guard let error = row.outcome.figures?.error.relative, error > required.value else {
          continue
        }
        unmet.append(
          "--require-error \(required.text): \(name(row)) has "
            + NumberText.significant(error, digits: 3))
      }
    }
    for requirement in options.requireSpeedup?.requirements ?? [] {
      unmet += try missed(requirement)
    }
    if let comparison, let limit = options.maximumRegression {
      for row in groups.joined() {
        guard let seconds = row.outcome.seconds,
          let change = comparison.regression(of: row.cells, seconds, beyond: limit.share)
        else { continue }
        unmet.append(
          "--max-regression \(limit.text): \(name(row)) is slower by "
            + "\(NumberText.significant(change * 100, digits: 3)) %")
      }
    }
    return unmet
  }

  private func missed(_ requirement: SpeedupList.Requirement) throws(Failure) -> [String] {
    var isFound = false
    var missed: [String] = []
    for group in groups {
      guard let fast = group.first(where: { $0.variant == requirement.fast }),
        let slow = group.first(where: { $0.variant == requirement.slow })
      else { continue }
      isFound = true
      let ratio = slow.outcome.ratio(over: fast.outcome)
      if let ratio, ratio >= requirement.ratio { continue }
      let found =
        ratio.map { "\(NumberText.significant($0, digits: 3)) times as fast" } ?? "not timed"
      missed.append("--require-speedup \(requirement.text): \(name(fast)) is \(found)")
    }
    guard isFound else {
      throw requirement.isUntimed
    }
    return missed
  }

  private func name(_ row: Row) -> String { BenchComparison.identity(row.cells) }
}
