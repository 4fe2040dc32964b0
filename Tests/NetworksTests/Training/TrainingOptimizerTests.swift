import Gradients
@testable import Networks
import RealModule
import Tensors
import Testing

/// The optimisers against a reference that is written to be read, over whole runs.
@Suite struct TrainingOptimizerTests {
  /// Steps of `options` on whole-batch gradients by reverse mode.
  private func reference(
    _ one: TrainingCase<Double>, _ options: TrainingOptions, steps: Int
  ) throws -> [Tensor<Double>] {
    let loss = MLPLoss(one.architecture, one.samples, nil, step: 0)
    var w = one.network.parameters
    let zeros = w.map { Tensor<Double>.zeros($0.shape) }
    var (m, v) = (zeros, zeros)
    for t in 1...steps {
      var g = try loss.valueAndGradient(at: w).gradient
      let norm = g.reduce(0.0) { .hypot($0, $1.frobeniusNorm()) }
      if let clip = options.clip, norm > clip { g = g.map { $0 * (clip / norm) } }
      let rate =
        options.learningRate
        * options.schedule.factor(
          step: t, warmUp: Int(options.warmUp), total: options.epochs)
      for p in w.indices {
        let decay = w[p].shape.rank == 2 ? options.weightDecay : 0
        if options.optimizer != .adamw { g[p] = g[p] + w[p] * decay }
        switch options.optimizer {
        case .sgd: w[p] = w[p] - g[p] * rate
        case .momentum:
          m[p] = m[p] * options.momentum + g[p]
          w[p] = w[p] - m[p] * rate
        case .adam, .adamw:
          if options.optimizer == .adamw { w[p] = w[p] * (1 - rate * decay) }
          let (b1, b2) = options.betas
          m[p] = m[p] * b1 + g[p] * (1 - b1)
          v[p] = v[p] * b2 + g[p] * g[p] * (1 - b2)
          let mean = m[p] * (1 / (1 - Double.pow(b1, t)))
          let square = v[p] * (1 / (1 - Double.pow(b2, t)))
          w[p] = w[p] - mean / (square.mapped { $0.squareRoot() } + options.epsilon) * rate
        }
      }
    }
    return w
  }

  @Test(arguments: Optimizer.allCases)
  func followsTheReference(optimizer: Optimizer) throws {
    let one = try TrainingCase<Double>(
      MLPArchitecture(inputs: 5, hidden: [7], outputs: 3, activation: .tanh), samples: 12, seed: 6)
    for (decay, clip, schedule) in [
      (0.0, nil, LearningRateSchedule.constant), (0.1, 0.2, .cosine), (0.1, 100, .constant),
    ] as [(Double, Double?, LearningRateSchedule)] {
      var options = TrainingOptions()
      (options.optimizer, options.batch, options.epochs) = (optimizer, 12, 6)
      (options.weightDecay, options.clip, options.schedule) = (decay, clip, schedule)
      (options.learningRate, options.warmUp) = (0.05, 2)
      let trainer = try Trainer(one.network, options, training: one.samples)
      for _ in 0..<6 { _ = try trainer.runEpoch(clock: noClock) }
      let expected = try reference(one, options, steps: 6)
      for (found, wanted) in zip(trainer.network.parameters, expected) {
        // Six steps, each with the rounding of sums of 12 terms; Adam divides by small numbers.
        let limit = 6 * 12 * 64 * Double.ulpOfOne * (1 + wanted.frobeniusNorm())
        #expect((found - wanted).frobeniusNorm() <= limit, "\(optimizer) \(decay)")
      }
    }
  }

  @Test func schedules() {
    let constant = LearningRateSchedule.constant
    #expect((1...4).map { constant.factor(step: $0, warmUp: 2, total: 4) } == [0.5, 1, 1, 1])
    let cosine = LearningRateSchedule.cosine
    #expect(cosine.factor(step: 1, warmUp: 4, total: 12) == 0.25)
    #expect(cosine.factor(step: 5, warmUp: 4, total: 12) == 1)
    #expect(abs(cosine.factor(step: 9, warmUp: 4, total: 12) - 0.5) <= Double.ulpOfOne)
    #expect(cosine.factor(step: 12, warmUp: 4, total: 12) > 0)
    #expect(cosine.factor(step: 99, warmUp: 4, total: 12) <= Double.ulpOfOne)
  }
}
