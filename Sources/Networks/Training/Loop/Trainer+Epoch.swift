public import Tensors

extension Trainer {
  /// One pass over the training samples in an order drawn for this epoch, then one over those for
  /// validation.
  ///
  /// - Parameters:
  ///   - clock: seconds since any moment.
  ///   - progress: told the samples that are done, several times in an epoch.
  /// - Throws: `NumericalError.diverged` when the loss of a batch or of validation is not finite; the
  ///   trainer then is back at the state after the last epoch.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func runEpoch(
    clock: () -> Double, progress: (_ samples: Int) -> Void = { _ in }
  ) throws(NumericalError) -> EpochFigures {
    let begin = clock()
    let epoch = state.epoch + 1
    RandomSource(seed: options.seed, stream: .order, substream: UInt32(truncatingIfNeeded: epoch))
      .fillPermutation(UnsafeMutableBufferPointer(start: order.elements, count: training.count))
    let run = EpochRun(self)
    try training.withBatch { (samples) throws(NumericalError) in
      var samples = samples
      samples.places = UnsafePointer(order.elements)
      pass.alone { run.steps(samples, progress) }
    }
    guard run.divergedAt == nil else {
      memory.store(state)
      throw .diverged(
        "the loss is not finite in epoch \(epoch), step \(run.divergedAt ?? 0) of \(stepsPerEpoch)")
    }
    let seconds = clock() - begin
    // The last step's parameters meet no loss any more.
    let parameters = memory.parameterTensors
    guard parameters.allSatisfy({ $0.firstNonFinite() == nil }) else {
      memory.store(state)
      throw .diverged("the parameters are not finite after epoch \(epoch)")
    }
    let count = Double(training.count)
    let figures = EpochFigures(
      epoch: epoch, loss: run.loss / count,
      accuracy: architecture.task == .classification ? Double(run.correct) / count : nil,
      validation: try validated(epoch),
      learningRate: learningRate(step: state.step + stepsPerEpoch),
      gradientNorm: run.norms / Double(stepsPerEpoch), seconds: seconds)
    conclude(figures, parameters)
    return figures
  }

  private func validated(_ epoch: Int) throws(NumericalError) -> Evaluation? {
    guard let validation else { return nil }
    let evaluation = try NetworkEvaluator(pass: pass, rows: batch)
      .evaluation(validation, parameters: memory.parameters)
    guard evaluation.loss.isFinite else {
      memory.store(state)
      throw .diverged("the validation loss is not finite after epoch \(epoch)")
    }
    return evaluation
  }

  /// Keeps the state after an epoch.
  private func conclude(_ figures: EpochFigures, _ parameters: [Tensor<Element>]) {
    var (best, wait) = (state.best, state.wait)
    if options.patience != nil, let loss = figures.validation?.loss {
      if best.map({ loss < $0.loss }) ?? true {
        best = .init(epoch: figures.epoch, loss: loss, parameters: parameters)
        wait = 0
      } else {
        wait += 1
      }
    }
    state = TrainingState(
      epoch: figures.epoch, step: state.step + stepsPerEpoch, parameters: parameters,
      moments: memory.momentTensors, best: best, wait: wait)
  }
}
