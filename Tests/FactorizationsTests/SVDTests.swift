import RealModule
import Tensors
import Testing

@testable import Factorizations

@Suite struct SVDTests {
  @Test(arguments: sizes)
  func meetsLAPACKsTestRatios(size: (Int, Int)) throws {
    for type in MatrixType.allCases {
      try check(type.make(size.0, size.1, as: Double.self), "\(type) f64")
      try check(type.make(size.0, size.1, as: Float.self), "\(type) f32")
    }
  }

  private func check<E: Scalar>(_ a: Tensor<E>, _ comment: Comment) throws {
    for vectors in [SingularVectors.thin, .full] {
      let svd = try a.singularValueDecomposition(vectors: vectors)
      let p = min(a.rows, a.columns)
      #expect(svd.u.shape == [a.rows, vectors == .full ? a.rows : p])
      #expect(svd.vt.shape == [vectors == .full ? a.columns : p, a.columns])
      #expect(svd.singularValues.count == p)
      let ratios = a.lapackTestRatios(of: svd)
      #expect(ratios.pass, "\(comment): \(ratios)")
      #expect(zip(svd.singularValues, svd.singularValues.dropFirst()).allSatisfy { $0 >= $1 })
      #expect(svd.singularValues.allSatisfy { $0 >= 0 })
      let values = try a.singularValues()
      let scale = max(values.first ?? 0, E.leastNormalMagnitude)
      for (x, y) in zip(values, svd.singularValues) {
        #expect(abs(x / scale - y / scale) <= 30 * E.epsilon * E(max(a.rows, a.columns)))
      }
    }
  }

  @Test func theLargestEntryOfEachLeftVectorIsPositive() throws {
    let a = RandomSource(seed: 21).normal([30, 20], as: Double.self)
    for vectors in [SingularVectors.thin, .full] {
      let svd = try a.singularValueDecomposition(vectors: vectors)
      for j in 0..<svd.u.columns {
        let column = svd.u.columns(j..<j + 1).elements
        #expect(column.max { $0.magnitude < $1.magnitude } ?? 0 > 0)
      }
      let negated = try (-a).singularValueDecomposition(vectors: vectors)
      #expect((negated.u.columns(0..<20) - svd.u.columns(0..<20)).maximumMagnitude() < 1e-12)
    }
  }

  @Test func theTestMatrixHasItsSingularValues() throws {
    let a = Tensor<Double>([3, 2], [4, 0, 3, -5, 0, 3])
    let svd = try a.singularValueDecomposition()
    #expect(abs(svd.singularValues[0] - 6.720153254) < 1e-9)
    #expect(abs(svd.singularValues[1] - 3.720153254) < 1e-9)
    #expect(abs(a.residualNorm(of: svd.truncated(to: 1)) - 3.720153254) < 1e-9)
    let spectrum = Spectrum(svd.singularValues)
    #expect(abs(spectrum.energy(rank: 1) - 45.160460 / 59) < 1e-8)
  }

  @Test(arguments: [(3, 524.0567776), (5, 476607.2502), (8, 1.525757574e10), (10, 1.602484e13)])
  func hilbertMatricesHaveTheirConditionNumbers(n: Int, expected: Double) throws {
    let condition = Spectrum(try hilbert(n).singularValues()).conditionNumber
    // The rounding of LAPACK (4·n·ε·κ) and of the printed digits.
    let tolerance = 4 * Double(n) * Double.epsilon * expected + (n == 10 ? 1e-5 : 1e-9)
    #expect(abs(condition / expected - 1) < tolerance)
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan], [0, 3, 11])
  func refusesNonFiniteNumbers(value: Double, position: Int) {
    var a = Tensor<Double>.zeros([3, 4])
    a[position / 4, position % 4] = value
    let expected = NumericalError.notFinite(index: [position / 4, position % 4], value: "\(value)")
    #expect(throws: expected) { try a.singularValueDecomposition() }
    #expect(throws: expected) { try a.singularValues() }
    #expect(throws: expected) { try a.qrDecomposition() }
    #expect(throws: expected) { try a.randomizedSVD(rank: 1) }
    #expect(throws: expected) { try a.randomizedSVD(tolerance: 0.1) }
  }

  @Test func fallsBackToTheSecondDriverOnce() throws {
    var tried: [SVDDriver] = []
    let driver = try firstConverging { driver in
      tried.append(driver)
      return driver == .gesdd ? 7 : 0
    }
    #expect(driver == .gesvd)
    #expect(tried == [.gesdd, .gesvd])
    #expect(throws: NumericalError.noConvergence(routine: "gesdd and gesvd")) {
      try firstConverging { _ in 1 }
    }
  }

  @Test func asksTheBudgetFirst() throws {
    let a = Tensor<Double>.zeros([100, 100])
    let budget = MemoryBudget(limit: 1000)
    #expect(throws: NumericalError.self) { try a.singularValueDecomposition(budget: budget) }
    #expect(throws: NumericalError.self) { try a.randomizedSVD(rank: 3, budget: budget) }
    let roomy = MemoryBudget.unlimited()
    _ = try a.singularValueDecomposition(budget: roomy)
    #expect(roomy.current == 0)
    #expect(roomy.peak > 3 * 80000)
  }

  @Test(arguments: sizes)
  func qrMeetsItsRatios(size: (Int, Int)) throws {
    for type in MatrixType.allCases where type != .nearOverflow && type != .nearUnderflow {
      let a = try type.make(size.0, size.1, as: Double.self)
      let qr = try a.qrDecomposition()
      let scale = 30 * Double.epsilon * Double(max(1, a.rows, a.columns))
      #expect((Tensor.matrixProduct(qr.q, qr.r) - a).frobeniusNorm() <= scale * a.frobeniusNorm())
      let gram = Tensor.matrixProduct(qr.q, qr.q, transposeA: true)
      #expect((gram - .identity(gram.rows)).maximumMagnitude() <= scale)
      for i in 0..<qr.r.rows {
        for j in 0..<min(i, qr.r.columns) { #expect(qr.r[i, j] == 0) }
      }
    }
  }
}

@Suite struct SpectrumTests {
  @Test func selectsRanks() {
    let s = Spectrum([2.0, 1, 1, 0])
    #expect(abs(s.frobeniusNorm - 6.0.squareRoot()) < 4 * Double.epsilon)
    #expect(abs(s.energy(rank: 1) - 2.0 / 3) < 4 * Double.epsilon)
    #expect(s.rank(energy: 0.66) == 1)
    #expect(s.rank(energy: 0.67) == 2)
    #expect(s.rank(energy: 1) == 3)
    #expect(s.rank(relativeError: 0) == 3)
    #expect(s.rank(relativeError: 0.99) == 1)
    #expect(s.spectralError(rank: 1) == 1)
    #expect(s.spectralError(rank: 4) == 0)
    #expect(s.conditionNumber == .infinity)
    #expect(s.numericalRank(rows: 4, columns: 4, epsilon: Double.epsilon) == 3)
  }

  @Test func zeroMatricesHaveNoErrorAndFullEnergy() {
    let s = Spectrum([0.0, 0])
    #expect(s.relativeError(rank: 1) == 0)
    #expect(s.energy(rank: 1) == 1)
    #expect(s.rank(energy: 0.99) == 1)
    #expect(Spectrum([Double]()).rank(energy: 0.9) == 1)
  }

  @Test func smallTailsAreNotLostInLargeSums() {
    let s = Spectrum([1e200, 1e-100])
    #expect(abs(s.relativeError(rank: 1) / 1e-300 - 1) < 1e-12)
  }
}
