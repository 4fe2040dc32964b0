import FileFormats
import JSONText
import Networks
import Reporting
import Tensors

/// Judges a model on data in one precision.
struct EvaluationRun<Element: Scalar> {
  private let arguments: TrainMLPCommand
  private let model: ModelFile?
  private let budget: MemoryBudget
  private let console: Console

  init(
    _ arguments: TrainMLPCommand, _ model: ModelFile?, _ budget: MemoryBudget, _ console: Console
  ) {
    (self.arguments, self.model, self.budget, self.console) = (arguments, model, budget, console)
  }

  func execute() throws(Failure) {
    guard let model else { return }
    let others = try replacements(model)
    let (network, standardization) = try Failure.naming(model.path) { () throws(FormatError) in
      (
        try model.network(replacing: others) as MLP<Element>,
        try model.standardization() as Standardization<Element>?
      )
    }
    let read = try arguments.files.load(
      as: Element.self, for: model.demands, budget: budget, console: console)
    var (data, notes) = (read.data, read.notes)
    let showsSamples = arguments.confusion || arguments.predictions != nil
    let (evaluation, outputs) = try Failure.numerics(arguments.data) {
      () throws(NumericalError) -> (Evaluation, Tensor<Element>?) in
      try standardization?.apply(to: &data.inputs)
      let evaluation = try network.evaluation(on: try data.samples(), budget: budget)
      guard showsSamples else { return (evaluation, nil) }
      return (evaluation, try network.outputs(data.inputs, budget: budget))
    }
    let judged = JudgedSamples(
      data.targets, outputs ?? .zeros([data.count, 0]), classes: model.classes)
    var files: [OutputFile] = []
    if let path = arguments.predictions { files.append(try predictions(path, judged)) }
    if let names = data.featureNames, let known = model.features, names != known {
      notes.append("the features are called otherwise than when the model was trained")
    }
    try emit(evaluation, judged, notes, files)
    try arguments.requireAccuracy?.check(evaluation, of: displayName(arguments.data))
  }

  /// Tensors of files that stand in for the model's.
  private func replacements(_ model: ModelFile) throws(Failure) -> [String: Tensor<Element>] {
    var found: [String: Tensor<Element>] = [:]
    let known = model.architecture.parameters.map(\.name)
    for text in arguments.replace {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, known.contains(String(parts[0])) else {
        throw .usage(
          "--replace \(text): expected NAME=FILE with one of \(known.joined(separator: ", "))")
      }
      let (name, path) = (String(parts[0]), String(parts[1]))
      guard found[name] == nil else { throw .usage("--replace \(name) is given twice") }
      let file = try arguments.reading.load(
        path, budget: budget, console: console, detectingFormat: true)
      let array = try Failure.naming(path) { () throws(FormatError) in try file.array() }
      var tensor = array.tensor(as: Element.self)
      try Failure.numerics(path) { () throws(NumericalError) in try tensor.requireFinite() }
      // A text table of one column serves as a vector.
      let wanted = model.architecture.parameters.first { $0.name == name }?.shape
      if let wanted, wanted.rank == 1, tensor.count == wanted.count {
        tensor = tensor.reshaped(wanted)
      }
      if let wanted, tensor.shape != wanted {
        let text = "\(name) is \(wanted) in the model (found \(tensor.shape))"
        throw .file(path, FormatError(.badData, text))
      }
      found[name] = tensor
    }
    return found
  }

  private func emit(
    _ evaluation: Evaluation, _ judged: JudgedSamples<Element>, _ notes: [String],
    _ files: [OutputFile]
  ) throws(Failure) {
    let columns = arguments.confusion ? try judged.confusionColumns() : Self.columns
    var report = arguments.arithmetic.report(
      "train-mlp", inputs: [displayName(arguments.data)],
      precision: Element.self == Float.self ? .f32 : .f64, columns: columns)
    report.notes = notes
    let figures: [(String, Double?)] = [
      ("loss", evaluation.loss), ("accuracy", evaluation.accuracy),
      ("r_squared", evaluation.determination),
    ]
    if arguments.confusion {
      for cells in judged.confusionRows() { report.append(cells) }
      report.lead = [
        "\(NumberText.counted(judged.count, "sample")): "
          + figures.compactMap { name, value in
            value.map { "\(name) \(NumberText.significant($0, digits: 4))" }
          }.joined(separator: ", ")
      ]
      var summary: JSONObject = ["samples": .integer(judged.count)]
      for (name, value) in figures { summary.append(name, value.map(JSONValue.number) ?? .null) }
      report.summary = summary
    } else {
      report.append([.integer(judged.count)] + figures.map { Cell($0.1) })
    }
    try arguments.table.emit(report, outputs: files, noClobber: arguments.destination.noClobber)
  }

  private static var columns: [Column] {
    [
      Column("samples", header: "samples", format: .count),
      Column("loss", header: "loss", format: .significant(4)),
      Column("accuracy", header: "accuracy (%)", format: .percent(2)),
      Column("r_squared", header: "R²", format: .significant(4)),
    ]
  }

  /// A row per sample.
  private func predictions(
    _ path: String, _ judged: JudgedSamples<Element>
  ) throws(Failure) -> OutputFile {
    guard let format = TableFormat(forPath: path) else {
      throw .usage("--predictions \(path): the suffix is not one of .txt .md .csv .tsv .json")
    }
    var report = arguments.arithmetic.report(
      "train-mlp", inputs: [displayName(arguments.data)],
      precision: Element.self == Float.self ? .f32 : .f64, columns: judged.predictionColumns)
    for cells in judged.predictionRows() { report.append(cells) }
    return OutputFile(path, FileContent(text: report.rendered(as: format)))
  }
}
