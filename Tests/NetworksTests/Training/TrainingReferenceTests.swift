import FileFormats
import Networks
import TestSupport
import Tensors
import Testing

/// Five steps of each optimiser against PyTorch's (Fixtures/write_training.py).
@Suite struct TrainingReferenceTests {
  @Test(arguments: Optimizer.allCases)
  func followsPyTorch(optimizer: Optimizer) throws {
    let path = PackageFiles.path("Tests/NetworksTests/Fixtures/training.npz")
    let file = try NpzFile(try PackageFiles.read(path)[...])
    func tensor(_ name: String) throws -> Tensor<Double> {
      try file.array(name, budget: .unlimited()).tensor(as: Double.self)
    }
    let architecture = MLPArchitecture(
      inputs: 5, hidden: [7], outputs: 3, activation: .gelu, layerNorm: true)
    let network = try MLP(
      architecture, parameters: try (0..<6).map { try tensor("begin.\($0)") })
    let samples = try Samples(
      inputs: try tensor("x"), targets: .labels(try tensor("y").elements.map { Int32($0) }))
    var options = TrainingOptions()
    (options.optimizer, options.learningRate, options.batch) = (optimizer, 0.05, samples.count)
    (options.weightDecay, options.clip) = (0.1, 0.3)
    let trainer = try Trainer(network, options, training: samples)
    for loss in try tensor("\(optimizer.rawValue).losses").elements {
      let found = try trainer.runEpoch(clock: noClock).loss
      #expect(abs(found - loss) <= 1e4 * Double.ulpOfOne * loss, "\(optimizer)")
    }
    for (place, parameter) in trainer.network.parameters.enumerated() {
      // Adam divides small gradients by their own size: rounding of 12 terms over √ε of it.
      let wanted = try tensor("\(optimizer.rawValue).\(place)")
      let limit = 5 * 12 * 64 * Double.ulpOfOne * (1 + wanted.frobeniusNorm())
      #expect((parameter - wanted).frobeniusNorm() <= limit, "\(optimizer) \(place)")
    }
  }
}
