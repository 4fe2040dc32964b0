import Factorizations
import FileFormats
import Imaging
import Reporting
import Tensors

extension CompressionRun {
  /// What the reader of the table should know.
  func notes(_ model: LowRankModel<Element>, _ rows: [Row]) throws(Failure) -> [String] {
    var notes: [String] = []
    if model.usedFallback {
      // A warning for the shell, a note for whoever reads the table or the document later.
      let text = "gesdd did not converge; gesvd gave the decomposition"
      context.console.warn(text)
      notes.append(text)
    }
    if model.method == .randomized {
      notes.append(
        "randomized: the optimum lies between the certified bounds; "
          + "‖A−Aₖ‖₂ is estimated from below")
    }
    if let note = surveyNote(model) { notes.append(note) }
    if let note = sizeNote(rows) { notes.append(note) }
    // With an output, the writer counts.
    if arguments.destination.output == nil, rows.count == 1,
      let clipped = rows.last?.quality?.clippedSamples, clipped > 0
    {
      notes.append(NumberText.counted(clipped, "sample") + " clipped")
    }
    if case .matrix = subject, model.norm == 0 { notes.append("the matrix is zero") }
    if arguments.verification.verify { notes += try verification(model) }
    return notes
  }

  /// Says when the default table lacks energies that the sketch does not reach.
  private func surveyNote(_ model: LowRankModel<Element>) -> String? {
    guard !arguments.selectsRanks, model.rank(energy: 0.999) == nil else { return nil }
    return "the ranks for up to 99.9 % energy lie beyond rank \(model.largestRank), where the "
      + "sketch ends; --method exact lists them"
  }

  /// The line that says when nothing was saved.
  private func sizeNote(_ rows: [Row]) -> String? {
    guard arguments.input != "-", let row = rows.last else { return nil }
    let size = context.file.byteCount
    guard row.factorBytes >= size else { return nil }
    let name = displayName(arguments.input)
    let precision = context.factorPrecision
    let largest = smallerRank(than: size, precision)
    var text =
      "the factors (\(NumberText.bytes(row.factorBytes))) are "
      + (row.factorBytes == size ? "as large as" : "larger than")
      + " \(name) (\(NumberText.bytes(size))); "
    text +=
      largest > 0
      ? "rank \(largest) is the largest that is smaller" : "not even rank 1 is smaller"
    if precision != .f16 {
      let half = smallerRank(than: size, .f16)
      if half > 0 { text += " (f16: \(half))" }
    }
    return text
  }

  /// The largest rank whose factors take fewer than `size` bytes.
  private func smallerRank(than size: Int, _ precision: FactorFile.Precision) -> Int {
    let perRank = FactorFile.payloadBytes(subject, rank: 1, precision: precision)
    return min((size - 1) / perRank, subject.largestRank)
  }

  /// LAPACK's test ratios of every decomposition.
  private func verification(_ model: LowRankModel<Element>) throws(Failure) -> [String] {
    var notes: [String] = []
    for (index, matrix) in model.matrices.enumerated() {
      let isExact = model.method == .exact
      let ratios = matrix.lapackTestRatios(of: model.decompositions[index])
      notes.append(
        try Failure.numerics(arguments.input) { () throws(NumericalError) in
          try Verification.note(ratios, name: "c\(index)", hasResidual: isExact)
        })
      if !isExact { notes.append(spectralBound(model, index)) }
    }
    return notes
  }

  /// What random probes certify about the spectral norm of the residual.
  private func spectralBound(_ model: LowRankModel<Element>, _ index: Int) -> String {
    let bound = model.matrices[index].residualSpectralBound(
      of: model.decompositions[index], seed: context.options.seed)
    return "c\(index): ‖A−Aₖ‖₂ ≤ \(NumberText.significant(bound, digits: 4)) at rank "
      + "\(model.decompositions[index].singularValues.count), wrong with probability 1e-10 at most"
  }
}
