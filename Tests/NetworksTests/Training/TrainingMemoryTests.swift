import Networks
import Tensors
import Testing

/// What a network is asked for, refuses and takes.
@Suite struct TrainingMemoryTests {
  @Test("parameters, optimiser state and one batch are asked for, and given back")
  func budget() throws {
    let one = try TrainingCase<Float>(
      MLPArchitecture(inputs: 100, hidden: [200], outputs: 10), samples: 300, seed: 1)
    var options = TrainingOptions()
    options.batch = 50
    let budget = MemoryBudget.unlimited()
    do {
      let trainer = try Trainer(one.network, options, training: one.samples, budget: budget)
      let held = budget.current
      _ = try trainer.runEpoch(clock: noClock)
      #expect(budget.peak == held)
      let count = one.architecture.parameterCount
      // Parameters, gradient, two moments, the state's three copies; a batch's inputs, outputs and
      // twice the hidden layer; the order.
      let elements = 7 * count + 50 * (100 + 10 + 2 * 200) + 300
      #expect(held >= 4 * elements && held <= 4 * (elements + 7 * 64 + 256))
    }
    #expect(budget.current == 0)
    let small = MemoryBudget(limit: 100_000)
    #expect(throws: NumericalError.self) {
      try Trainer(one.network, options, training: one.samples, budget: small)
    }
  }

  @Test func wrongShapesAreNamed() throws {
    let one = try TrainingCase<Double>(
      MLPArchitecture(inputs: 3, hidden: [4], outputs: 2), samples: 5, seed: 1)
    let labels = try Samples<Double>(
      inputs: .zeros([2, 3]), targets: .labels([0, 2]))
    #expect(throws: NumericalError.shape("the label 2 for a network of 2 classes")) {
      try Trainer(one.network, TrainingOptions(), training: labels)
    }
    let wide = try Samples<Double>(inputs: .zeros([2, 4]), targets: .labels([0, 1]))
    #expect(
      throws: NumericalError.shape("samples of 4 features for a network of 3 inputs")
    ) { try one.network.evaluation(on: wide) }
    #expect(throws: NumericalError.shape("2 samples with 1 targets")) {
      try Samples<Double>(inputs: .zeros([2, 4]), targets: .labels([0]))
    }
    #expect(
      throws: NumericalError.shape("layers.0.bias of shape 3: the network needs 4")
    ) {
      var parameters = one.network.parameters
      parameters[1] = .zeros([3])
      _ = try MLP(one.architecture, parameters: parameters)
    }
    #expect(throws: NumericalError.self) {
      try MLP<Float>(MLPArchitecture(inputs: 3, hidden: [0], outputs: 2), seed: 1)
    }
    var options = TrainingOptions()
    options.dropout = 1
    #expect(throws: NumericalError.shape("dropout of a share of 1.0: 0 ≤ p < 1")) {
      try Trainer(one.network, options, training: one.samples)
    }
  }

  @Test("outputs and evaluation are the definition's")
  func evaluation() throws {
    for seed in UInt64(0)..<12 {
      let one = try TrainingCase<Double>(.random(seed), samples: 300, seed: seed)
      let outputs = try one.network.outputs(one.samples.inputs)
      let single = try (0..<300).map { row in
        try one.network.outputs(one.samples.inputs.slice(row))
      }
      for (row, found) in single.enumerated() {
        for column in 0..<one.architecture.outputs {
          let wanted = outputs[row, column]
          let limit = 1e3 * Double.ulpOfOne * (1 + abs(wanted))
          #expect(abs(found[0, column] - wanted) <= limit)
        }
      }
      let evaluation = try one.network.evaluation(on: one.samples)
      switch one.samples.targets {
      case .labels(let labels):
        let right = zip(try one.network.classes(one.samples.inputs), labels).count { $0 == $1 }
        #expect(evaluation.accuracy == Double(right) / 300)
      case .values(let values):
        let distance = (outputs - values).frobeniusNorm()
        let loss = distance * distance / Double(values.count)
        #expect(abs(evaluation.loss - loss) <= 300 * Double.ulpOfOne * loss)
        // R² is the mean over the outputs.
        let shares = (0..<values.columns).map { column in
          let numbers = (0..<values.rows).map { values[$0, column] }
          let mean = numbers.reduce(0, +) / Double(numbers.count)
          let rest = numbers.indices.reduce(0.0) {
            $0 + (outputs[$1, column] - numbers[$1]) * (outputs[$1, column] - numbers[$1])
          }
          return 1 - rest / numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let expected = shares.reduce(0, +) / Double(shares.count)
        let found = try #require(evaluation.determination)
        #expect(abs(found - expected) <= 1e4 * Double.ulpOfOne * (1 + abs(expected)))
      }
    }
  }
}

extension Tensor {
  /// One row of a matrix as a matrix.
  fileprivate func slice(_ row: Int) -> Tensor {
    Tensor([1, columns], Array(elements[row * columns..<(row + 1) * columns]))
  }
}
