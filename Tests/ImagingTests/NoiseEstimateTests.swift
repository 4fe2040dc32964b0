import Factorizations
import Imaging
import RealModule
import Tensors
import Testing

@Suite struct NoiseEstimateTests {
  static func estimate(_ matrix: Tensor<Double>) throws -> NoiseEstimate {
    NoiseEstimate(
      singularValues: try matrix.singularValues(), rows: matrix.rows, columns: matrix.columns)
  }

  static let shapes = [(10, 10), (30, 10), (64, 64), (20, 400), (120, 119), (300, 200), (256, 256)]

  @Test(arguments: shapes) func gaussianNoiseLooksWhite(m: Int, n: Int) throws {
    for seed in 0..<8 {
      let estimate = try Self.estimate(NoisyMatrix.noise(m, n, seed: UInt64(seed)) * 4)
      #expect(estimate.looksWhite, "distance \(estimate.distance), limit \(estimate.limit)")
      #expect(estimate.limit == 0.03 + 5 / Double(min(m, n)))
      // A single draw wanders; measured over 2000 draws: at most 6.8/p.
      #expect(abs(estimate.sigma / 4 - 1) < 8 / Double(min(m, n)), "\(estimate.sigma)")
      // The largest value fluctuates about the edge (Tracy–Widom), so a few may pass it.
      #expect(estimate.valuesAboveEdge <= 4)
    }
  }

  @Test(arguments: [(256, 256), (300, 200), (100, 200)])
  func otherNoiseDoesNot(m: Int, n: Int) throws {
    for seed in 0..<4 as Range<UInt64> {
      let uneven = try Self.estimate(NoisyMatrix.unevenNoise(m, n, last: 20, seed: seed))
      #expect(!uneven.looksWhite, "rows: \(uneven.distance), limit \(uneven.limit)")
      let blurred = try Self.estimate(NoisyMatrix.blurredNoise(m, n, seed: seed))
      #expect(!blurred.looksWhite, "blurred: \(blurred.distance), limit \(blurred.limit)")
    }
  }

  @Test func aPlantedSignalHardlyMovesTheEstimate() throws {
    // 30 draws at 500×300, a rank of 10 from the edge up.
    var (sum, first) = (0.0, 0.0)
    for seed in 0..<30 as Range<UInt64> {
      let values = (1...10).map { 50 * Double($0) }
      let matrix =
        try NoisyMatrix.signal(500, 300, values, seed: seed)
        + NoisyMatrix.noise(500, 300, seed: seed)
      let estimate = try Self.estimate(matrix)
      sum += estimate.sigma
      first += estimate.initialSigma
      #expect((7...11).contains(estimate.valuesAboveEdge), "\(estimate.valuesAboveEdge)")
      #expect(estimate.looksWhite, "\(estimate.distance)")
    }
    // 2 % is what is promised. Leaving out ten values of 300 turns a bias of +1.5 % into −0.8 %.
    #expect(abs(sum / 30 - 1) < 0.01, "\(sum / 30)")
    #expect(abs(first / 30 - 1) > abs(sum / 30 - 1), "\(first / 30) before, \(sum / 30) after")
  }

  @Test func wideAndTallAgree() throws {
    let values = try NoisyMatrix.noise(70, 40, seed: 3).singularValues()
    let tall = NoiseEstimate(singularValues: values, rows: 70, columns: 40)
    let wide = NoiseEstimate(singularValues: values, rows: 40, columns: 70)
    #expect(tall.sigma == wide.sigma && tall.distance == wide.distance)
    #expect(
      NoiseEstimate.simpleSigma(singularValues: values, rows: 70, columns: 40)
        == NoiseEstimate.simpleSigma(singularValues: values, rows: 40, columns: 70))
  }

  @Test func theMedianIsTakenTwice() throws {
    // μ_1 by FORMULAS.md; N = 4. The first median is (4 + 2)/2, its edge 2·3/√μ = 7.4.
    let unit = 0.6527759416.squareRoot() * 2
    let estimate = NoiseEstimate(singularValues: [100, 4, 2, 1], rows: 4, columns: 4)
    #expect(abs(estimate.initialSigma - 3 / unit) < 1e-9)
    #expect(abs(estimate.sigma - 2 / unit) < 1e-9)
    #expect(estimate.valuesAboveEdge == 1)
    // An odd number, nothing above the edge: once and the same again.
    let odd = NoiseEstimate(singularValues: [3, 2, 1], rows: 3, columns: 3)
    #expect(odd.sigma == odd.initialSigma)
    #expect(abs(odd.sigma - 2 / (3 * 0.6527759416).squareRoot()) < 1e-9)
    #expect(odd.valuesAboveEdge == 0)
  }

  @Test(arguments: [(Double.ulpOfOne, 5e-16, 5e-14), (Double(Float.ulpOfOne), 1e-7, 1e-4)])
  func aMedianOfRoundingErrorsIsNoNoise(epsilon: Double, rounding: Double, above: Double) {
    // A matrix of rank 2 with s₁ = 3, then what rounding leaves.
    func values(_ rest: Double) -> [Double] { [3, 1] + [Double](repeating: rest, count: 8) }
    let clean = NoiseEstimate(
      singularValues: values(rounding), rows: 10, columns: 10, epsilon: epsilon)
    #expect(clean.sigma == 0 && clean.initialSigma == 0 && clean.distance == 0)
    #expect(clean.looksWhite && clean.valuesAboveEdge == 2)
    let noisy = NoiseEstimate(
      singularValues: values(above), rows: 10, columns: 10, epsilon: epsilon)
    #expect(noisy.sigma > 0 && noisy.valuesAboveEdge == 2)
  }

  @Test func degenerateMatrices() {
    for (m, n) in [(1, 1), (1, 500), (4, 3)] {
      let zero = NoiseEstimate(
        singularValues: .init(repeating: 0, count: min(m, n)), rows: m, columns: n)
      #expect(zero.sigma == 0 && zero.distance == 0 && zero.valuesAboveEdge == 0)
    }
    // A constant picture: one value, the rest zero.
    let constant = NoiseEstimate(singularValues: [5, 0, 0], rows: 3, columns: 9)
    #expect(constant.sigma == 0 && constant.valuesAboveEdge == 1)
    // The first median is half of the second value, the next one nothing.
    let falling = NoiseEstimate(singularValues: [1000, 10, 0, 0], rows: 4, columns: 4)
    #expect(falling.initialSigma > 0 && falling.sigma == 0 && falling.valuesAboveEdge == 2)
    let single = NoiseEstimate(singularValues: [2], rows: 1, columns: 1)
    #expect(single.sigma > 0 && single.distance.isFinite)
    let huge = NoiseEstimate(singularValues: [1e300, 1e300, 9e299], rows: 3, columns: 3)
    #expect(huge.sigma.isFinite && huge.distance.isFinite)
  }

  @Test func theSimpleEstimateOverstatesTheNoise() throws {
    let values = try NoisyMatrix.noise(200, 200, seed: 1).singularValues()
    let simple = NoiseEstimate.simpleSigma(singularValues: values, rows: 200, columns: 200)
    // √μ_1/0.6745 = 1.198
    #expect(abs(simple - 1.198) < 0.02, "\(simple)")
    #expect(
      NoiseEstimate.simpleSigma(singularValues: [8, 6, 2, 1], rows: 4, columns: 9)
        == 4 / (0.6745 * 3))
  }
}
