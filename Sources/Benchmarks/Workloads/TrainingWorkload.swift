import FileFormats
import JSONText
import Networks
import Reporting
import Tensors

/// An epoch of a network with one hidden layer: 20 000 samples of 784 numbers, in a random order,
/// batches of 128, single precision.
struct TrainingWorkload: Workload {
  let optimizer: Optimizer

  private static let samples = 20_000
  private static let architecture = MLPArchitecture(inputs: 784, hidden: [256], outputs: 10)
  private static let batch = 128
  private static let peers = ["torch training", "jax training"]

  var name: String {
    "mlp/epoch-20000x784-h256-b128/\(optimizer == .momentum ? "sgd" : optimizer.rawValue)"
  }
  var pass: String? { "forward+backward+update" }
  var dtype: String? { "f32" }
  var shape: [Int] { [Self.samples, Self.architecture.inputs] }
  /// The products: one forward and one backward by the weights of both layers, and one backward to
  /// the hidden layer.
  var operations: Double? { 2 * Double(Self.samples) * Double(2 * 784 * 256 + 3 * 256 * 10) }
  var goals: [Goal] {
    [
      Goal(
        work: "epoch of a 784-256-10 network, \(optimizer == .momentum ? "SGD" : "Adam"), f32",
        target: .ratio(atLeast: 1.5, against: Self.peers))
    ]
  }

  private var options: TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = optimizer
    options.learningRate = optimizer == .momentum ? 0.1 : 1e-3
    options.batch = Self.batch
    return options
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let (network, samples) = try numerically { () throws(NumericalError) in
      (try MLP<Float>(Self.architecture, seed: 1), try Self.drawn())
    }
    let trainer = try numerically { () throws(NumericalError) in
      try Trainer(network, options, training: samples)
    }
    // Nothing is learnt of random labels but by heart; the first epoch is what can be compared.
    let first = try Self.loss(of: trainer)
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let agreement = try numerically { () throws(NumericalError) in
          try trainer.gradientCheck()
        }
        guard agreement.passes else { throw .wrong("the gradient is not that of reverse mode") }
        return Figures()
      }, call: { () throws(BenchError) in blackHole(try Self.loss(of: trainer)) })
    guard let peers = context.peers else { return Contest(ours: ours) }
    let inputs = try files(network, samples, in: context)
    var parameters: JSONObject = [:]
    parameters.append("optimizer", .string(optimizer == .momentum ? "sgd" : "adam"))
    parameters.append("batch", .integer(Self.batch))
    return Contest(
      ours: ours,
      peers: Self.peers.map { peer in
        peers.contestant(peer, inputs: inputs, parameters: parameters) {
          (answer) throws(BenchError) in
          let loss = answer["loss"]?.numberValue ?? .nan
          let error = abs(loss - first) / first
          guard error <= Self.limit else { throw .wrong("a loss of \(loss), ours is \(first)") }
          return Figures(relativeError: error)
        }
      })
  }

  /// Of the loss of an epoch: every step adds the rounding of its longest sum.
  private static var limit: Double {
    Double(samples / batch) * Double(architecture.inputs).squareRoot() * Double(Float.ulpOfOne)
  }

  private static func loss(of trainer: Trainer<Float>) throws(BenchError) -> Double {
    try numerically { () throws(NumericalError) in try trainer.runEpoch(clock: { 0 }).loss }
  }

  private static func drawn() throws(NumericalError) -> Samples<Float> {
    let inputs = RandomSource(seed: 2).normal(
      [samples, architecture.inputs], as: Float.self)
    let labels = RandomSource(seed: 3).uniform(
      [samples], to: Double(architecture.outputs), as: Double.self)
    return try Samples(inputs: inputs, targets: .labels(labels.elements.map { Int32($0) }))
  }

  /// The samples, the parameters and the order of the first epoch.
  private func files(
    _ network: MLP<Float>, _ samples: Samples<Float>, in context: BenchContext
  ) throws(BenchError) -> [String: String] {
    var order = [Int32](repeating: 0, count: samples.count)
    order.withUnsafeMutableBufferPointer {
      RandomSource(seed: options.seed, stream: .order, substream: 1).fillPermutation($0)
    }
    var labels: [Int32] = []
    if case .labels(let found) = samples.targets { labels = found }
    var tensors = [
      ("x", samples.inputs), ("y", Tensor([labels.count], labels.map { Float($0) })),
      ("order", Tensor([order.count], order.map { Float($0) })),
    ]
    for (name, parameter) in zip(["w0", "b0", "w1", "b1"], network.parameters) {
      tensors.append((name, parameter))
    }
    var inputs: [String: String] = [:]
    for (name, tensor) in tensors {
      inputs[name] = try context.files.write(StoredArray(tensor), to: "\(name).npy")
    }
    return inputs
  }
}
