import Tensors

/// The steps of one epoch.
final class EpochRun<Element: Scalar> {
  /// What a step consists of.
  private enum Phase {
    case pass(NetworkPass<Element>.Phase)
    /// The gradient's norm, block by block; only where it is clipped.
    case measure
    case update
    /// Sums for the figures.
    case tally
  }

  private let trainer: Trainer<Element>
  private let phases: [Phase]
  private(set) var loss = 0.0
  private(set) var correct = 0
  /// The sum of the steps' gradient norms.
  private(set) var norms = 0.0
  /// The step, from 1, whose loss was not finite.
  private(set) var divergedAt: Int?

  /// The steps between two reports of progress: the threads wait awake between all of them.
  private static var stride: Int { 16 }

  init(_ trainer: Trainer<Element>) {
    self.trainer = trainer
    phases =
      trainer.pass.phases.map { .pass($0) } + (trainer.options.clip == nil ? [] : [.measure])
      + [.update, .tally]
  }

  func steps(_ samples: NetworkBatch<Element>, _ progress: (Int) -> Void) {
    let (pass, count, rows) = (trainer.pass, trainer.training.count, trainer.batch)
    let places = samples.places
    for first in Swift.stride(from: 0, to: trainer.stepsPerEpoch, by: Self.stride) {
      let steps = min(Self.stride, trainer.stepsPerEpoch - first)
      pass.withThreads(steps * phases.count) { index, thread in
        let step = first + index / phases.count
        var batch = samples
        batch.rows = min(rows, count - step * rows)
        batch.places = places.map { $0 + step * rows }
        batch.step = trainer.state.step + step + 1
        perform(phases[index % phases.count], thread, batch)
      }
      guard divergedAt == nil else { return }
      progress(min(count, (first + steps) * rows))
    }
  }

  private func perform(_ phase: Phase, _ thread: Int, _ batch: NetworkBatch<Element>) {
    if case .tally = phase {
      if thread == 0, divergedAt == nil { tally(batch) }
      return
    }
    guard divergedAt == nil else { return }
    let memory = trainer.memory
    switch phase {
    case .pass(let phase):
      trainer.pass.perform(
        phase, thread: thread, batch, parameters: memory.parameters, gradient: memory.gradient,
        dropout: trainer.dropout)
    case .measure: for block in blocks(thread) { memory.measure(block) }
    case .update: update(thread, batch)
    case .tally: break
    }
  }

  private func blocks(_ thread: Int) -> Range<Int> {
    let (count, threads) = (trainer.memory.blocks.count, trainer.pass.threads)
    return count * thread / threads..<count * (thread + 1) / threads
  }

  private func update(_ thread: Int, _ batch: NetworkBatch<Element>) {
    // Nothing learns from a loss that is not finite.
    guard trainer.pass.tally.loss.isFinite else { return }
    let (memory, options) = (trainer.memory, trainer.options)
    let step = OptimizerStep<Element>(
      options, step: batch.step, rate: trainer.learningRate(step: batch.step))
    var factor: Element = 1
    if let clip = options.clip {
      let norm = memory.gradientNorm
      if norm > clip { factor = Element(clip / norm) }
    }
    for place in blocks(thread) {
      let block = memory.blocks[place]
      let gradient = memory.gradient + block.offset
      if options.clip == nil { memory.measure(place) }
      if factor != 1 {
        Element.vectorMultiply(block.count, gradient, by: factor, into: gradient, streams: false)
      }
      step.update(
        block.count, decays: block.decays, gradient: gradient,
        moments: (
          memory.moments.0.map { $0 + block.offset }, memory.moments.1.map { $0 + block.offset }
        ), parameters: memory.parameters + block.offset)
    }
  }

  private func tally(_ batch: NetworkBatch<Element>) {
    let tally = trainer.pass.tally
    guard tally.loss.isFinite else {
      divergedAt = batch.step - trainer.state.step
      return
    }
    loss += tally.loss
    correct += tally.correct
    norms += trainer.memory.gradientNorm
  }
}
