import RealModule
import Tensors
import Testing

@testable import Factorizations

@Suite struct RandomizedSVDTests {
  @Test(arguments: spectra, [1, 5, 20, 50])
  func isWithinTwoPerCentOfTheOptimum(named: NamedMatrix, rank: Int) throws {
    let a = try named.make()
    let spectrum = Spectrum(try a.singularValues())
    let optimum = spectrum.relativeError(rank: rank)
    for seed in 0..<3 as Range<UInt64> {
      let result = try a.randomizedSVD(rank: rank, options: RandomizedOptions(seed: seed))
      let error = a.residualNorm(of: result.decomposition) / spectrum.frobeniusNorm
      // Errors at the level of rounding have no meaningful ratio.
      let rounding = 10 * Double.epsilon * Double(max(a.rows, a.columns)).squareRoot()
      #expect(error <= 1.02 * optimum + rounding, "\(error / optimum)")
      #expect(error >= optimum * (1 - 1e-9) - rounding)
      expectSound(result.decomposition, of: a, rank: rank)
      for (projected, exact) in zip(result.projectedSingularValues, spectrum.values) {
        #expect(projected <= exact + 100 * Double.epsilon * spectrum.values[0])
      }
    }
  }

  private func expectSound<E: Scalar>(
    _ svd: SingularValueDecomposition<E>, of a: Tensor<E>, rank: Int
  ) {
    let k = min(rank, a.rows, a.columns)
    #expect(svd.u.shape == [a.rows, k] && svd.vt.shape == [k, a.columns])
    let tolerance = 30 * E.epsilon * E(max(a.rows, a.columns))
    let left = Tensor.matrixProduct(svd.u, svd.u, transposeA: true) - .identity(k)
    let right = Tensor.matrixProduct(svd.vt, svd.vt, transposeB: true) - .identity(k)
    #expect(left.maximumMagnitude() < tolerance)
    #expect(right.maximumMagnitude() < tolerance)
  }

  @Test(arguments: [0, 1, 3], [true, false])
  func everySettingGivesAnOrthonormalResult(iterations: Int, single: Bool) throws {
    let a = try matrix(70, 90, spectrum: { power(0.8, Double($0)) }, as: Double.self)
    let options = RandomizedOptions(
      oversample: 4, powerIterations: iterations, seed: 5, sketchesInSinglePrecision: single)
    let result = try a.randomizedSVD(rank: 12, options: options)
    expectSound(result.decomposition, of: a, rank: 12)
    let small = try a.converted(to: Float.self).randomizedSVD(rank: 12, options: options)
    expectSound(small.decomposition, of: a.converted(to: Float.self), rank: 12)
  }

  /// Halko, Martinsson & Tropp 2011, Theorems 10.5 and 10.6: bounds on expectations, so a mean
  /// over seeds is compared, with three standard errors of room.
  @Test(arguments: spectra.prefix(6))
  func theRangeFinderMeetsItsExpectedBounds(named: NamedMatrix) throws {
    let a = try named.make()
    let (k, p) = (10, 5)
    let spectrum = Spectrum(try a.singularValues())
    let tail = spectrum.relativeError(rank: k) * spectrum.frobeniusNorm
    let next = spectrum.spectralError(rank: k)
    let (dk, dp) = (Double(k), Double(p))
    let frobeniusBound = (1 + dk / (dp - 1)).squareRoot() * tail
    let spectralBound =
      (1 + (dk / (dp - 1)).squareRoot()) * next
      + Double.exp(1) * (dk + dp).squareRoot() / dp * tail
    var frobenius: [Double] = []
    var spectral: [Double] = []
    for seed in 0..<20 as Range<UInt64> {
      let test = RandomSource(seed: seed, stream: .sketch)
        .normal([k + p, a.columns], as: Double.self)
      let q = try RowOperator(a, transposed: false).forward(test).orthonormalizedRows()
      var residual = a
      residual.accumulateProduct(q, .matrixProduct(q, a), transposeA: true, alpha: -1)
      frobenius.append(residual.frobeniusNorm())
      spectral.append(try residual.singularValues()[0])
    }
    #expect(mean(frobenius) <= frobeniusBound)
    #expect(mean(spectral) <= spectralBound)
  }

  private func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

  @Test(arguments: spectra, [0.5, 0.1, 1e-3, 1e-9])
  func meetsATolerance(named: NamedMatrix, tolerance: Double) throws {
    let a = try named.make()
    let norm = a.frobeniusNorm()
    let spectrum = Spectrum(try a.singularValues())
    let result = try a.randomizedSVD(tolerance: tolerance)
    let cut = result.decomposition.truncated(to: result.rank)
    let error = a.residualNorm(of: cut) / norm
    #expect(error <= tolerance * (1 + 1e-6) + 1e-14)
    expectSound(result.decomposition, of: a, rank: result.decomposition.singularValues.count)
    let optimal = spectrum.rank(relativeError: tolerance)
    let found = result.rank
    #expect(found >= optimal - (tolerance < 1e-8 ? 1 : 0))
    // Not more than a few per cent beyond the optimum.
    #expect(found <= optimal + max(2, optimal / 20), "\(found) against \(optimal)")
  }

  @Test func toleranceOnAZeroMatrixFindsRankZero() throws {
    let result = try Tensor<Double>.zeros([5, 4]).randomizedSVD(tolerance: 0.1)
    #expect(result.decomposition.singularValues.isEmpty)
    #expect(result.rank == 0 && result.relativeError == 0)
  }

  @Test func zeroEmptyAndTinyMatrices() throws {
    for (m, n) in [(0, 0), (0, 4), (4, 0), (1, 1), (1, 6), (6, 1), (2, 2)] {
      let a = Tensor<Double>.zeros([m, n])
      let result = try a.randomizedSVD(rank: 1).decomposition
      #expect(result.singularValues == [Double](repeating: 0, count: min(1, m, n)))
    }
  }

  @Test func sameSeedSameBits() throws {
    let a = RandomSource(seed: 30).normal([60, 50], as: Double.self)
    let first = try a.randomizedSVD(rank: 7).decomposition
    #expect(first.u == (try a.randomizedSVD(rank: 7).decomposition.u))
    let other = try a.randomizedSVD(rank: 7, options: RandomizedOptions(seed: 1)).decomposition
    #expect(first.u != other.u)
  }

  @Test func estimatesBracketTheSpectralError() throws {
    for named in spectra.prefix(8) {
      let a = try named.make()
      let svd = try a.randomizedSVD(rank: 10).decomposition
      let exact = try (a - svd.reconstructed()).singularValues()[0]
      let below = try a.residualSpectralEstimate(of: svd)
      #expect(below <= exact * (1 + 1e-9))
      #expect(below >= exact * 0.9, "\(named): \(below) of \(exact)")
      // Wrong with probability 1e-10 by the theorem.
      #expect(a.residualSpectralBound(of: svd) >= exact)
    }
  }

  @Test func orthonormalizesHopelessRows() throws {
    let row = RandomSource(seed: 31).normal([1, 40], as: Double.self)
    let tiny = RandomSource(seed: 32).normal([1, 40], as: Double.self) * 1e-200
    let rows = row.appendingRows(row).appendingRows(tiny).appendingRows(.zeros([1, 40]))
    let q = try rows.orthonormalizedRows()
    let gram = Tensor.matrixProduct(q, q, transposeB: true)
    #expect((gram - .identity(4)).maximumMagnitude() < 100 * Double.epsilon)
    var rest = row
    rest.projectOut(q)
    #expect(rest.frobeniusNorm() < 100 * Double.epsilon * row.frobeniusNorm())
  }
}

/// Matrices whose range is exhausted by the first blocks: what is left to sketch is rounding, in
/// the very coordinates that the basis already holds.
private let exhaustible: [NamedMatrix] = [
  NamedMatrix(name: "ones") { Tensor(repeating: 1, [300, 280]) },
  NamedMatrix(name: "twenty rows") {
    var a = Tensor<Double>.zeros([300, 300])
    let rows = RandomSource(seed: 41).normal([20, 300], as: Double.self)
    for i in 0..<20 { for j in 0..<300 { a[13 * i, j] = rows[i, j] } }
    return a
  },
  NamedMatrix(name: "one column") {
    var a = Tensor<Double>.zeros([90, 200])
    for i in 0..<90 { a[i, 7] = Double(i) }
    return a
  },
  NamedMatrix(name: "blocks") {
    Tensor([400, 300], (0..<120_000).map { $0 / 300 / 40 == $0 % 300 / 30 ? 1 : 0 })
  },
  NamedMatrix(name: "rank 5") {
    .matrixProduct(
      RandomSource(seed: 42).normal([300, 5], as: Double.self),
      RandomSource(seed: 43).normal([5, 400], as: Double.self))
  },
]

@Suite struct ExhaustedRangeTests {
  @Test(arguments: exhaustible, [0.5, 0.01, 1e-8, 1e-13, 0])
  func aSearchEndsWithASoundResult(named: NamedMatrix, tolerance: Double) throws {
    let a = try named.make()
    try check(a, tolerance)
    try check(a.transposed(), tolerance)
    try check(a.converted(to: Float.self), max(tolerance, 1e-5))
  }

  private func check<E: Scalar>(_ a: Tensor<E>, _ tolerance: Double) throws {
    let result = try a.randomizedSVD(tolerance: tolerance)
    let svd = result.decomposition
    let ratios = a.lapackTestRatios(of: svd)
    #expect(max(ratios.leftOrthogonality, ratios.rightOrthogonality) < LAPACKTestRatios.limit)
    let error = a.residualNorm(of: svd.truncated(to: result.rank)) / a.frobeniusNorm()
    let rounding = 30 * Double(E.epsilon) * Double(max(a.rows, a.columns)).squareRoot()
    #expect(error <= tolerance + rounding)
    let spectrum = Spectrum(try a.singularValues())
    if tolerance >= 1e-8 {
      #expect(result.rank == spectrum.rank(relativeError: tolerance))
    }
  }

  @Test(arguments: exhaustible, [1, 10, 100])
  func aFixedRankIsSound(named: NamedMatrix, rank: Int) throws {
    let a = try named.make()
    for iterations in [0, 1, 2, 5] {
      let result = try a.randomizedSVD(
        rank: rank, options: RandomizedOptions(powerIterations: iterations))
      let ratios = a.lapackTestRatios(of: result.decomposition)
      #expect(max(ratios.leftOrthogonality, ratios.rightOrthogonality) < LAPACKTestRatios.limit)
    }
  }

  @Test func newDirectionsDropWhatTheBasisHolds() throws {
    let basis = try RandomSource(seed: 44).normal([5, 30], as: Double.self).orthonormalizedRows()
    let fresh = RandomSource(seed: 45).normal([2, 30], as: Double.self)
    let rows = basis.rows(0..<3).appendingRows(fresh)
    let found = try rows.newDirections(beside: basis, noise: 1e-10)
    #expect(found.rows == 2)
    let all = basis.appendingRows(found)
    let gram = Tensor.matrixProduct(all, all, transposeB: true)
    #expect((gram - .identity(7)).maximumMagnitude() < 1e-14)
    #expect(try basis.newDirections(beside: basis, noise: 1e-10).rows == 0)
  }
}

@Suite struct ExtremeTests {
  @Test(arguments: [0x1p-1030, 1e-200, 1e200, 1e300])
  func everyScaleGivesTheSameErrors(scale: Double) throws {
    let plain = RandomSource(seed: 46).normal([60, 50], as: Double.self)
    let a = plain * scale
    let svd = try a.randomizedSVD(rank: 10)
    let error = a.residualNorm(of: svd.decomposition) / a.frobeniusNorm()
    let expected = Spectrum(try plain.singularValues()).relativeError(rank: 10)
    // Subnormal numbers have few digits.
    #expect(abs(error / expected - 1) < (scale < 1e-300 ? 1e-1 : 0.02))
    let search = try a.randomizedSVD(tolerance: 0.5)
    let reached = a.residualNorm(of: search.decomposition.truncated(to: search.rank))
    #expect(reached / a.frobeniusNorm() <= 0.51)
  }

  @Test func aNormBeyondTheTypeIsRefused() {
    let a = Tensor<Double>(repeating: 1e308, [20, 20])
    func isRefused(_ body: () throws -> Void) -> Bool {
      do {
        try body()
        return false
      } catch NumericalError.tooLarge {
        return true
      } catch {
        return false
      }
    }
    #expect(isRefused { _ = try a.singularValueDecomposition() })
    #expect(isRefused { _ = try a.singularValues() })
    #expect(isRefused { _ = try a.qrDecomposition() })
    #expect(isRefused { _ = try a.randomizedSVD(rank: 2) })
    #expect(isRefused { _ = try a.randomizedSVD(tolerance: 0.1) })
  }

  @Test func hugeOptionsAreBounded() throws {
    let a = RandomSource(seed: 47).normal([40, 30], as: Double.self)
    let options = RandomizedOptions(oversample: .max, powerIterations: .max)
    let result = try a.randomizedSVD(rank: 3, options: options)
    let optimum = Spectrum(try a.singularValues()).relativeError(rank: 3)
    let error = a.residualNorm(of: result.decomposition) / a.frobeniusNorm()
    #expect(abs(error - optimum) < 1e-9)
  }

  @Test func aNaNNeverVerifies() throws {
    let a = RandomSource(seed: 48).normal([6, 4], as: Double.self)
    var svd = try a.singularValueDecomposition()
    #expect(a.lapackTestRatios(of: svd).pass)
    svd.u[2, 1] = .nan
    #expect(!a.lapackTestRatios(of: svd).pass)
  }

  @Test func workspacesBeyond32BitsAreNotTrusted() throws {
    #expect(SVDDriver.usable(rows: 30_000, columns: 30_000, vectors: true) == [.gesvd])
    #expect(SVDDriver.usable(rows: 20_000, columns: 20_000, vectors: true).first == .gesdd)
    // What a wrapped query answers for a 30,000 square.
    #expect(try workspaceLength(Double(2_010_000), minimum: 5_000_000) == 5_000_000)
    #expect(try workspaceLength(Double(-7), minimum: 12) == 12)
    #expect(throws: NumericalError.self) {
      try workspaceLength(Double(10), minimum: 3_000_000_000)
    }
  }
}
