import FileFormats
import Networks
import Reporting
import Tensors

/// One training run in one precision: read, split, standardise, check the gradient, train, write.
struct TrainingRun<Element: Scalar> {
  private let arguments: TrainMLPCommand
  private let settings: TrainingSettings
  /// The checkpoint to go on from.
  private let stored: ModelFile?
  private let budget: MemoryBudget
  private let console: Console

  init(
    _ arguments: TrainMLPCommand, _ settings: TrainingSettings, _ stored: ModelFile?,
    _ budget: MemoryBudget, _ console: Console
  ) {
    (self.arguments, self.settings, self.stored) = (arguments, settings, stored)
    (self.budget, self.console) = (budget, console)
  }

  /// What the data come to.
  private struct Prepared {
    let training: Samples<Element>
    let validation: Samples<Element>?
    let description: ModelFile.Description<Element>
    var notes: [String]
  }

  func execute() throws(Failure) {
    if arguments.requireAccuracy != nil, settings.validation == 0 {
      throw .usage("--require-accuracy needs a validation part, and the checkpoint has none")
    }
    let prepared = try prepare()
    if arguments.requireAccuracy != nil, prepared.description.classes == nil {
      throw Share.needsClasses
    }
    let trainer = try self.trainer(prepared)
    var notes = prepared.notes
    if trainer.batch < settings.options.batch {
      notes.append(
        "the batch is \(trainer.batch), all there is (--batch \(settings.options.batch))")
    }
    if arguments.checkGradients { notes.append(try checkedGradient(trainer)) }
    var epochs: [EpochFigures] = []
    let failure = run(trainer, prepared, &epochs)
    if trainer.shouldStop, let best = trainer.state.best {
      notes.append(
        "stopped after epoch \(trainer.state.epoch): the validation loss has not become smaller "
          + "since epoch \(best.epoch)")
    }
    if let best = trainer.state.best { notes.append("the model is that of epoch \(best.epoch)") }
    try conclude(trainer, prepared, epochs, notes, failure)
  }

  // MARK: Data

  private func prepare() throws(Failure) -> Prepared {
    let read = try arguments.files.load(
      as: Element.self, for: stored?.demands, budget: budget, console: console)
    var (data, notes) = (read.data, read.notes)
    let digest = data.digest
    if let stored, stored.digest != digest {
      throw .file(
        arguments.data,
        FormatError(
          .badData,
          "\(stored.path) was trained on other data (digest \(stored.digest), found \(digest))"))
    }
    let features = data.featureNames
    var validation = try Failure.numerics(arguments.data) { () throws(NumericalError) in
      try split(&data)
    }
    if let validation {
      notes.append("\(data.count) samples are learnt from, \(validation.count) validate")
    }
    var standardization: Standardization<Element>?
    if settings.standardizes {
      let fitted = Standardization(fitting: data.inputs)
      try Failure.numerics(arguments.data) { () throws(NumericalError) in
        try fitted.apply(to: &data.inputs)
        try validation?.apply(fitted)
      }
      standardization = fitted
    }
    var classes: ClassMap?
    if case .classes(_, let map) = data.targets { classes = map }
    let architecture =
      stored?.architecture
      ?? MLPArchitecture(
        inputs: data.inputs.columns, hidden: settings.hidden, outputs: data.targets.outputCount,
        activation: settings.activation, layerNorm: settings.layerNorm,
        task: classes == nil ? .regression : .classification)
    let description = ModelFile.Description(
      architecture: architecture, classes: classes, features: features, settings: settings,
      digest: digest, standardization: standardization)
    return try Failure.numerics(arguments.data) { () throws(NumericalError) in
      Prepared(
        training: try data.samples(), validation: try validation?.samples(),
        description: description, notes: notes)
    }
  }

  /// Takes the validation part out of the data.
  private func split(
    _ data: inout LabelledData<Element>
  ) throws(NumericalError) -> LabelledData<Element>? {
    guard settings.validation > 0 else { return nil }
    let seed = settings.options.seed
    let split =
      switch data.targets {
      case .classes(let classes, let map):
        try DataSplit(
          classes: classes, classCount: map.count, share: settings.validation, seed: seed)
      case .values:
        try DataSplit(count: data.count, share: settings.validation, seed: seed)
      }
    return data.removeRows(split.validation)
  }

  // MARK: Training

  private func trainer(_ prepared: Prepared) throws(Failure) -> Trainer<Element> {
    let (architecture, options) = (prepared.description.architecture, settings.options)
    if let stored {
      let state: TrainingState<Element> = try Failure.naming(stored.path) {
        () throws(FormatError) in try stored.state(options.optimizer)
      }
      return try Failure.numerics(stored.path) { () throws(NumericalError) in
        try Trainer(
          resuming: state, architecture, options, training: prepared.training,
          validation: prepared.validation, budget: budget)
      }
    }
    return try Failure.numerics(arguments.data) { () throws(NumericalError) in
      try Trainer(
        MLP(
          architecture, initialization: settings.initialization, seed: options.seed, budget: budget),
        options,
        training: prepared.training, validation: prepared.validation, budget: budget)
    }
  }

  /// Refuses to train by a wrong gradient.
  private func checkedGradient(_ trainer: Trainer<Element>) throws(Failure) -> String {
    let agreement = try Failure.numerics(arguments.data) { () throws(NumericalError) in
      try trainer.gradientCheck()
    }
    guard agreement.comparisons.allSatisfy({ $0.difference.isFinite }) else {
      let text = "the gradient is not finite at the first samples"
      throw .numerical(arguments.data, .diverged(text))
    }
    guard agreement.passes else {
      throw .unmet(
        agreement.comparisons.filter { !$0.passes }.map { comparison in
          "the gradient of \(comparison.parameter) differs \(Self.text(comparison)), rounding "
            + "explains \(NumberText.significant(comparison.limit, digits: 2))"
        })
    }
    return "the gradient by hand agrees: it differs "
      + agreement.comparisons.map(Self.text).joined(separator: ", ")
  }

  private static func text(_ comparison: GradientAgreement.Comparison) -> String {
    let other =
      switch comparison.oracle {
      case .reverseMode: "from reverse mode"
      case .differences: "from differences"
      case .precision: "in \(Element.dtypeName) from itself in f64"
      }
    return "\(other) by \(NumberText.significant(comparison.difference, digits: 2))"
  }

  /// Trains to the end, writing checkpoints.
  ///
  /// - Returns: what ended it before.
  private func run(
    _ trainer: Trainer<Element>, _ prepared: Prepared, _ epochs: inout [EpochFigures]
  ) -> Failure? {
    let samples = prepared.training.count
    let left = max(0, settings.options.epochs - trainer.state.epoch)
    let (steps, overflow) = left.multipliedReportingOverflow(by: samples)
    let progress = Progress(
      "training", steps: overflow ? .max : steps, unit: "samples", console: console)
    defer { progress.finish() }
    let every = arguments.checkpointEvery?.value ?? 1
    do throws(Failure) {
      while trainer.state.epoch < settings.options.epochs, !trainer.shouldStop {
        let figures = try Failure.numerics(nil) { () throws(NumericalError) in
          var done = 0
          return try trainer.runEpoch(clock: Stopwatch.now) {
            progress.step($0 - done)
            done = $0
          }
        }
        epochs.append(figures)
        let isLast = trainer.state.epoch == settings.options.epochs || trainer.shouldStop
        if let path = arguments.checkpoint, isLast || trainer.state.epoch % every == 0 {
          let file = try ModelFile.output(path, trainer.state, prepared.description)
          try Failure.naming(path) { () throws(FormatError) in try file.write() }
        }
      }
      return nil
    } catch {
      return error
    }
  }

  // MARK: Results

  /// Prints the epochs and writes the files; what ended training too early, and what is required and
  /// not met, is thrown after that.
  private func conclude(
    _ trainer: Trainer<Element>, _ prepared: Prepared, _ epochs: [EpochFigures], _ notes: [String],
    _ failure: Failure?
  ) throws(Failure) {
    var report = arguments.arithmetic.report(
      "train-mlp", inputs: [displayName(arguments.data)], precision: settings.precision,
      columns: TrainingTable.columns)
    report.seed = Int(clamping: settings.options.seed)
    report.notes = notes
    for figures in epochs { report.append(TrainingTable.cells(figures)) }
    var outputs: [OutputFile] = []
    if let path = arguments.destination.output, failure == nil {
      outputs.append(
        try ModelFile.output(path, trainer.bestNetwork ?? trainer.network, prepared.description))
    }
    if let path = arguments.metrics { outputs.append(MetricsFile.output(path, report)) }
    if let path = arguments.plot, !epochs.isEmpty {
      let plots = TrainingTable.plots(epochs, title: displayName(arguments.data))
      outputs.append(OutputFile(path, FileContent(text: Plot.svg(plots))))
    }
    try arguments.table.emit(
      report, outputs: outputs, noClobber: arguments.destination.noClobber)
    if let failure { throw failure }
    guard let required = arguments.requireAccuracy, let validation = prepared.validation else {
      return
    }
    let evaluation = try Failure.numerics(nil) { () throws(NumericalError) in
      try (trainer.bestNetwork ?? trainer.network).evaluation(on: validation)
    }
    try required.check(evaluation, of: "the validation part")
  }
}

extension LabelledData {
  /// For the engine.
  func samples() throws(NumericalError) -> Samples<Element> {
    switch targets {
    case .classes(let classes, _): try Samples(inputs: inputs, targets: .labels(classes))
    case .values(let values): try Samples(inputs: inputs, targets: .values(values))
    }
  }

  mutating func apply(_ standardization: Standardization<Element>) throws(NumericalError) {
    try standardization.apply(to: &inputs)
  }
}

extension Share {
  static var needsClasses: Failure {
    .usage("--require-accuracy is about classification, this is a regression")
  }

  /// - Throws: `Failure.unmet` for a smaller share of right answers, `.usage` where there are none.
  func check(_ evaluation: Evaluation, of name: String) throws(Failure) {
    guard let accuracy = evaluation.accuracy else { throw Self.needsClasses }
    guard accuracy < value else { return }
    throw .unmet([
      "--require-accuracy \(value): \(name) has \(NumberText.significant(accuracy, digits: 4))"
    ])
  }
}
