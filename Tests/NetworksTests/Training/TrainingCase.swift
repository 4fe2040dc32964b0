import Networks
import TestSupport
import Tensors

/// A network with samples, drawn from a seed.
struct TrainingCase<Element: Scalar> {
  let architecture: MLPArchitecture
  let samples: Samples<Element>
  let network: MLP<Element>

  init(_ architecture: MLPArchitecture, samples count: Int, seed: UInt64) throws {
    self.architecture = architecture
    let random = RandomSource(seed: seed)
    let inputs = random.normal([count, architecture.inputs], as: Element.self)
    switch architecture.task {
    case .classification:
      var generator = SeededGenerator(seed: seed)
      let labels = (0..<count).map { _ in
        Int32.random(in: 0..<Int32(architecture.outputs), using: &generator)
      }
      samples = try Samples(inputs: inputs, targets: .labels(labels))
    case .regression:
      let values = RandomSource(seed: seed, substream: 1)
        .normal([count, architecture.outputs], as: Element.self)
      samples = try Samples(inputs: inputs, targets: .values(values))
    }
    network = try MLP(architecture, seed: seed)
  }
}

extension MLPArchitecture {
  /// Small networks of all kinds: no hidden layer, one unit, odd sizes, sizes that threads share.
  static func random(_ seed: UInt64) -> MLPArchitecture {
    var generator = SeededGenerator(seed: seed)
    let sizes = [1, 2, 3, 5, 8, 17, 33]
    func size() -> Int { sizes.randomElement(using: &generator) ?? 1 }
    let depth = Int.random(in: 0...3, using: &generator)
    return MLPArchitecture(
      inputs: size(), hidden: (0..<depth).map { _ in size() }, outputs: size(),
      activation: Activation.allCases.randomElement(using: &generator) ?? .relu,
      layerNorm: Bool.random(using: &generator),
      task: Bool.random(using: &generator) ? .classification : .regression)
  }
}

/// A clock that stands still.
func noClock() -> Double { 0 }
