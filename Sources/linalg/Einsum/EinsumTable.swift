import Einsum
import Reporting
import Tensors

/// The tables of `einsum`: steps with `--explain`, errors with `--verify`.
enum EinsumTable {
  static let stepColumns = [
    Column("step", header: "step", format: .integer),
    Column("contraction", header: "contraction", format: .text),
    Column("scaling", header: "scaling", format: .integer),
    Column("operations", header: "operations", format: .count),
    Column("kernel", header: "kernel", format: .text),
    Column("shape", header: "shape", format: .text),
    Column("bytes", header: "bytes", format: .bytes),
    Column("seconds", header: "time (s)", format: .seconds),
    Column("gflops", header: "GFLOP/s", format: .significant(3)),
  ]

  static let checkColumns = [
    Column("elements", header: "elements", format: .count),
    Column("largest_error", header: "largest error", format: .significant(2)),
    Column("share", header: "of what rounding allows", format: .significant(2)),
    Column("at", header: "at", format: .text),
    Column("found", header: "found", format: .significant(6)),
    Column("expected", header: "expected", format: .significant(6)),
    Column("pass", header: "pass", format: .text),
  ]

  static func cells(_ check: DefinitionCheck, of shape: Shape) -> [Cell] {
    [
      .integer(check.elements), .number(check.largestError), .number(check.largestShare),
      check.worst.map { .index(shape.index(ofPosition: $0.position)) } ?? .missing,
      Cell(check.worst?.found), Cell(check.worst?.expected), .bool(check.passes),
    ]
  }

  /// A check in one line.
  static func note(_ check: DefinitionCheck) -> String {
    "verified against the definition: largest error "
      + "\(NumberText.significant(check.largestError, digits: 2)), "
      + "\(NumberText.significant(check.largestShare, digits: 2)) of what rounding allows"
  }

  static func cells(
    _ index: Int, _ step: ContractionPlan.Step, of plan: ContractionPlan, kernel: String,
    bytes: Int, seconds: Double?
  ) -> [Cell] {
    [
      .integer(index), .text(plan.text(step)), .integer(step.scaling), .number(step.operations),
      .text(kernel),
      .integers(step.resultLabels.map { plan.contraction.sizes[$0] }), .integer(bytes),
      Cell(seconds),
      Cell(seconds.flatMap { $0 > 0 ? step.operations / $0 * 1e-9 : nil }),
    ]
  }

  /// A number of operations: whole, grouped, while that is exact; counts end at the largest number.
  static func number(_ operations: Double) -> String {
    guard operations < .greatestFiniteMagnitude else { return "more than 1.797e+308" }
    return operations < 0x1p53
      ? NumberText.grouped(Int(operations)) : NumberText.significant(operations, digits: 4)
  }

  /// Bytes, as many as can be counted.
  static func product(_ elements: Int, _ bytes: Int) -> Int {
    let (product, overflow) = elements.multipliedReportingOverflow(by: bytes)
    return overflow ? .max : product
  }
}
