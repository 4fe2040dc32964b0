import FileFormats
import Networks
import Reporting

/// The rows of a training run: one per epoch.
enum TrainingTable {
  static let columns = [
    Column("epoch", header: "epoch", format: .integer),
    Column("loss", header: "loss", format: .significant(4)),
    Column("accuracy", header: "accuracy (%)", format: .percent(2)),
    Column("validation_loss", header: "validation loss", format: .significant(4)),
    Column("validation_accuracy", header: "validation accuracy (%)", format: .percent(2)),
    Column("learning_rate", header: "learning rate", format: .estimate(3)),
    Column("gradient_norm", header: "gradient norm", format: .estimate(3)),
    Column("seconds", header: "seconds", format: .seconds),
  ]

  static func cells(_ figures: EpochFigures) -> [Cell] {
    [
      .integer(figures.epoch), .number(figures.loss), Cell(figures.accuracy),
      Cell(figures.validation?.loss), Cell(figures.validation?.accuracy),
      .number(figures.learningRate), .number(figures.gradientNorm), .number(figures.seconds),
    ]
  }

  /// The loss, and the share of right answers where there are answers.
  static func plots(_ epochs: [EpochFigures], title: String) -> [Plot] {
    func series(_ name: String, _ value: (EpochFigures) -> Double?) -> Plot.Series? {
      let points = epochs.compactMap { figures in
        value(figures).map { Plot.Point(x: Double(figures.epoch), y: $0) }
      }
      return points.isEmpty ? nil : Plot.Series(name, points, style: .lineAndDots)
    }
    func plot(
      _ title: String, _ label: String, _ scale: Plot.Scale, _ series: [Plot.Series?]
    ) -> Plot? {
      let series = series.compactMap { $0 }
      guard !series.isEmpty else { return nil }
      return Plot(
        title: title, xAxis: Plot.Axis("epoch"), yAxis: Plot.Axis(label, scale: scale),
        series: series)
    }
    return [
      plot(
        "Loss on \(title)", "loss", .logarithmic,
        [series("training", { $0.loss }), series("validation", { $0.validation?.loss })]),
      plot(
        "Accuracy on \(title)", "share of right answers", .linear,
        [series("training", { $0.accuracy }), series("validation", { $0.validation?.accuracy })]),
    ].compactMap { $0 }
  }
}

/// The rows as a file of their own.
enum MetricsFile {
  static let suffixes = [".csv", ".tsv", ".jsonl"]

  static func output(_ path: String, _ report: Report) -> OutputFile {
    let text =
      path.hasSuffix(".jsonl")
      ? report.jsonLines()
      : report.rendered(as: path.hasSuffix(".tsv") ? .tsv : .csv)
    return OutputFile(path, FileContent(text: text))
  }
}
