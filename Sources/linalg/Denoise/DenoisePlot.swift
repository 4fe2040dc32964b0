import Imaging
import Reporting
import Tensors

/// Singular values on a logarithmic axis, with the edge of the noise and the thresholds.
enum DenoisePlot {
  /// The spectrum of one result, with the thresholds of all rows of its scope.
  static func plot<Element: Scalar>(
    _ result: DenoisedMatrices<Element>, of rows: [DenoiseRow], input: String, names: [String]?,
    edge: Double?
  ) -> Plot {
    let names = result.treated.map { names?[$0] ?? "singular values" }
    var title = "Singular values of \(input)"
    if case .blocks(let side, _) = result.scope {
      title = "Mean singular values of the \(side)x\(side) blocks of \(input)"
    }
    // Rules that share a threshold share a line.
    var labels: [(threshold: Double, names: [String])] = edge.map { [($0, ["noise edge"])] } ?? []
    for row in rows where row.scope == result.scope {
      guard let threshold = row.threshold, threshold > 0 else { continue }
      // Formulas that agree may differ in the last digit.
      let same = labels.firstIndex { abs($0.threshold - threshold) <= 1e-9 * threshold }
      if let index = same {
        labels[index].names.append(row.rule.name)
      } else {
        labels.append((threshold, [row.rule.name]))
      }
    }
    return Plot(
      title: title, xAxis: Plot.Axis("index"),
      yAxis: Plot.Axis("singular value", scale: .logarithmic),
      series: zip(names, result.spectra).map { Plot.Series($0, values: $1) },
      markers: labels.map { .horizontal($0.threshold, label: $0.names.joined(separator: ", ")) })
  }
}
