import Tensors
import Testing
import VectorMathClones

@testable import Factorizations

/// Sizes on both sides of what `SmallSVD` takes.
private let batchSizes: [(Int, Int)] =
  sizes + [(7, 7), (8, 8), (9, 9), (32, 32), (36, 70), (70, 36), (16, 256), (97, 97), (2, 200)]

@Suite struct SmallSVDTests {
  @Test(arguments: batchSizes)
  func batchesMeetLAPACKsTestRatios(size: (Int, Int)) throws {
    for type in MatrixType.allCases {
      try check(type.make(size.0, size.1, as: Double.self), "\(type) f64")
      try check(type.make(size.0, size.1, as: Float.self), "\(type) f32")
    }
  }

  /// A matrix, others made of it, and an odd one that leaves lanes empty: each gets its own factors.
  private func check<E: Scalar>(_ a: Tensor<E>, _ comment: Comment) throws {
    let (m, n, p) = (a.rows, a.columns, min(a.rows, a.columns))
    let count = 11
    let batch = Tensor(
      [count, m, n],
      (0..<count).flatMap { index -> [E] in
        switch index % 4 {
        case 0: a.elements
        case 1: a.elements.reversed()
        case 2: [E](repeating: 0, count: m * n)
        default: (a * E(index)).elements.map { $0 / 16 }
        }
      })
    let result = try batch.batchedSingularValueDecomposition()
    #expect(result.u.shape == [count, m, p] && result.vt.shape == [count, p, n])
    for index in 0..<count {
      let one = batch.sliced([index..<index + 1, 0..<m, 0..<n]).reshaped([m, n])
      let svd = SingularValueDecomposition(
        u: result.u.sliced([index..<index + 1, 0..<m, 0..<p]).reshaped([m, p]),
        singularValues: Array(result.singularValues.elements[index * p..<(index + 1) * p]),
        vt: result.vt.sliced([index..<index + 1, 0..<p, 0..<n]).reshaped([p, n]))
      let ratios = one.lapackTestRatios(of: svd)
      #expect(ratios.pass, "\(comment): \(ratios)")
      #expect(zip(svd.singularValues, svd.singularValues.dropFirst()).allSatisfy { $0 >= $1 })
      #expect(svd.singularValues.allSatisfy { $0 >= 0 })
      expectPositiveLargestEntries(svd.u, comment)
      // Weyl: each within the sum of both backward errors, 30 of LAPACK's units each.
      let reference = try one.singularValues()
      let bound = 60 * E(max(m, n)) * E.epsilon * (reference.first ?? 0) + .leastNormalMagnitude
      for (ours, lapacks) in zip(svd.singularValues, reference) {
        #expect((ours - lapacks).magnitude <= bound, "\(comment)")
      }
    }
  }

  private func expectPositiveLargestEntries<E: Scalar>(_ u: Tensor<E>, _ comment: Comment) {
    for j in 0..<u.columns {
      let column = u.columns(j..<j + 1).elements
      let largest = column.map(\.magnitude).max() ?? 0
      let first = column.first { $0.magnitude == largest } ?? 0
      #expect(first >= 0, "\(comment): column \(j)")
    }
  }

  @Test func aBatchRefusesWhatIsNotFinite() throws {
    for position in [0, 30, 59] {
      var a = RandomSource(seed: 22).normal([5, 3, 4], as: Double.self)
      a.withUnsafeMutableElements { $0[position] = .infinity }
      #expect(throws: NumericalError.self) { try a.batchedSingularValueDecomposition() }
    }
  }

  @Test(arguments: [(1, 1), (6, 9), (32, 32), (40, 24), (24, 40)])
  func addsTheWantedTriplesOnly(size: (Int, Int)) throws {
    let (m, n) = size
    let a = RandomSource(seed: 23).normal([m, n], as: Double.self)
    let reference = try a.singularValueDecomposition()
    var small = SmallSVD<Double>(rows: m, columns: n)
    a.withUnsafeElements { small.decompose($0.baseAddress!, at: [0], stride: n) }
    let converged = small.hasConverged(0)
    #expect(converged)
    for count in Set([0, 1, min(3, m, n), min(m, n)]) {
      // Added into the middle of a wider target, whose border must stay.
      let stride = n + 3
      var target = [Double](repeating: 7, count: m * stride)
      let weights = (0..<count).map { Double($0 + 1) }
      weights.withUnsafeBufferPointer { weights in
        target.withUnsafeMutableBufferPointer {
          small.add(0, weights: weights, to: $0.baseAddress! + 1, stride: stride)
        }
      }
      var wanted = reference.truncated(to: count)
      wanted.singularValues = weights
      let expected = wanted.reconstructed()
      // The vectors of values with a relative gap of 1e-3 or more: eps over the gap.
      let bound = Double(max(m, n)) * Double.epsilon * 1e3 * Double(max(1, count))
      for i in 0..<m {
        for j in 0..<stride {
          let inside = j >= 1 && j <= n
          let difference = target[i * stride + j] - 7 - (inside ? expected[i, j - 1] : 0)
          #expect(difference.magnitude <= (inside ? bound : 0))
        }
      }
    }
  }

  @Test(arguments: 0..<Int(small_svd_clone_count()))
  func everyVariantDecomposes(index: Int) throws {
    let variant = small_svd_clone(Int32(index))
    guard variant.isSupported else { return }
    for (m, n) in [(1, 1), (5, 3), (32, 32), (36, 70), (61, 20)] {
      let p = min(m, n)
      var (s, sf) = ([Double](repeating: 0, count: p), [Float](repeating: 0, count: p))
      var u = Tensor<Double>.zeros([m, p])
      var vt = Tensor<Double>.zeros([p, n])
      var (uf, vtf) = (Tensor<Float>.zeros([m, p]), Tensor<Float>.zeros([p, n]))
      var (sum, sumf) = (Tensor<Double>.zeros([m, n]), Tensor<Float>.zeros([m, n]))
      let a = RandomSource(seed: 24).normal([m, n], as: Double.self)
      let af = a.converted(to: Float.self)
      let space = UnsafeMutableRawPointer.allocate(
        byteCount: Double.smallSVDWorkspace(m: m, n: n), alignment: 64)
      defer { space.deallocate() }
      withPointers(a, &u, &vt, &sum) { a, u, vt, sum in
        var source: UnsafePointer<Double>? = a
        #expect(variant.decompose_d(&source, 1, n, m, n, &s, space) == 0)
        variant.vectors_d(space, 0, p, u, vt)
        variant.add_d(space, 0, p, s, sum, n)
      }
      withPointers(af, &uf, &vtf, &sumf) { a, u, vt, sum in
        var source: UnsafePointer<Float>? = a
        #expect(variant.decompose_f(&source, 1, n, m, n, &sf, space) == 0)
        variant.vectors_f(space, 0, p, u, vt)
        variant.add_f(space, 0, p, sf, sum, n)
      }
      let name = "\(String(cString: variant.name)) \(m)x\(n)"
      let svd = SingularValueDecomposition(u: u, singularValues: s, vt: vt)
      let svdf = SingularValueDecomposition(u: uf, singularValues: sf, vt: vtf)
      #expect(a.lapackTestRatios(of: svd).pass, "\(name) f64")
      #expect(af.lapackTestRatios(of: svdf).pass, "\(name) f32")
      let scale = 30 * Double(max(m, n)) * s[0]
      #expect((sum - a).frobeniusNorm() <= scale * Double.epsilon, "\(name) f64")
      #expect((sumf - af).frobeniusNorm() <= scale * Double(Float.epsilon), "\(name) f32")
    }
  }

  private func withPointers<E: Scalar>(
    _ a: Tensor<E>, _ u: inout Tensor<E>, _ vt: inout Tensor<E>, _ sum: inout Tensor<E>,
    _ body: (
      UnsafePointer<E>, UnsafeMutablePointer<E>, UnsafeMutablePointer<E>, UnsafeMutablePointer<E>
    ) -> Void
  ) {
    a.withUnsafeElements { a in
      u.withUnsafeMutableElements { u in
        vt.withUnsafeMutableElements { vt in
          sum.withUnsafeMutableElements { sum in
            guard let a = a.baseAddress, let u = u.baseAddress, let vt = vt.baseAddress,
              let sum = sum.baseAddress
            else { return }
            body(a, u, vt, sum)
          }
        }
      }
    }
  }
}
