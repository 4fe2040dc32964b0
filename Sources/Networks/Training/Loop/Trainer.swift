public import Tensors

/// Trains a multilayer perceptron by gradients that are derived by hand, batch by batch, in memory that
/// is taken once.
///
/// The same seed and number of threads give the same bits; so does a run that was resumed from the
/// state after any epoch. The samples are not copied: the rows of a batch are gathered. Not for two
/// threads at once.
public final class Trainer<Element: Scalar> {
  public let architecture: MLPArchitecture
  public let options: TrainingOptions
  /// B: `options.batch`, or N where that is less.
  public let batch: Int
  /// The steps of an epoch: N/B, rounded up.
  public let stepsPerEpoch: Int
  /// After the last epoch that ended well.
  public internal(set) var state: TrainingState<Element>

  let training: Samples<Element>
  let validation: Samples<Element>?
  let pass: NetworkPass<Element>
  let memory: ParameterMemory<Element>
  let order: AlignedMemory<Int32>
  let dropout: DropoutMask?
  let budget: MemoryBudget
  private let reserved: Int

  /// Training from the start.
  ///
  /// - Parameters:
  ///   - network: what it begins with.
  ///   - budget: is asked for all that this takes until it is gone.
  /// - Throws: `NumericalError.shape` for samples that do not fit the network and for options out of
  ///   their range, `.memory`, `.tooLarge`.
  public convenience init(
    _ network: MLP<Element>, _ options: TrainingOptions, training: Samples<Element>,
    validation: Samples<Element>? = nil, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) {
    let kept = ParameterMemory<Element>.byteCounts(network.architecture, options.optimizer)
    try budget.check(kept.memory + kept.state, for: "training the network")
    let names = network.architecture.parameters
    let state = TrainingState(
      epoch: 0, step: 0, parameters: network.parameters,
      moments: options.optimizer.moments.flatMap { moment in
        names.map { .init("optimizer.\(moment).\($0.name)", .zeros($0.shape)) }
      }, best: nil, wait: 0)
    try self.init(
      resuming: state, network.architecture, options, training: training, validation: validation,
      budget: budget)
  }

  /// Training from the state after an epoch; options and samples have to be those of before.
  ///
  /// - Throws: as the other one.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public init(
    resuming state: TrainingState<Element>, _ architecture: MLPArchitecture,
    _ options: TrainingOptions, training: Samples<Element>, validation: Samples<Element>? = nil,
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) {
    try architecture.check()
    try options.check()
    try training.check(architecture)
    if let validation { try validation.check(architecture) }
    let shapes = architecture.parameters.map(\.shape)
    guard state.parameters.map(\.shape) == shapes,
      state.moments.map(\.tensor.shape) == options.optimizer.moments.flatMap({ _ in shapes }),
      state.best.map({ $0.parameters.map(\.shape) == shapes }) ?? true
    else { throw .shape("a state of another network or another optimiser") }
    batch = min(options.batch, training.count)
    stepsPerEpoch = (training.count + batch - 1) / batch
    (self.architecture, self.options, self.state) = (architecture, options, state)
    (self.training, self.validation, self.budget) = (training, validation, budget)
    dropout = options.dropout > 0 ? DropoutMask(share: options.dropout, seed: options.seed) : nil
    let threads = NetworkPass<Element>.threads(for: architecture, rows: batch)
    let kept = ParameterMemory<Element>.byteCounts(architecture, options.optimizer)
    let bytes =
      kept.memory + kept.state + training.count * MemoryLayout<Int32>.stride
      + NetworkBuffers<Element>.byteCount(
        architecture, rows: batch, threads: threads, hasDropout: dropout != nil, learns: true)
    try budget.reserve(bytes, for: "training the network")
    reserved = bytes
    pass = NetworkPass(
      architecture, rows: batch, threads: threads, hasDropout: dropout != nil, learns: true)
    memory = ParameterMemory(architecture, options.optimizer)
    order = AlignedMemory(training.count)
    memory.store(state)
  }

  deinit { budget.release(reserved) }

  /// The network after the last epoch.
  public var network: MLP<Element> { Self.network(architecture, state.parameters) }

  /// The network after the epoch of the smallest validation loss; nil without a patience.
  public var bestNetwork: MLP<Element>? {
    state.best.map { Self.network(architecture, $0.parameters) }
  }

  /// Whether the validation loss has not become smaller for as many epochs as the patience allows.
  public var shouldStop: Bool { options.patience.map { state.wait >= $0 } ?? false }

  private static func network(
    _ architecture: MLPArchitecture, _ parameters: [Tensor<Element>]
  ) -> MLP<Element> {
    do {
      return try MLP(architecture, parameters: parameters)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The learning rate of a step, from 1.
  func learningRate(step: Int) -> Double {
    let warmUp = (options.warmUp * Double(stepsPerEpoch)).rounded()
    return options.learningRate
      * options.schedule.factor(
        step: step, warmUp: Int(min(warmUp, 0x1p60)), total: stepsPerEpoch * options.epochs)
  }
}
