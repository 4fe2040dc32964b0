import Factorizations
import Imaging
import RealModule
import Tensors
import Testing

/// What theory promises about the rules, on seeded random matrices.
@Suite struct DenoisingTheoryTests {
  private static func kept(_ values: [Double]) -> Int { values.count { $0 > 0 } }

  @Test func pureNoiseIsRemovedCompletely() throws {
    // 100 draws at 200×200, σ estimated.
    var zeroRanks = 0
    for seed in 0..<100 as Range<UInt64> {
      let values = try NoisyMatrix.noise(200, 200, seed: seed).singularValues()
      let estimate = NoiseEstimate(singularValues: values, rows: 200, columns: 200)
      if Self.kept(estimate.scale.shrunk(values, by: .hard)) == 0 { zeroRanks += 1 }
    }
    #expect(zeroRanks >= 95, "\(zeroRanks) of 100")
  }

  @Test(arguments: [(150, 150, 5), (200, 60, 4), (60, 200, 4), (400, 40, 1), (90, 100, 12)])
  func plantedValuesAreCounted(m: Int, n: Int, rank: Int) throws {
    let unit = Double(max(m, n)).squareRoot()
    for seed in 0..<5 as Range<UInt64> {
      // 3…6 times √N·σ, the thresholds lie at 1.3 to 2.3.
      let planted = (0..<rank).map { unit * (6 - 3 * Double($0) / Double(max(1, rank - 1))) }
      let matrix =
        try NoisyMatrix.signal(m, n, planted, seed: seed) + NoisyMatrix.noise(m, n, seed: seed)
      let values = try matrix.singularValues()
      let estimated = NoiseEstimate(singularValues: values, rows: m, columns: n).scale
      for scale in [estimated, NoiseScale(rows: m, columns: n, sigma: 1)] {
        #expect(Self.kept(scale.shrunk(values, by: .hard)) == rank, "hard, σ \(scale.sigma)")
        #expect(Self.kept(scale.shrunk(values, by: .nuclear)) == rank, "nuc, σ \(scale.sigma)")
        // The largest value of the noise itself passes the edge now and then.
        let edge = Self.kept(scale.shrunk(values, by: .edge))
        #expect((rank...rank + 1).contains(edge), "edge, σ \(scale.sigma)")
        #expect(Self.kept(scale.shrunk(values, by: .frobenius)) == edge)
      }
    }
  }

  /// The squared errors of the rules, draw by draw: [rule: one number per draw].
  private static func squaredErrors(
    of rules: [ShrinkageRule], draws: Range<UInt64>
  ) throws -> [ShrinkageRule: [Double]] {
    let (m, n) = (40, 60)
    let scale = NoiseScale(rows: m, columns: n, sigma: 1)
    // On both sides of β^¼ = 0.90, below which nothing can be seen, and of λ(β) = 2.10.
    let planted = [4, 3, 2.4, 2, 1.7, 1.4, 1.1, 0.8, 0.5].map { $0 * scale.unit }
    var errors: [ShrinkageRule: [Double]] = [:]
    for seed in draws {
      let clean = try NoisyMatrix.signal(m, n, planted, seed: seed)
      let noisy = clean + NoisyMatrix.noise(m, n, seed: seed)
      let svd = try noisy.singularValueDecomposition()
      for rule in rules {
        let shrunk = scale.shrunk(svd.singularValues, by: rule)
        let error = (svd.reconstructed(withSingularValues: shrunk) - clean).frobeniusNorm()
        errors[rule, default: []].append(error * error)
      }
    }
    return errors
  }

  @Test func noOtherRuleHasASmallerSquaredError() throws {
    // 100 draws of 40×60; the same draws for all, so differences are compared.
    let others =
      ShrinkageRule.parameterFree.filter { $0 != .frobenius }
      + (1...40).map { .rank($0) } + [.soft(4), .soft(8), .soft(12)]
    let errors = try Self.squaredErrors(of: [.frobenius] + others, draws: 0..<100)
    let best = try #require(errors[.frobenius])
    for rule in others {
      let differences = zip(best, try #require(errors[rule])).map { $0 - $1 }
      let mean = differences.reduce(0, +) / Double(differences.count)
      let variance =
        differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(differences.count - 1)
      let standardError = (variance / Double(differences.count)).squareRoot()
      #expect(mean <= 3 * standardError, "\(rule.name): \(mean) ± \(standardError)")
    }
    // And it is not a tie: all of the noise has a squared error of mn = 2400.
    func mean(_ rule: ShrinkageRule) -> Double { (errors[rule] ?? []).reduce(0, +) / 100 }
    #expect(mean(.frobenius) < 0.9 * mean(.hard))
    #expect(mean(.frobenius) < 0.5 * mean(.rank(40)))
  }

  @Test(arguments: [(9, 6), (6, 9), (5, 5)])
  func reconstructionUsesTheGivenValues(m: Int, n: Int) throws {
    let matrix = NoisyMatrix.noise(m, n, seed: 5)
    let svd = try matrix.singularValueDecomposition()
    let p = min(m, n)
    let tolerance = 30 * Double.ulpOfOne * Double(max(m, n)) * svd.singularValues[0]
    func isNear(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Bool {
      (a - b).maximumMagnitude() <= tolerance
    }
    #expect(isNear(svd.reconstructed(withSingularValues: svd.singularValues), matrix))
    for kept in 1..<p {
      let values = svd.singularValues.enumerated().map { $0.offset < kept ? $0.element : 0 }
      let truncated = svd.truncated(to: kept).reconstructed()
      #expect(isNear(svd.reconstructed(withSingularValues: values), truncated))
    }
    // A zero among the values does not end them.
    let single = (0..<p).map { $0 == 2 ? 1.0 : 0 }
    let expected = Tensor.matrixProduct(svd.u.columns(2..<3), svd.vt.rows(2..<3))
    #expect(isNear(svd.reconstructed(withSingularValues: single), expected))
    let none = [Double](repeating: 0, count: p)
    #expect(svd.reconstructed(withSingularValues: none) == .zeros([m, n]))
    // All vectors, most of them without a value; and single precision.
    let full = try matrix.singularValueDecomposition(vectors: .full)
    #expect(isNear(full.reconstructed(withSingularValues: full.singularValues), matrix))
    #expect(full.reconstructed(withSingularValues: none) == .zeros([m, n]))
    let single32 = try matrix.converted(to: Float.self).singularValueDecomposition()
    let values32 = single32.singularValues.map { Double($0) }
    let difference =
      single32.reconstructed(withSingularValues: values32).converted(to: Double.self) - matrix
    #expect(
      difference.maximumMagnitude()
        <= tolerance * Double(Float.ulpOfOne) / Double.ulpOfOne)
  }
}
