import ArgumentParser
import FileFormats
import Networks
import Tensors

/// What `--task` may say.
enum TaskChoice: String, ExpressibleByArgument, CaseIterable {
  /// Classification for words and for integers of which few differ.
  case auto
  case classification
  case regression

  /// What the target's cells of a text table are taken for.
  var reading: TargetReading {
    switch self {
    case .auto: .detected
    case .classification: .labels
    case .regression: .numbers
    }
  }
}

/// What a trained model demands of data.
struct ModelDemands {
  /// The features per sample.
  let inputs: Int
  /// Its classes; nil for a regression.
  let classes: ClassMap?
  /// The numbers per sample that a regression gives.
  let outputs: Int
}

/// A data set from files, and what is to be said of it.
struct TrainingData<Element: Scalar> {
  var data: LabelledData<Element>
  /// One line each, without "note:".
  var notes: [String]
}

/// The files that a data set comes from, as the user typed them.
struct TrainingFiles {
  /// Inputs, or inputs and targets.
  let inputs: String
  /// Targets of their own.
  let labels: String?
  /// The target's column in a text table; nil is the last.
  let target: TargetColumn?
  let task: TaskChoice
  let reading: ReadingOptions

  /// Reads and joins inputs and targets.
  ///
  /// - Parameters:
  ///   - type: the precision of inputs and numeric targets.
  ///   - model: the model that the data must fit; nil when one is yet to be trained.
  ///   - budget: asked before each array is made.
  ///   - console: where warnings go.
  /// - Throws: `Failure` with the status of "Bad input": 65 for data, 64 for options that do not
  ///   fit the files.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func load<Element: Scalar>(
    as type: Element.Type, for model: ModelDemands? = nil, budget: MemoryBudget, console: Console
  ) throws(Failure) -> TrainingData<Element> {
    var parts: TrainingParts<Element> = try read(for: model, budget: budget, console: console)
    if let labels {
      guard parts.targets == nil else {
        throw .usage("--labels: \(inputs) holds targets already")
      }
      parts.targets = try readLabels(labels, for: model, budget: budget, console: console)
    }
    guard let targets = parts.targets else {
      throw .usage("\(inputs) holds no targets", hint: "give them by --labels FILE")
    }
    guard parts.inputs.rows == targets.count else {
      let counts =
        "\(displayName(inputs)) holds \(parts.inputs.rows) samples, "
        + "\(displayName(labels ?? inputs)) holds \(targets.count) targets"
      throw .file(nil, FormatError(.badData, counts))
    }
    return try join(parts, targets, model)
  }

  private func join<Element: Scalar>(
    _ parts: TrainingParts<Element>, _ targets: TargetPart<Element>, _ model: ModelDemands?
  ) throws(Failure) -> TrainingData<Element> {
    if let model, parts.inputs.columns != model.inputs {
      let found = "found \(parts.inputs.columns) features, the model takes \(model.inputs)"
      throw .file(inputs, FormatError(.badData, "the data does not fit the model (\(found))"))
    }
    let source = labels ?? inputs
    var notes = parts.notes
    let joined = try Failure.naming(source) { () throws(FormatError) in
      try TargetAssignment.targets(targets, task: task, model: model, notes: &notes)
    }
    let data = try Failure.numerics(source) { () throws(NumericalError) in
      try LabelledData(inputs: parts.inputs, targets: joined, featureNames: parts.featureNames)
    }
    return TrainingData(data: data, notes: notes)
  }

  // MARK: Reading

  private func read<Element: Scalar>(
    for model: ModelDemands?, budget: MemoryBudget, console: Console
  ) throws(Failure) -> TrainingParts<Element> {
    guard labels == nil || target == nil else {
      throw .usage("--target names a column of the inputs' table; with --labels there is none")
    }
    let column: TargetColumn = labels == nil ? target ?? .last : .none
    let file: LabelledFile<Element> = try loaded(
      inputs, target: column, model, budget: budget, console: console)
    switch file {
    case .table(let table, _):
      return try Failure.naming(inputs) { () throws(FormatError) in
        try TrainingParts(table, isLast: column == .last)
      }
    case .file(let file):
      guard target == nil else {
        throw .usage("--target is about text tables; \(inputs) is .\(file.format.rawValue)")
      }
      return try parts(of: file, budget: budget)
    }
  }

  private func parts<Element: Scalar>(
    of file: LoadedFile, budget: MemoryBudget
  ) throws(Failure) -> TrainingParts<Element> {
    let arrays = try Failure.naming(inputs) { () throws(FormatError) in
      try TrainingArrays(file, hasLabels: labels != nil)
    }
    let samples: TrainingParts<Element> = try TrainingParts(arrays.inputs, of: inputs, budget)
    guard let targets = arrays.targets else { return samples }
    var result = samples
    result.notes.insert("inputs = '\(arrays.names.0)', targets = '\(arrays.names.1)'", at: 0)
    result.targets = try TargetPart(targets, of: inputs, budget)
    return result
  }

  private func readLabels<Element: Scalar>(
    _ path: String, for model: ModelDemands?, budget: MemoryBudget, console: Console
  ) throws(Failure) -> TargetPart<Element> {
    let file: LabelledFile<Element> = try loaded(
      path, target: .last, model, isLabels: true, budget: budget, console: console)
    switch file {
    case .table(let table, _):
      guard let target = table.target, table.features.columns == 0 else {
        let count = table.features.columns + 1
        throw .file(
          path, FormatError(.badData, "labels are one column of text (found \(count) columns)"))
      }
      return .cells(target.cells)
    case .file(let file):
      let array = try Failure.naming(path) { () throws(FormatError) in try file.array() }
      return try TargetPart(array, of: path, budget)
    }
  }

  private func loaded<Element: Scalar>(
    _ path: String, target: TargetColumn, _ model: ModelDemands?, isLabels: Bool = false,
    budget: MemoryBudget, console: Console
  ) throws(Failure) -> LabelledFile<Element> {
    let options = try reading.options(budget: budget, detectingFormat: isLabels)
    var cells = task.reading
    if let model { cells = model.classes == nil ? .numbers : .labels }
    let file = try Failure.naming(path) { () throws(FormatError) in
      try LabelledFile<Element>.load(path, target: target, reading: cells, options: options)
    }
    for warning in file.warnings { console.warn("\(path): \(warning)") }
    return file
  }
}
