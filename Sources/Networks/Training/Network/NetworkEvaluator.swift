import Tensors

/// Forward passes over samples, a batch at a time.
struct NetworkEvaluator<Element: Scalar> {
  let pass: NetworkPass<Element>
  /// The most rows of a batch.
  let rows: Int

  /// Calls `body` with what the outputs phase leaves of each batch in turn: [rows, C].
  ///
  /// - Returns: the sums over all samples.
  func run(
    _ samples: NetworkBatch<Element>, count: Int, parameters: UnsafePointer<Element>,
    _ body: (_ first: Int, _ rows: Int, _ outputs: UnsafePointer<Element>) -> Void
  ) -> NetworkPass<Element>.Tally {
    let phases = pass.forwardPhases
    var sum = NetworkPass<Element>.Tally()
    var batch = samples
    batch.places = nil
    pass.alone {
      for first in stride(from: 0, to: count, by: rows) {
        batch.first = first
        batch.rows = min(rows, count - first)
        pass.withThreads(phases.count) { phase, thread in
          pass.perform(
            phases[phase], thread: thread, batch, parameters: parameters, gradient: nil,
            dropout: nil)
        }
        let tally = pass.tally
        sum.loss += tally.loss
        sum.correct += tally.correct
        body(first, batch.rows, pass.buffers.outputs)
      }
    }
    return sum
  }

  /// How well the outputs meet the targets.
  func evaluation(
    _ samples: Samples<Element>, parameters: UnsafePointer<Element>
  ) throws(NumericalError) -> Evaluation {
    let count = samples.count
    let width = pass.architecture.outputs
    var residuals = [Double](repeating: 0, count: width)
    let isRegression = pass.architecture.task == .regression
    let sum = try samples.withBatch { (batch) throws(NumericalError) in
      run(batch, count: count, parameters: parameters) { _, rows, outputs in
        guard isRegression else { return }
        for row in 0..<rows {
          for column in 0..<width {
            let residual = Double(outputs[row * width + column])
            residuals[column] += residual * residual
          }
        }
      }
    }
    var determination: Double?
    if case .values(let values) = samples.targets {
      determination = Self.determination(values, residuals)
    }
    return Evaluation(
      loss: sum.loss / Double(count),
      accuracy: isRegression ? nil : Double(sum.correct) / Double(count),
      determination: determination)
  }

  /// The mean over the columns of 1 − residuals/Σ(t − mean t)².
  private static func determination(
    _ targets: Tensor<Element>, _ residuals: [Double]
  ) -> Double {
    let (rows, columns) = (targets.rows, targets.columns)
    return targets.withUnsafeElements { targets in
      var sum = 0.0
      for column in 0..<columns {
        var (mean, spread) = (0.0, 0.0)
        for row in 0..<rows { mean += Double(targets[row * columns + column]) }
        mean /= Double(rows)
        for row in 0..<rows {
          let distance = Double(targets[row * columns + column]) - mean
          spread += distance * distance
        }
        sum += spread > 0 ? 1 - residuals[column] / spread : residuals[column] == 0 ? 1 : 0
      }
      return sum / Double(columns)
    }
  }
}
