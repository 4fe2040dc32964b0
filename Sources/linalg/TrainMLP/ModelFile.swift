import FileFormats
import JSONText
import Networks
import Tensors

/// A trained network as a file: safetensors with `layers.N.weight` and the like, and a JSON document
/// under the metadata key `mlp` that says what they are. A checkpoint has the optimiser's state too.
struct ModelFile {
  /// Where it was read from.
  let path: String
  let architecture: MLPArchitecture
  /// What its outputs are called; nil for a regression.
  let classes: ClassMap?
  /// What the features were called; nil when nothing said so.
  let features: [String]?
  let settings: [String: String]
  /// Tells the data that it was trained on from others.
  let digest: String
  private let tensors: [String: StoredArray]
  /// How far training had come; nil in a model.
  private let progress: JSONObject?

  private static let key = "mlp"
  private static let checkpointKey = "checkpoint"
  private static let means = "standardization.mean"
  private static let inverses = "standardization.inverse_deviation"

  // MARK: Reading

  init(_ path: String, budget: MemoryBudget) throws(Failure) {
    self = try Failure.naming(path) { () throws(FormatError) in
      try ModelFile(reading: path, budget: budget)
    }
  }

  private init(reading path: String, budget: MemoryBudget) throws(FormatError) {
    self.path = path
    let file = try LoadedFile.load(
      path, options: ReadOptions(format: .safetensors, budget: budget))
    guard case .archive(let arrays) = file.content, let text = file.metadata[Self.key] else {
      throw FormatError(
        .badData, "no model of train-mlp (expected safetensors with metadata '\(Self.key)')")
    }
    let document = try Self.object(text)
    func integer(_ name: String) throws(FormatError) -> Int {
      guard let value = document[name]?.integerValue else { throw Self.missing(name) }
      return value
    }
    guard let task = document["task"]?.stringValue.flatMap({ LearningTask(rawValue: $0) }),
      let activation = document["activation"]?.stringValue.flatMap({
        HiddenActivation(argument: $0)
      }), let hidden = document["hidden"]?.arrayValue, let digest = document["data"]?.stringValue,
      case .bool(let layerNorm)? = document["layer_norm"],
      let settings = document["settings"]?.objectValue
    else { throw Self.missing("task, activation, hidden, data, layer_norm or settings") }
    let units = hidden.compactMap(\.integerValue)
    let sizes = [try integer("inputs"), try integer("outputs")] + units
    guard units.count == hidden.count, sizes.allSatisfy({ (1...1 << 31).contains($0) }) else {
      throw Self.missing("sizes from 1 up")
    }
    architecture = MLPArchitecture(
      inputs: try integer("inputs"), hidden: units,
      outputs: try integer("outputs"), activation: activation.function, layerNorm: layerNorm,
      task: task)
    self.digest = digest
    features = document["features"]?.arrayValue?.compactMap(\.stringValue)
    let labels = document["classes"]?.arrayValue?.compactMap(\.stringValue)
    classes = labels.flatMap { ClassMap(labels: $0) }
    guard task == .regression || classes?.count == architecture.outputs else {
      throw Self.missing("classes")
    }
    self.settings = Dictionary(
      settings.members.compactMap { member in member.value.stringValue.map { (member.key, $0) } },
      uniquingKeysWith: { first, _ in first })
    tensors = Dictionary(
      arrays.map { ($0.name, $0.array) }, uniquingKeysWith: { first, _ in first })
    progress = try file.metadata[Self.checkpointKey].map { (text) throws(FormatError) in
      try Self.object(text)
    }
  }

  private static func object(_ text: String) throws(FormatError) -> JSONObject {
    let parsed: JSONValue
    do {
      parsed = try JSONValue.parse(text)
    } catch {
      throw FormatError(.badData, "the metadata is no JSON: \(error)")
    }
    guard let object = parsed.objectValue else { throw missing("an object") }
    return object
  }

  private static func missing(_ name: String) -> FormatError {
    FormatError(.badData, "the model's metadata lack \(name)")
  }

  /// What data must be like.
  var demands: ModelDemands {
    ModelDemands(inputs: architecture.inputs, classes: classes, outputs: architecture.outputs)
  }

  /// The network, some of its tensors replaced.
  func network<Element: Scalar>(
    replacing others: [String: Tensor<Element>] = [:]
  ) throws(FormatError) -> MLP<Element> {
    var parameters: [Tensor<Element>] = []
    for (name, _) in architecture.parameters {
      if let other = others[name] {
        parameters.append(other)
      } else {
        parameters.append(try tensor(name))
      }
    }
    do {
      return try MLP(architecture, parameters: parameters)
    } catch {
      throw Self.formatted(error)
    }
  }

  /// How features are brought to mean 0 and variance 1; nil where they are taken as they are.
  func standardization<Element: Scalar>() throws(FormatError) -> Standardization<Element>? {
    guard tensors[Self.means] != nil else { return nil }
    let (mean, inverse): (Tensor<Element>, Tensor<Element>) = (
      try tensor(Self.means), try tensor(Self.inverses)
    )
    do {
      return try Standardization(mean: mean, inverseDeviation: inverse)
    } catch {
      throw Self.formatted(error)
    }
  }

  /// The state to go on from.
  ///
  /// - Throws: `FormatError.badData` for a model, which has none.
  func state<Element: Scalar>(
    _ optimizer: Optimizer
  ) throws(FormatError) -> TrainingState<Element> {
    guard let progress, let epoch = progress["epoch"]?.integerValue,
      let step = progress["step"]?.integerValue, let wait = progress["wait"]?.integerValue
    else {
      throw FormatError(
        .badData, "a model, no checkpoint", hint: "--checkpoint FILE writes one while training")
    }
    var best: (epoch: Int, loss: Double)?
    if let stored = progress["best"]?.objectValue, let epoch = stored["epoch"]?.integerValue,
      let loss = stored["loss"]?.numberValue
    {
      best = (epoch, loss)
    }
    var all: [String: Tensor<Element>] = [:]
    for name in tensors.keys.sorted() { all[name] = try tensor(name) }
    do {
      return try TrainingState(
        architecture, optimizer: optimizer, epoch: epoch, step: step, best: best, wait: wait,
        tensors: all)
    } catch {
      throw Self.formatted(error)
    }
  }

  private func tensor<Element: Scalar>(_ name: String) throws(FormatError) -> Tensor<Element> {
    guard let array = tensors[name] else {
      throw FormatError(.badData, "there is no tensor '\(name)'")
    }
    let tensor = array.tensor(as: Element.self)
    guard tensor.firstNonFinite() == nil else {
      throw FormatError(.badData, "the tensor '\(name)' is not finite")
    }
    return tensor
  }

  private static func formatted(_ error: NumericalError) -> FormatError {
    switch error {
    case .shape(let text), .tooLarge(let text): FormatError(.badData, text)
    default: FormatError(.badData, "\(error)")
    }
  }

  // MARK: Writing

  /// What stands beside the parameters in every file of a run.
  struct Description<Element: Scalar> {
    let architecture: MLPArchitecture
    let classes: ClassMap?
    let features: [String]?
    let settings: TrainingSettings
    let digest: String
    let standardization: Standardization<Element>?

    fileprivate var json: String {
      func texts(_ list: [String]?) -> JSONValue {
        list.map { .array($0.map(JSONValue.string)) } ?? .null
      }
      let document: JSONObject = [
        "schema": .integer(1), "version": .string(RootCommand.version),
        "task": .string(architecture.task.rawValue), "inputs": .integer(architecture.inputs),
        "hidden": .array(architecture.hidden.map(JSONValue.integer)),
        "outputs": .integer(architecture.outputs),
        "activation": .string(architecture.activation.rawValue),
        "layer_norm": .bool(architecture.layerNorm), "classes": texts(classes?.labels),
        "features": texts(features), "data": .string(digest), "settings": settings.json,
      ]
      return JSONValue.object(document).text()
    }

    fileprivate var tensors: [NamedArray] {
      guard let standardization else { return [] }
      return [
        NamedArray(ModelFile.means, StoredArray(standardization.mean)),
        NamedArray(ModelFile.inverses, StoredArray(standardization.inverseDeviation)),
      ]
    }
  }

  /// A model.
  static func output<Element: Scalar>(
    _ path: String, _ network: MLP<Element>, _ description: Description<Element>
  ) throws(Failure) -> OutputFile {
    let parameters = zip(network.architecture.parameters, network.parameters).map {
      NamedArray($0.name, StoredArray($1))
    }
    return try output(path, parameters + description.tensors, [key: description.json])
  }

  /// A checkpoint.
  static func output<Element: Scalar>(
    _ path: String, _ state: TrainingState<Element>, _ description: Description<Element>
  ) throws(Failure) -> OutputFile {
    var progress: JSONObject = [
      "epoch": .integer(state.epoch), "step": .integer(state.step), "wait": .integer(state.wait),
    ]
    if let best = state.best {
      progress.append(
        "best", .object(["epoch": .integer(best.epoch), "loss": .number(best.loss)]))
    }
    let tensors = state.tensors(description.architecture).map {
      NamedArray($0.name, StoredArray($0.tensor))
    }
    return try output(
      path, tensors + description.tensors,
      [key: description.json, checkpointKey: JSONValue.object(progress).text()])
  }

  private static func output(
    _ path: String, _ tensors: [NamedArray], _ metadata: [String: String]
  ) throws(Failure) -> OutputFile {
    try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
      OutputFile(
        path, try SafetensorsFile(tensors: tensors, metadata: metadata).encode(), isBinary: true)
    }
  }
}
