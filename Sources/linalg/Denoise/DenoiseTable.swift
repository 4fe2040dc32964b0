import Imaging
import Reporting

/// One line of the table, and what it was measured on.
struct DenoiseRow {
  let rule: ShrinkageRule
  let scope: DenoisingScope
  /// nil for a rule that does not ask for it.
  let sigma: Double?
  let threshold: Double?
  let meanRank: Double?
  /// The input compared with the reference, and the result.
  let before: DenoiseQuality
  let after: DenoiseQuality
  /// From the noisy numbers to the clean ones.
  let seconds: Double

  /// What was gained in dB: of the PSNR of pictures, of the error of matrices; nil without
  /// reference.
  var gain: Double? {
    if let before = before.picture?.psnr, let after = after.picture?.psnr {
      return before == after ? 0 : after - before
    }
    guard let before = before.relativeError, let after = after.relativeError else { return nil }
    return DenoiseQuality.decibels(before, over: after)
  }
}

/// The columns of `denoise`; their keys are part of the program's contract (docs/json.md).
enum DenoiseTable {
  static let columns = [
    Column("rule", header: "rule", format: .text),
    Column("scope", header: "scope", format: .text),
    Column("sigma", header: "σ", format: .significant(4)),
    Column("threshold", header: "threshold", format: .significant(4)),
    Column("rank", header: "rank", format: .significant(3)),
    Column("psnr_before", header: "PSNR before (dB)", format: .fixed(2)),
    Column("psnr", header: "PSNR (dB)", format: .fixed(2)),
    Column("ssim_before", header: "SSIM before", format: .fixed(4)),
    Column("ssim", header: "SSIM", format: .fixed(4)),
    Column("relative_error", header: "rel. error", format: .significant(4)),
    Column("seconds", header: "time (s)", format: .seconds),
  ]

  static func cells(_ row: DenoiseRow) -> [Cell] {
    [
      .text(row.rule.name), .text(row.scope.name), Cell(row.sigma), Cell(row.threshold),
      rank(row), Cell(row.before.picture?.psnr), Cell(row.after.picture?.psnr),
      Cell(row.before.picture?.ssim), Cell(row.after.picture?.ssim),
      Cell(row.after.relativeError), .number(row.seconds),
    ]
  }

  /// A count where there is one matrix, a mean over matrices and blocks.
  private static func rank(_ row: DenoiseRow) -> Cell {
    guard let rank = row.meanRank else { return .missing }
    return Int(exactly: rank).map { .integer($0) } ?? .number(rank)
  }
}
