@testable import Networks
import TestSupport
@testable import Tensors
import Testing

/// The hand-derived gradient of training against reverse mode and differences.
@Suite struct TrainingGradientTests {
  private func trainer<Element: Scalar>(
    _ seed: UInt64, as type: Element.Type
  ) throws -> Trainer<Element> {
    var generator = SeededGenerator(seed: seed &+ 77)
    let count = [1, 2, 7, 40].randomElement(using: &generator) ?? 1
    let one = try TrainingCase<Element>(.random(seed), samples: count, seed: seed)
    var options = TrainingOptions()
    options.dropout = Bool.random(using: &generator) ? 0.3 : 0
    options.seed = seed
    return try Trainer(one.network, options, training: one.samples)
  }

  private func expectAgreement<Element: Scalar>(_ seed: UInt64, as type: Element.Type) throws {
    let trainer = try trainer(seed, as: Element.self)
    let agreement = try trainer.gradientCheck()
    let worst = try #require(agreement.worst)
    #expect(
      agreement.passes,
      "\(trainer.architecture) of \(trainer.training.count), dropout \(trainer.options.dropout): \(worst)"
    )
    #expect(agreement.comparisons.count == (Element.self == Float.self ? 3 : 2))
  }

  @Test(arguments: 0..<120)
  func agreesInBothPrecisions(seed: Int) throws {
    try expectAgreement(UInt64(seed), as: Double.self)
    try expectAgreement(UInt64(seed), as: Float.self)
  }

  /// A wrong gradient in place of the right one.
  enum Fault: CaseIterable {
    case scaled, sign, missing, shifted, transposed
  }

  @Test("every parameter's gradient made wrong is found", arguments: Fault.allCases)
  func faultsAreFound(fault: Fault) throws {
    for (seed, layerNorm) in [(1, false), (2, true)] {
      let one = try TrainingCase<Double>(
        MLPArchitecture(
          inputs: 6, hidden: [6, 6], outputs: 6, activation: .gelu, layerNorm: layerNorm),
        samples: 24, seed: UInt64(seed))
      let trainer = try Trainer(one.network, TrainingOptions(), training: one.samples)
      #expect(try trainer.probe().agreement().passes)
      for place in one.network.parameters.indices {
        var probe = try trainer.probe()
        let right = probe.byHand[place]
        switch fault {
        case .scaled: probe.byHand[place] = right * 1.001
        case .sign: probe.byHand[place] = -right
        case .missing: probe.byHand[place] = .zeros(right.shape)
        case .shifted:
          let elements = right.elements
          probe.byHand[place] = Tensor(
            right.shape, Array(elements.dropFirst() + elements.prefix(1)))
        case .transposed:
          guard right.shape.rank == 2 else { continue }
          probe.byHand[place] = right.transposed()
        }
        let agreement = try probe.agreement()
        #expect(!agreement.passes, "\(fault) of \(probe.names[place])")
        let reverse = try #require(agreement.comparisons.first)
        #expect(reverse.oracle == .reverseMode && reverse.parameter == probe.names[place])
        if fault == .scaled || fault == .sign || fault == .missing {
          #expect(
            !agreement.comparisons[1].passes, "differences, \(fault) of \(probe.names[place])")
        }
      }
    }
  }

  @Test("a gradient of single precision that is wrong by 0.1 % is found")
  func precisionFault() throws {
    let one = try TrainingCase<Float>(
      MLPArchitecture(inputs: 8, hidden: [16], outputs: 3), samples: 32, seed: 5)
    let trainer = try Trainer(one.network, TrainingOptions(), training: one.samples)
    var probe = try trainer.probe()
    #expect(try probe.agreement().passes)
    probe.inPrecision[0] = probe.inPrecision[0] * 1.001
    #expect(try !probe.agreement().passes)
  }

  @Test("one thread and two give the same gradient but for rounding")
  func threads() throws {
    let one = try TrainingCase<Double>(
      MLPArchitecture(
        inputs: 70, hidden: [100, 40], outputs: 3, activation: .tanh, layerNorm: true),
      samples: 33, seed: 8)
    let gradients = try [1, 2].map { threads in
      let memory = ParameterMemory<Double>(one.architecture, .sgd)
      memory.layout.store(one.network.parameters, into: memory.parameters)
      let pass = NetworkPass<Double>(one.architecture, rows: 33, threads: threads, learns: true)
      try one.samples.withBatch { (batch) throws(NumericalError) in
        var batch = batch
        batch.rows = 33
        for phase in pass.phases {
          for thread in (0..<threads).reversed() {
            pass.perform(
              phase, thread: thread, batch, parameters: memory.parameters,
              gradient: memory.gradient, dropout: nil)
          }
        }
      }
      return memory.gradientTensors
    }
    for (single, double) in zip(gradients[0], gradients[1]) {
      #expect((single - double).frobeniusNorm() <= 33 * Double.ulpOfOne * single.frobeniusNorm())
    }
  }

  @Test("the masks of dropout are the random source's")
  func masks() {
    let width = 7
    let mask = DropoutMask(share: 0.4, seed: 1 << 40 + 3)
    let factors = mask.factors(layer: 2, step: 5, rows: 3, width: width, as: Double.self)
    for row in 0..<3 {
      let source = RandomSource(seed: mask.seed, stream: .dropout, substream: 2)
      for unit in 0..<width {
        let block = source.block(UInt64(5) << 32 + UInt64(row * 2 + unit / 4))
        let word = [block.0, block.1, block.2, block.3][unit % 4]
        let expected = Double(word) * 0x1p-32 < 0.4 ? 0 : 1 / 0.6
        #expect(abs(factors[row, unit] - expected) <= 4 * Double.ulpOfOne)
      }
    }
  }
}
