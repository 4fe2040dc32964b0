import JSONText
import Reporting

/// A report with every kind of cell.
func sampleReport() -> Report {
  var report = Report(
    command: "svd-compress", version: "0.1.0", seed: 0, threads: 2, dtype: "f64",
    blas: .init(core: "SkylakeX", version: "0.3.21"), inputs: ["a, \"b\".png"],
    notes: ["the factors are larger", "rank | 34"],
    columns: [
      Column("rank", header: "rank", format: .integer),
      Column("method", header: "method", format: .text),
      Column("storage_share", header: "storage (%)", format: .percent(1)),
      Column("factor_bytes", header: "factors (B)", format: .bytes),
      Column("relative_error", header: "relative error", format: .significant(3)),
      Column("optimal_error", header: "optimal error", format: .significant(3)),
      Column("psnr", header: "PSNR (dB)", format: .fixed(2)),
      Column("seconds", header: "time (s)", format: .seconds),
      Column("shape", header: "shape", format: .text),
      Column("clipped", header: "clipped", format: .text),
    ], summary: ["total": .integer(2)])
  report.append([
    .integer(1), .text("exact"), .number(0.00390625), .bytes(8200), .number(0.3512),
    .number(0.3512),
    .number(15.25), .number(0.0123456), .integers([512, 512]), .bool(true),
  ])
  report.append([
    .integer(100), .text("randomized, κ₂"), .number(0.390625), .bytes(820_000), .number(0.05125),
    .interval(low: 0.051, high: 0.0513), .missing, .number(1.5), .integers([]), .bool(false),
  ])
  return report
}

extension Cell {
  static func bytes(_ count: Int) -> Cell { .integer(count) }
}

/// A report of one real column.
func oneColumn(_ format: NumberFormat, _ values: [Double]) -> Report {
  var report = Report(
    command: "c", version: "v", columns: [Column("x", header: "x", format: format)])
  for value in values { report.append([.number(value)]) }
  return report
}

/// What the table shows below the header of a report of one column.
func shown(_ format: NumberFormat, _ values: [Double], digits: Int? = nil) -> [String] {
  oneColumn(format, values).rendered(as: .table, digits: digits).split(separator: "\n")
    .dropFirst().map { String($0.drop { $0 == " " }) }
}
