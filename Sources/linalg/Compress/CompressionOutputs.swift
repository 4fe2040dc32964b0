import Factorizations
import FileFormats
import Imaging
import Reporting
import Tensors

extension CompressionRun {
  /// The files to write, made whole before the first is created.
  func outputs(
    _ model: LowRankModel<Element>, _ rows: [Row], _ reconstructions: [Tensor<Element>],
    _ report: inout Report
  ) throws(Failure) -> [OutputFile] {
    var outputs: [OutputFile] = []
    if let path = arguments.destination.output {
      outputs.append(
        try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
          try subject.output(
            path, of: reconstructions, streamFormat: context.file.format, notes: &report.notes)
        })
    }
    if let path = arguments.factors, let rank = rows.last?.measurement.rank {
      outputs.append(
        try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
          try factorFile(path, model, rank: rank, &report)
        })
    }
    if let path = arguments.plot {
      let text = spectrumPlot(model, ranks: rows.map(\.measurement.rank)).svg()
      outputs.append(OutputFile(path, FileContent(text: text)))
    }
    return outputs
  }

  private func factorFile(
    _ path: String, _ model: LowRankModel<Element>, rank: Int, _ report: inout Report
  ) throws(FormatError) -> OutputFile {
    let precision = context.factorPrecision
    let cut = model.decompositions.map { $0.truncated(to: rank) }
    let file = try FactorFile.encode(subject, cut, precision: precision)
    let content = try file.encode()
    report.notes.append(
      "\(OutputFile.name(of: displayName(path))) takes \(NumberText.bytes(content.byteCount))")
    if precision.isNarrower(than: Element.self) {
      // What the narrower factors lose is measured on what a reader will get back.
      let read = try FactorExpansion<Element>(file, budget: context.budget).decompositions
      let error = model.relativeError(of: read.map { $0.reconstructed() })
      report.notes.append(
        "stored as \(precision.rawValue) the relative error is "
          + NumberText.significant(error, digits: 4))
    }
    return OutputFile(path, content, isBinary: true)
  }

  /// Singular values on a logarithmic axis, the listed ranks marked.
  private func spectrumPlot(_ model: LowRankModel<Element>, ranks: [Int]) -> Plot {
    let names =
      model.singularValues.count == 1 ? ["singular values"] : ["red", "green", "blue"]
    // Every rank of a long list would hide the curve.
    let marked = ranks.count <= 6 ? ranks : []
    return Plot(
      title: "Singular values of \(displayName(arguments.input))",
      xAxis: Plot.Axis("index"), yAxis: Plot.Axis("singular value", scale: .logarithmic),
      series: zip(names, model.singularValues).map { Plot.Series($0, values: $1) },
      markers: marked.map { .vertical(Double($0), label: "rank \($0)") })
  }
}

extension FactorFile.Precision {
  /// Whether factors computed as `Element` lose digits when stored.
  fileprivate func isNarrower<Element: Scalar>(than element: Element.Type) -> Bool {
    vectors.byteSize < MemoryLayout<Element>.size
  }
}
