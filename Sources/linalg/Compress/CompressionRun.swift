import Factorizations
import FileFormats
import Imaging
import Reporting
import Tensors

/// One run of `svd-compress` in one precision: select ranks, measure, write, report.
struct CompressionRun<Element: Scalar> {
  let context: CompressionContext
  var arguments: SVDCompressCommand { context.arguments }
  var subject: PictureOrMatrix { context.subject }

  /// One line of the table and what it was measured on.
  struct Row {
    let measurement: LowRankMeasurement
    let quality: PictureOrMatrix.Quality?
    let factorBytes: Int
  }

  init(_ context: CompressionContext) { self.context = context }

  func execute() throws(Failure) {
    let selection = try RankSelection(context)
    let progress = Progress(
      "svd-compress", steps: subject.matrixCount, unit: "matrices", console: context.console)
    defer { progress.finish() }
    let (model, rows, last) = try Failure.numerics(arguments.input) {
      () throws(NumericalError) in try computed(selection, progress)
    }

    var report = table(model, rows)
    report.notes = try notes(model, rows)
    let unmet = unmetRequirements(rows)
    // Files of a result that fails its requirement are not written: a Make target must not look
    // made. The table and its copies are.
    let outputs = unmet.isEmpty ? try outputs(model, rows, last, &report) : []
    try arguments.table.emit(
      report, outputs: outputs, noClobber: arguments.destination.noClobber)
    if !unmet.isEmpty { throw .unmet(unmet) }
  }

  /// The model, a row for each rank, and the approximation of the last.
  private func computed(
    _ selection: RankSelection, _ progress: Progress
  ) throws(NumericalError) -> (LowRankModel<Element>, [Row], [Tensor<Element>]) {
    // The matrices, their triples, one approximation and its difference stand side by side.
    let shape = subject.matrixShape
    let factors = subject.largestRank * (shape[0] + shape[1])
    let bytes =
      subject.matrixCount * (3 * shape.count + factors) * MemoryLayout<Element>.stride
    try context.budget.reserve(bytes, for: "the matrices and their approximation")
    defer { context.budget.release(bytes) }
    let search = CompressionSearch(
      selection: selection, context: context, matrices: subject.matrices(as: Element.self),
      progress: progress)
    let (model, ranks) = try search.run()
    var rows: [Row] = []
    var last: [Tensor<Element>] = []
    for rank in ranks {
      last = model.reconstructions(rank: rank)
      rows.append(try measure(model, rank: rank, last))
    }
    return (model, rows, last)
  }

  /// The numbers of one rank. What BLAS measures and what the picture shows are independent, and
  /// each keeps one thread busy.
  private func measure(
    _ model: LowRankModel<Element>, rank: Int, _ reconstructions: [Tensor<Element>]
  ) throws(NumericalError) -> Row {
    var measurement: Result<LowRankMeasurement, NumericalError>?
    var quality: Result<PictureOrMatrix.Quality?, NumericalError>?
    Parallel.forEachRange(2) { parts in
      for part in parts {
        if part == 0 {
          measurement = Result { () throws(NumericalError) in
            try model.measured(rank: rank, reconstructions: reconstructions)
          }
        } else {
          quality = Result { () throws(NumericalError) in
            try subject.quality(of: reconstructions)
          }
        }
      }
    }
    guard let measurement, let quality else { preconditionFailure("both parts always run") }
    return Row(
      measurement: try measurement.get(), quality: try quality.get(),
      factorBytes: FactorFile.payloadBytes(
        subject, rank: rank, precision: context.factorPrecision))
  }

  private func table(_ model: LowRankModel<Element>, _ rows: [Row]) -> Report {
    var report = arguments.arithmetic.report(
      "svd-compress", inputs: [displayName(arguments.input)],
      precision: Element.self == Float.self ? .f32 : .f64, columns: CompressionTable.columns)
    for row in rows { report.append(CompressionTable.cells(row, method: model.method.rawValue)) }
    return report
  }

  /// The requirements and bounds that the last row (the largest rank) fails, one sentence each.
  private func unmetRequirements(_ rows: [Row]) -> [String] {
    guard let row = rows.last else { return [] }
    var result: [String] = []
    let rank = row.measurement.rank
    // Selections that even the largest rank misses, by rounding.
    if let goal = arguments.maxError, row.measurement.relativeError > goal.value {
      let error = NumberText.significant(row.measurement.relativeError, digits: 4)
      result.append("--max-error \(goal.text): no rank meets it (rank \(rank) reaches \(error))")
    }
    if let goal = arguments.minPSNR, row.quality?.psnr ?? .infinity < goal.value {
      let psnr = NumberText.fixed(row.quality?.psnr ?? 0, decimals: 2)
      result.append("--min-psnr \(goal.text): no rank meets it (rank \(rank) reaches \(psnr) dB)")
    }
    if let required = arguments.requirePSNR, row.quality?.psnr ?? .infinity < required.value {
      let psnr = NumberText.fixed(row.quality?.psnr ?? 0, decimals: 2)
      result.append("--require-psnr \(required.text): rank \(rank) reaches \(psnr) dB")
    }
    if let required = arguments.requireError,
      row.measurement.relativeError > required.value
    {
      let error = NumberText.significant(row.measurement.relativeError, digits: 4)
      result.append("--require-error \(required.text): rank \(rank) reaches \(error)")
    }
    return result
  }
}
