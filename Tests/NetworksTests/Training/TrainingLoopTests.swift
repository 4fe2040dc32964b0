import Networks
import RealModule
import TestSupport
import Tensors
import Testing

/// Whole runs: the same bits again, after resuming, and when they diverge.
@Suite struct TrainingLoopTests {
  private static func options(_ change: (inout TrainingOptions) -> Void) -> TrainingOptions {
    var options = TrainingOptions()
    options.batch = 16
    options.epochs = 4
    change(&options)
    return options
  }

  static let kinds: [TrainingOptions] = [
    options {
      $0.optimizer = .sgd; $0.learningRate = 0.05; $0.clip = 0.3
    },
    options {
      $0.optimizer = .momentum; $0.learningRate = 0.02; $0.dropout = 0.2
    },
    options {
      $0.optimizer = .adam; $0.schedule = .cosine; $0.warmUp = 1.5; $0.patience = 2
    },
    options {
      $0.optimizer = .adamw; $0.weightDecay = 0.01; $0.dropout = 0.1; $0.clip = 1
    },
  ]

  private func run<Element: Scalar>(
    _ trainer: Trainer<Element>, epochs: Int
  ) throws -> [EpochFigures] {
    try (0..<epochs).map { _ in try trainer.runEpoch(clock: noClock) }
  }

  private func expectSameBits<Element: Scalar>(
    _ options: TrainingOptions, as type: Element.Type
  ) throws {
    let one = try TrainingCase<Element>(
      MLPArchitecture(inputs: 9, hidden: [33, 70], outputs: 4, activation: .gelu, layerNorm: true),
      samples: 75, seed: 3)
    func trainer() throws -> Trainer<Element> {
      try Trainer(one.network, options, training: one.samples, validation: one.samples)
    }
    let (first, second, whole) = (try trainer(), try trainer(), try trainer())
    let figures = try run(first, epochs: 4)
    #expect(try run(second, epochs: 4) == figures)
    #expect(second.state == first.state)
    _ = try run(whole, epochs: 2)
    let state = whole.state
    let named = Dictionary(
      uniqueKeysWithValues: state.tensors(one.architecture).map { ($0.name, $0.tensor) })
    let read = try TrainingState<Element>(
      one.architecture, optimizer: options.optimizer, epoch: state.epoch, step: state.step,
      best: state.best.map { ($0.epoch, $0.loss) }, wait: state.wait, tensors: named)
    #expect(read == state)
    let resumed = try Trainer(
      resuming: read, one.architecture, options, training: one.samples, validation: one.samples)
    #expect(try run(resumed, epochs: 2) == Array(figures[2...]))
    #expect(resumed.state == first.state)
  }

  @Test(arguments: kinds.indices)
  func sameBits(kind: Int) throws {
    try expectSameBits(Self.kinds[kind], as: Float.self)
    try expectSameBits(Self.kinds[kind], as: Double.self)
  }

  @Test("another seed trains in another order")
  func seeds() throws {
    let one = try TrainingCase<Double>(
      MLPArchitecture(inputs: 4, hidden: [5], outputs: 2), samples: 40, seed: 1)
    let losses = try [UInt64(0), 1].map { seed in
      let options = Self.options { $0.seed = seed }
      return try Trainer(one.network, options, training: one.samples).runEpoch(clock: noClock).loss
    }
    #expect(losses[0] != losses[1])
  }

  @Test("without samples for validation nothing is said of them; a batch is at most all samples")
  func smallData() throws {
    let one = try TrainingCase<Float>(
      MLPArchitecture(inputs: 3, hidden: [], outputs: 2, task: .regression), samples: 5, seed: 1)
    let trainer = try Trainer(
      one.network, Self.options { $0.patience = 1 }, training: one.samples)
    #expect(trainer.batch == 5 && trainer.stepsPerEpoch == 1)
    var done: [Int] = []
    let figures = try trainer.runEpoch(clock: noClock) { done.append($0) }
    #expect(done == [5])
    #expect(figures.validation == nil && figures.accuracy == nil && figures.epoch == 1)
    #expect(!trainer.shouldStop && trainer.bestNetwork == nil)
  }

  @Test("a run that diverges says where and keeps the last good state")
  func divergence() throws {
    let one = try TrainingCase<Float>(
      MLPArchitecture(inputs: 4, hidden: [8], outputs: 2, task: .regression), samples: 64, seed: 1)
    let options = Self.options {
      $0.optimizer = .sgd; $0.learningRate = 0.01
    }
    let trainer = try Trainer(one.network, options, training: one.samples)
    _ = try trainer.runEpoch(clock: noClock)
    let good = trainer.state
    let wild = Self.options {
      $0.optimizer = .sgd; $0.learningRate = 1e12
    }
    let other = try Trainer(
      resuming: good, one.architecture, wild, training: one.samples)
    #expect(throws: NumericalError.diverged("the loss is not finite in epoch 2, step 2 of 4")) {
      try other.runEpoch(clock: noClock)
    }
    #expect(other.state == good)
    #expect(other.network.parameters == good.parameters)
  }

  @Test("the validation loss that grows ends training, the best network is kept")
  func patience() throws {
    let one = try TrainingCase<Double>(
      MLPArchitecture(inputs: 6, hidden: [64], outputs: 2), samples: 30, seed: 2)
    let other = try TrainingCase<Double>(one.architecture, samples: 30, seed: 9)
    let options = Self.options {
      $0.learningRate = 0.03; $0.patience = 3; $0.epochs = 60
    }
    let trainer = try Trainer(
      one.network, options, training: one.samples, validation: other.samples)
    var losses: [Double] = []
    while !trainer.shouldStop, losses.count < 60 {
      losses.append(try #require(try trainer.runEpoch(clock: noClock).validation).loss)
    }
    #expect(trainer.shouldStop && losses.count < 60)
    let best = try #require(trainer.state.best)
    #expect(best.loss == losses.min() && losses.count == best.epoch + 3)
    let network = try #require(trainer.bestNetwork)
    let again = try network.evaluation(on: other.samples)
    #expect(abs(again.loss - best.loss) <= 64 * Double.ulpOfOne * best.loss)
  }

  @Test("two spirals are learnt")
  func spirals() throws {
    var generator = SeededGenerator(seed: 4)
    var (inputs, labels): ([Float], [Int32]) = ([], [])
    for index in 0..<600 {
      let angle = 0.5 + 3 * Double.pi * Double.random(in: 0..<1, using: &generator)
      let arm = Double(index % 2)
      let turn = angle + arm * .pi
      inputs.append(Float(angle / 5 * Double.cos(turn) + 0.02 * generator.normal()))
      inputs.append(Float(angle / 5 * Double.sin(turn) + 0.02 * generator.normal()))
      labels.append(Int32(index % 2))
    }
    let samples = try Samples(inputs: Tensor([600, 2], inputs), targets: .labels(labels))
    let architecture = MLPArchitecture(inputs: 2, hidden: [64, 64], outputs: 2)
    let options = Self.options {
      $0.learningRate = 5e-3; $0.batch = 32; $0.schedule = .cosine
      $0.epochs = 60
    }
    let trainer = try Trainer(
      try MLP(architecture, seed: 0), options, training: samples, validation: samples)
    let figures = try run(trainer, epochs: 60)
    let accuracy = try #require(figures.last?.validation?.accuracy)
    #expect(accuracy >= 0.99)
    let classes = try trainer.network.classes(samples.inputs)
    let right = zip(classes, labels).count { $0 == $1 }
    #expect(Double(right) / 600 == accuracy)
  }
}
