public import ArgumentParser
import FileFormats
import JSONText
public import Networks
import Tensors

/// What the network is made of.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Units of the hidden layers, or none for a linear model (default 128).", valueName: "a,b"))
  var hidden: HiddenList?

  @Option(help: ArgumentHelp("relu (default), gelu or tanh.", valueName: "name"))
  var activation: HiddenActivation?

  @Flag(name: .customLong("layer-norm"), help: "Normalise the sums of hidden layers.")
  var layerNorm = false

  @Option(help: ArgumentHelp("The share of hidden units set to 0 (default 0).", valueName: "p"))
  var dropout: ShareBelowOne?

  @Option(name: .customLong("init"), help: "What weights begin with (default kaiming).")
  var initialization: Initialization?
}

/// How it is trained.
struct LearningOptions: ParsableArguments {
  @Option(help: "The method (default adam).")
  var optimizer: Optimizer?

  @Option(help: ArgumentHelp("The learning rate (default 1e-3).", valueName: "x"))
  var lr: PositiveNumber?

  @Option(help: ArgumentHelp("Samples of a step (default 32).", valueName: "n"))
  var batch: PositiveInteger?

  @Option(help: ArgumentHelp("Passes over the data (default 20).", valueName: "n"))
  var epochs: PositiveInteger?

  @Option(help: ArgumentHelp("Of the method momentum (default 0.9).", valueName: "x"))
  var momentum: ShareBelowOne?

  @Option(
    name: .customLong("weight-decay"),
    help: ArgumentHelp("Draw weights towards 0, not biases (default 0).", valueName: "x"))
  var weightDecay: NonNegativeNumber?

  @Option(help: "How the learning rate goes (default constant).")
  var schedule: LearningRateSchedule?

  @Option(
    name: .customLong("warm-up"),
    help: ArgumentHelp("Epochs in which the rate grows from 0 (default 0).", valueName: "n"))
  var warmUp: NonNegativeNumber?

  @Option(help: ArgumentHelp("The largest norm of a gradient (default none).", valueName: "x"))
  var clip: PositiveNumber?

  @Option(
    help: ArgumentHelp(
      "Stop after so many epochs without a smaller validation loss (default never).",
      valueName: "n"))
  var patience: PositiveInteger?

  @Option(help: ArgumentHelp("The share kept for validation (default 0).", valueName: "x"))
  var validation: ShareBelowOne?

  @Flag(
    name: .customLong("no-standardize"), help: "Take the features as they are.")
  var takesFeaturesAsTheyAre = false
}

/// Units of hidden layers: `128,64`, or `none`.
struct HiddenList: LimitedValue {
  static let expectation = "whole numbers from 1 up, separated by commas, or none"
  let units: [Int]

  init?(argument: String) {
    if argument == "none" {
      units = []
      return
    }
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    units = words.compactMap { PositiveInteger(argument: String($0))?.value }
    guard units.count == words.count else { return nil }
  }
}

/// The functions that hidden layers may have.
struct HiddenActivation: LimitedValue {
  static let expectation = "relu, gelu or tanh"
  let function: Activation

  init?(argument: String) {
    guard ["relu", "gelu", "tanh"].contains(argument), let found = Activation(rawValue: argument)
    else { return nil }
    function = found
  }
}

/// A share from 0 up to below 1.
struct ShareBelowOne: LimitedValue {
  static let expectation = "a share from 0 up to below 1"
  let value: Double

  init?(argument: String) {
    guard let value = Double(argument), value >= 0, value < 1 else { return nil }
    self.value = value
  }
}

extension Initialization: ExpressibleByArgument {}
extension Optimizer: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}

/// How a network is made and trained, as texts under the options' names: what was typed, what a
/// checkpoint has stored, or the default.
struct TrainingSettings {
  enum Name: String, CaseIterable {
    case hidden, activation, dropout, optimizer, lr, batch, epochs, momentum, schedule, clip
    case patience, validation, seed, dtype
    case initialization = "init"
    case layerNorm = "layer-norm"
    case weightDecay = "weight-decay"
    case warmUp = "warm-up"
    case standardize

    fileprivate var standard: String {
      switch self {
      case .hidden: "128"
      case .activation: "relu"
      case .optimizer: "adam"
      case .lr: "0.001"
      case .batch: "32"
      case .epochs: "20"
      case .momentum: "0.9"
      case .schedule: "constant"
      case .clip, .patience: "none"
      case .dropout, .weightDecay, .warmUp, .validation: "0.0"
      case .seed: "0"
      case .dtype: "f32"
      case .initialization: "kaiming"
      case .layerNorm: "no"
      case .standardize: "yes"
      }
    }

    /// Whether a text is what the option may say.
    fileprivate func admits(_ text: String) -> Bool {
      switch self {
      case .hidden: HiddenList(argument: text) != nil
      case .activation: HiddenActivation(argument: text) != nil
      case .dropout, .momentum, .validation: ShareBelowOne(argument: text) != nil
      case .optimizer: Optimizer(rawValue: text) != nil
      case .lr: PositiveNumber(argument: text) != nil
      case .batch: PositiveInteger(argument: text) != nil
      case .epochs: PositiveInteger(argument: text).map { $0.value <= 1 << 31 } ?? false
      case .schedule: LearningRateSchedule(rawValue: text) != nil
      case .clip: text == "none" || PositiveNumber(argument: text) != nil
      case .patience: text == "none" || PositiveInteger(argument: text) != nil
      case .seed: NaturalNumber(argument: text) != nil
      case .dtype: Precision(rawValue: text) != nil
      case .initialization: Initialization(rawValue: text) != nil
      case .layerNorm, .standardize: ["yes", "no"].contains(text)
      case .weightDecay, .warmUp: NonNegativeNumber(argument: text) != nil
      }
    }

    /// The option as it is typed.
    fileprivate func words(_ text: String) -> String {
      switch (self, text) {
      case (.layerNorm, "yes"): "--layer-norm"
      case (.layerNorm, _): "no --layer-norm"
      case (.standardize, "no"): "--no-standardize"
      case (.standardize, _): "no --no-standardize"
      default: "--\(rawValue) \(text)"
      }
    }
  }

  /// A text for every name.
  let texts: [Name: String]

  /// What the command line says.
  static func given(_ command: TrainMLPCommand) -> [Name: String] {
    let (network, learning) = (command.network, command.learning)
    let numbers: [(Name, Double?)] = [
      (.dropout, network.dropout?.value), (.lr, learning.lr?.value),
      (.momentum, learning.momentum?.value), (.weightDecay, learning.weightDecay?.value),
      (.warmUp, learning.warmUp?.value), (.clip, learning.clip?.value),
      (.validation, learning.validation?.value),
    ]
    let integers: [(Name, Int?)] = [
      (.batch, learning.batch?.value), (.epochs, learning.epochs?.value),
      (.patience, learning.patience?.value), (.seed, command.arithmetic.seed?.value),
    ]
    let words: [(Name, String?)] = [
      (.hidden, network.hidden.map { text($0.units) }),
      (.activation, network.activation?.function.rawValue),
      (.layerNorm, network.layerNorm ? "yes" : nil),
      (.initialization, network.initialization?.rawValue),
      (.optimizer, learning.optimizer?.rawValue), (.schedule, learning.schedule?.rawValue),
      (.standardize, learning.takesFeaturesAsTheyAre ? "no" : nil),
      (.dtype, command.arithmetic.dtype?.rawValue),
    ]
    let all =
      numbers.map { ($0, $1.map { "\($0)" }) } + integers.map { ($0, $1.map { "\($0)" }) } + words
    return Dictionary(
      uniqueKeysWithValues: all.compactMap { name, text in text.map { (name, $0) } })
  }

  private static func text(_ units: [Int]) -> String {
    units.isEmpty ? "none" : units.map(String.init).joined(separator: ",")
  }

  /// - Parameter stored: the file to go on from, or to judge, whose settings hold.
  /// - Throws: `Failure.file` of status 65 for an option that says something else than the file.
  init(_ command: TrainMLPCommand, stored: ModelFile?) throws(Failure) {
    let given = Self.given(command)
    var texts: [Name: String] = [:]
    for name in Name.allCases {
      guard let stored else {
        texts[name] = given[name] ?? name.standard
        continue
      }
      let kept = stored.settings[name.rawValue] ?? name.standard
      guard name.admits(kept) else {
        throw .file(
          stored.path, FormatError(.badData, "its setting '\(name.rawValue)' is '\(kept)'"))
      }
      texts[name] = kept
      guard let wanted = given[name], wanted != kept else { continue }
      // A model is judged in its own precision; a run may become longer where the rate knows no end.
      let isLonger = name == .epochs && (Int(wanted) ?? 0) >= (Int(kept) ?? 0)
      guard isLonger, stored.settings[Name.schedule.rawValue] == "constant" else {
        throw .file(
          stored.path,
          FormatError(
            .badData,
            "it was trained with \(name.words(kept)) (found \(name.words(wanted)))"))
      }
      texts[name] = wanted
    }
    self.texts = texts
  }

  var precision: Precision { texts[.dtype] == "f64" ? .f64 : .f32 }
  var standardizes: Bool { texts[.standardize] == "yes" }
  var layerNorm: Bool { texts[.layerNorm] == "yes" }
  var validation: Double { number(.validation) }
  var initialization: Initialization {
    texts[.initialization].flatMap { Initialization(rawValue: $0) } ?? .kaiming
  }
  var hidden: [Int] { texts[.hidden].flatMap { HiddenList(argument: $0) }?.units ?? [] }
  var activation: Activation {
    texts[.activation].flatMap { HiddenActivation(argument: $0) }?.function ?? .relu
  }

  /// For the engine.
  var options: TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = texts[.optimizer].flatMap { Optimizer(rawValue: $0) } ?? .adam
    options.learningRate = number(.lr)
    options.batch = integer(.batch)
    options.epochs = integer(.epochs)
    options.momentum = number(.momentum)
    options.weightDecay = number(.weightDecay)
    options.dropout = number(.dropout)
    options.schedule =
      texts[.schedule].flatMap { LearningRateSchedule(rawValue: $0) } ?? .constant
    options.warmUp = number(.warmUp)
    options.clip = texts[.clip].flatMap { Double($0) }
    options.patience = texts[.patience].flatMap { Int($0) }
    options.seed = texts[.seed].flatMap { UInt64($0) } ?? 0
    return options
  }

  /// For a file.
  var json: JSONValue {
    var object = JSONObject()
    for name in Name.allCases { object.append(name.rawValue, .string(texts[name] ?? "")) }
    return .object(object)
  }

  private func number(_ name: Name) -> Double { texts[name].flatMap { Double($0) } ?? 0 }
  private func integer(_ name: Name) -> Int { texts[name].flatMap { Int($0) } ?? 0 }
}
