import Reporting
import Tensors

/// The columns of `svd-compress`; their keys are part of the program's contract (docs/json.md).
enum CompressionTable {
  static let columns = [
    Column("rank", header: "rank", format: .integer),
    Column("method", header: "method", format: .text),
    Column("stored_numbers", header: "numbers", format: .count),
    Column("storage_share", header: "storage (%)", format: .percent(1)),
    Column("factor_bytes", header: "factors (B)", format: .bytes),
    Column("relative_error", header: "rel. error", format: .significant(4)),
    Column("optimal_error", header: "optimum", format: .significant(4)),
    Column("spectral_error", header: "‖A−Aₖ‖₂", format: .significant(4)),
    Column("energy", header: "energy (%)", format: .percent(2)),
    Column("psnr", header: "PSNR (dB)", format: .fixed(2)),
    Column("ssim", header: "SSIM", format: .fixed(4)),
  ]

  static func cells<Element: Scalar>(
    _ row: CompressionRun<Element>.Row, method: String
  ) -> [Cell] {
    let m = row.measurement
    let optimum = m.optimalError
    return [
      .integer(m.rank), .text(method), .integer(m.storedNumbers), .number(m.storageShare),
      .integer(row.factorBytes), .number(m.relativeError),
      optimum.lowerBound == optimum.upperBound
        ? .number(optimum.upperBound)
        : .interval(low: optimum.lowerBound, high: optimum.upperBound),
      .number(m.spectralError), .number(m.energy),
      Cell(row.quality?.psnr), Cell(row.quality?.ssim),
    ]
  }
}
