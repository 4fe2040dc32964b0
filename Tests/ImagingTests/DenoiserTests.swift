import Factorizations
import Imaging
import Synchronization
import Tensors
import Testing

@Suite struct DenoiserTests {
  private static let noisy = BlockCase(rows: 30, columns: 44, side: 8, stride: 5)
  private static let scopes: [DenoisingScope] = [.global, .blocks(side: 8, stride: 5)]
  private static let rules = ShrinkageRule.parameterFree + [.soft(2), .rank(3)]

  private static func tolerance(_ matrix: Tensor<Double>) -> Double {
    1e3 * Double.ulpOfOne * Double(max(matrix.rows, matrix.columns))
      * matrix.maximumMagnitude()
  }

  @Test func globalIsOneDecompositionWithShrunkValues() throws {
    let matrices = [1, 2].map { Self.noisy.matrix(as: Double.self, seed: $0) }
    var denoiser = Denoiser(matrices)
    try denoiser.decompose()
    let scale = NoiseScale(rows: 30, columns: 44, sigma: 1.5)
    for rule in Self.rules {
      let result = try denoiser.denoised(by: rule, in: .global, sigma: 1.5)
      #expect(result.rule == rule && result.scope == .global && result.sigmas == [1.5, 1.5])
      #expect(result.threshold == scale.threshold(for: rule))
      #expect(result.treated == [0, 1])
      for (index, matrix) in matrices.enumerated() {
        let svd = try matrix.singularValueDecomposition()
        let shrunk = scale.shrunk(svd.singularValues, by: rule)
        #expect(result.matrices[index] == svd.reconstructed(withSingularValues: shrunk))
        #expect(result.ranks[index] == [shrunk.count { $0 > 0 }])
        #expect(result.spectra[index] == svd.singularValues)
      }
      #expect(result.meanRank == Double(result.ranks[0][0] + result.ranks[1][0]) / 2)
    }
  }

  @Test func blocksAreThoseOfTheGrid() throws {
    let matrices = [1, 2].map { Self.noisy.matrix(as: Double.self, seed: $0) }
    let denoiser = Denoiser(matrices)
    let scale = NoiseScale(rows: 8, columns: 8, sigma: 1.5)
    for rule in Self.rules {
      for method in [BlockGrid.Method.fastest, .lapack] {
        let result = try denoiser.denoised(
          by: rule, in: Self.scopes[1], sigma: 1.5, method: method)
        #expect(result.threshold == scale.threshold(for: rule))
        let blocks = try matrices.map {
          try Self.noisy.grid.denoise($0, sigma: 1.5, rule: rule, method: method)
        }
        #expect(result.matrices == blocks.map(\.matrix))
        #expect(result.ranks == blocks.map(\.ranks))
        #expect(result.spectra == blocks.map(\.meanSingularValues))
        let all = result.ranks.flatMap { $0 }
        #expect(all.count == 2 * Self.noisy.grid.count)
        #expect(result.meanRank == Double(all.reduce(0, +)) / Double(all.count))
      }
    }
  }

  @Test(arguments: scopes) func constantMatricesAreLeftAlone(scope: DenoisingScope) throws {
    let noisy = Self.noisy.matrix(as: Double.self)
    let constants = [0.1, 0, -7e300].map { Tensor<Double>(repeating: $0, [30, 44]) }
    var mixed = Denoiser([constants[0], noisy, constants[1]])
    try mixed.decompose()
    #expect(mixed.isConstant == [true, false, true])
    var alone = Denoiser(constants)
    try alone.decompose()
    for rule in Self.rules + [.soft(1e9)] {
      let result = try mixed.denoised(by: rule, in: scope, sigma: 2)
      #expect(result.matrices[0] == constants[0] && result.matrices[2] == constants[1])
      #expect(result.matrices[1] != noisy)
      #expect(result.treated == [1] && result.ranks.count == 1 && result.spectra.count == 1)
      let unchanged = try alone.denoised(by: rule, in: scope, sigma: 2)
      #expect(unchanged.matrices == constants && unchanged.meanRank == nil)
      #expect(unchanged.treated.isEmpty && unchanged.ranks.isEmpty && unchanged.spectra.isEmpty)
    }
  }

  @Test(arguments: scopes) func withoutNoiseNothingIsRemoved(scope: DenoisingScope) throws {
    let matrix = Self.noisy.matrix(as: Float.self)
    var denoiser = Denoiser([matrix])
    try denoiser.decompose()
    for rule in ShrinkageRule.parameterFree {
      let result = try denoiser.denoised(by: rule, in: scope, sigma: 0)
      #expect(result.matrices == [matrix] && result.meanRank == nil, "\(rule.name)")
      #expect(result.threshold == 0)
    }
    // These do not ask for the noise.
    let ranked = try denoiser.denoised(by: .rank(1), in: scope, sigma: 0)
    #expect(ranked.matrices != [matrix] && ranked.meanRank == 1 && ranked.threshold == nil)
    let soft = try denoiser.denoised(by: .soft(1), in: scope, sigma: 0)
    #expect(soft.matrices != [matrix] && soft.threshold == 1)
  }

  @Test(arguments: scopes) func aTransposeIsDenoisedAlike(scope: DenoisingScope) throws {
    let matrix = Self.noisy.matrix(as: Double.self)
    var denoiser = Denoiser([matrix])
    var turned = Denoiser([matrix.transposed()])
    try denoiser.decompose()
    try turned.decompose()
    for rule in Self.rules {
      let a = try denoiser.denoised(by: rule, in: scope, sigma: 1)
      let b = try turned.denoised(by: rule, in: scope, sigma: 1)
      let distance = a.matrices[0].transposed().distance(to: b.matrices[0])
      #expect(distance <= Self.tolerance(matrix), "\(rule.name)")
      #expect(a.threshold == b.threshold && a.meanRank == b.meanRank)
    }
  }

  @Test func singularValuesAreTheSameWithAndWithoutVectors() throws {
    let matrix = Self.noisy.matrix(as: Double.self)
    var denoiser = Denoiser([matrix])
    let alone = try denoiser.sampledSpectra().spectra
    try denoiser.decompose()
    let beside = try denoiser.sampledSpectra().spectra
    #expect(beside == denoiser.decompositions.map { $0.singularValues })
    for (a, b) in zip(alone[0], beside[0]) { #expect(abs(a - b) <= Self.tolerance(matrix)) }
  }

  @Test func everyMatrixHasItsOwnNoise() throws {
    let matrices = [1, 2].map { Self.noisy.matrix(as: Double.self, seed: $0) }
    var both = Denoiser(matrices)
    try both.decompose()
    for scope in Self.scopes {
      let together = try both.denoised(by: .frobenius, in: scope, sigmas: [0.5, 2])
      for (index, sigma) in [0.5, 2].enumerated() {
        var alone = Denoiser([matrices[index]])
        try alone.decompose()
        let one = try alone.denoised(by: .frobenius, in: scope, sigma: sigma)
        #expect(one.matrices[0] == together.matrices[index])
        #expect(one.thresholds[0] == together.thresholds[index])
      }
    }
  }

  @Test func theNoiseOfALargeMatrixIsSampledInItsMiddle() throws {
    let matrix = RandomSource(seed: 8, stream: .noise).normal([1030, 40], as: Double.self)
    var denoiser = Denoiser([matrix])
    let sample = try denoiser.sampledSpectra()
    #expect(sample.shape == [1024, 40])
    let middle = try matrix.sliced([3..<1027, 0..<40]).singularValues()
    #expect(sample.spectra == [middle])
    // What is decomposed anyway is taken whole.
    try denoiser.decompose()
    let whole = try denoiser.sampledSpectra()
    #expect(whole.shape == [1030, 40] && whole.spectra[0].count == 40)
  }

  @Test func stepsAreThoseReported() throws {
    let denoiser = Denoiser([1, 2].map { Self.noisy.matrix(as: Double.self, seed: $0) })
    #expect(denoiser.steps(in: .global) == 0)
    let count = Mutex(0)
    _ = try denoiser.denoised(by: .hard, in: Self.scopes[1], sigma: 1) {
      count.withLock { $0 += 1 }
    }
    #expect(count.withLock { $0 } == denoiser.steps(in: Self.scopes[1]))
    #expect(denoiser.steps(in: Self.scopes[1]) == 2 * Self.noisy.grid.bandCount)
  }

  @Test func infinityIsNoConstant() throws {
    let denoiser = Denoiser([Tensor<Double>(repeating: .infinity, [9, 9])])
    #expect(throws: NumericalError.notFinite(index: [0, 0], value: "inf")) {
      try denoiser.denoised(by: .hard, in: .blocks(side: 4, stride: 2), sigma: 1)
    }
  }

  @Test func scopesHaveNames() {
    #expect(Self.scopes.map(\.name) == ["global", "blocks"])
  }
}
