import ArgumentParser
import FileFormats
import Networks
import Tensors

/// `linalg train-mlp`: arguments and their consistency; `TrainingRun` and `EvaluationRun` do the work.
struct TrainMLPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train-mlp",
    abstract: "Train a multilayer perceptron on a table, or judge one.",
    discussion: """
      Examples:
        linalg train-mlp digits.csv --hidden 128,64 --validation 0.2 -o m.safetensors
        linalg train-mlp test.csv --model m.safetensors --evaluate --confusion

      The gradient is held against reverse mode and against differences before training starts; \
      where it is wrong, the exit status is 1. Models are safetensors files that Python reads.
      """)

  @Argument(help: "Samples: a table (.csv .tsv .txt), .npy, .npz, .safetensors or IDX, also .gz.")
  var data: String

  @Option(
    help: ArgumentHelp("The targets, where they stand in a file of their own.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The target's column: its name, or its place from 0 (default the last).",
      valueName: "column"))
  var target: String?

  @Option(help: "What is learnt (default auto: classes if words or few integers).")
  var task: TaskChoice?

  @OptionGroup var network: NetworkOptions
  @OptionGroup var learning: LearningOptions

  @Flag(
    inversion: .prefixedNo,
    help: "Hold the gradient against reverse mode and differences before training.")
  var checkGradients = true

  @Option(help: ArgumentHelp("Write the state after epochs to this file.", valueName: "file"))
  var checkpoint: String?

  @Option(
    name: .customLong("checkpoint-every"),
    help: ArgumentHelp("Epochs between checkpoints (default 1).", valueName: "n"))
  var checkpointEvery: PositiveInteger?

  @Option(help: ArgumentHelp("Go on from a checkpoint, with its options.", valueName: "file"))
  var resume: String?

  @Option(help: ArgumentHelp("Write a row per epoch: .csv, .tsv or .jsonl.", valueName: "file"))
  var metrics: String?

  @Option(help: ArgumentHelp("Draw loss and accuracy to this SVG file.", valueName: "file"))
  var plot: String?

  @Option(help: ArgumentHelp("The model to judge, with --evaluate.", valueName: "file"))
  var model: String?

  @Flag(help: "Judge --model on the data instead of training.")
  var evaluate = false

  @Option(
    help: ArgumentHelp(
      "With --evaluate: use this array in place of a tensor. May be repeated.",
      valueName: "name=file"))
  var replace: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --evaluate: write a row per sample (.csv .tsv .json).", valueName: "file"))
  var predictions: String?

  @Flag(help: "With --evaluate: a row per class, with what its samples are taken for.")
  var confusion = false

  @Option(
    name: .customLong("require-accuracy"),
    help: ArgumentHelp(
      "Exit 1 below this share of right answers, on the validation part or the data judged.",
      valueName: "x"))
  var requireAccuracy: Share?

  @OptionGroup var destination: DestinationOptions
  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  func validate() throws { try checkConsistency() }

  /// The files of the data, under what a model demands.
  var files: TrainingFiles {
    TrainingFiles(
      inputs: data, labels: labels, target: target.map { TargetColumn($0) }, task: task ?? .auto,
      reading: reading)
  }

  func run() throws {
    let console = table.console("train-mlp")
    _ = try arithmetic.limits.applyThreads()
    let budget = try arithmetic.limits.budget()
    let path = model ?? resume
    let stored = try path.map { (path) throws(Failure) in
      try ModelFile(path, budget: budget)
    }
    let settings = try TrainingSettings(self, stored: stored)
    switch (evaluate, settings.precision) {
    case (true, .f32): try EvaluationRun<Float>(self, stored, budget, console).execute()
    case (true, .f64): try EvaluationRun<Double>(self, stored, budget, console).execute()
    case (false, .f32): try TrainingRun<Float>(self, settings, stored, budget, console).execute()
    case (false, .f64): try TrainingRun<Double>(self, settings, stored, budget, console).execute()
    }
  }
}
