import Factorizations
import TestSupport
import Tensors
import Testing

/// LU, Cholesky, symmetric eigenvalues and the exponential of square matrices.
struct SquareMatrixTests {
  static let sizes = [0, 1, 2, 3, 7, 40]

  private func random(_ n: Int, seed: UInt64 = 1) -> Tensor<Double> {
    RandomSource(seed: seed, substream: UInt32(n)).normal([n, n], as: Double.self)
  }

  private func product(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
    Tensor.matrixProduct(a, b)
  }

  /// 100·n·ε, times the norms that a product has.
  private func tolerance(_ n: Int, _ norms: Double...) -> Double {
    100 * Double(max(1, n)) * .ulpOfOne * norms.reduce(1, *)
  }

  @Test("P·L·U is the matrix: a permutation and two triangles", arguments: sizes)
  func factors(n: Int) throws {
    let a = random(n)
    let (p, l, u) = try a.luFactors()
    let back = product(p, product(l, u))
    #expect((back - a).frobeniusNorm() <= tolerance(n, a.frobeniusNorm()))
    for i in 0..<n {
      #expect(l[i, i] == 1 && (0..<n).count { p[i, $0] == 1 } == 1)
      for j in 0..<n {
        #expect(j > i ? l[i, j] == 0 : l[i, j].magnitude <= 1 && (j == i || u[i, j] == 0))
      }
    }
  }

  @Test("Solutions leave no residual, transposed ones neither", arguments: sizes)
  func solutions(n: Int) throws {
    let a = random(n) + Tensor.identity(n) * 3
    let b = RandomSource(seed: 2).normal([n, 3], as: Double.self)
    let lu = try a.luDecomposition()
    let (x, y) = (try lu.solve(b), try lu.solve(b, transposed: true))
    let limit = tolerance(n, a.frobeniusNorm(), x.frobeniusNorm() + y.frobeniusNorm() + 1)
    #expect((product(a, x) - b).frobeniusNorm() <= limit)
    #expect((product(a.transposed(), y) - b).frobeniusNorm() <= limit)
  }

  @Test("Determinants of known matrices, their signs and logarithms")
  func determinants() throws {
    let cases: [([Double], Int, Double)] = [
      ([], 0, 1), ([-3], 1, -3), ([1, 2, 3, 4], 2, -2), ([0, 1, 1, 0], 2, -1),
      ([2, 0, 0, 0, 3, 0, 0, 0, 4], 3, 24), ([0, 1, 0, 0, 0, 1, 1, 0, 0], 3, 1),
      ([1, 2, 2, 4], 2, 0),
    ]
    for (elements, n, expected) in cases {
      let lu = try Tensor<Double>([n, n], elements).luDecomposition()
      #expect((lu.determinant - expected).magnitude <= 1e-14 * max(1, expected.magnitude))
      let (sign, logarithm) = lu.logDeterminant
      #expect(sign == (expected == 0 ? 0 : expected < 0 ? -1 : 1))
      let rebuilt = sign * Double.exp(logarithm)
      #expect((rebuilt - expected).magnitude <= 1e-14 * max(1, expected.magnitude))
    }
    // Products of many pivots leave the range of numbers; their logarithm does not.
    let large = Tensor<Double>.identity(400) * 1e5
    #expect(try large.luDecomposition().logDeterminant.logarithm.isFinite)
  }

  @Test("Singular matrices and triangles name their pivot; Inf and NaN are refused")
  func singular() throws {
    let a = Tensor<Double>([2, 2], [1, 2, 2, 4])
    #expect(try a.luDecomposition().zeroPivot == 1)
    #expect(throws: NumericalError.singular(pivot: 1)) {
      try a.luDecomposition().solve(.identity(2))
    }
    #expect(throws: NumericalError.singular(pivot: 0)) {
      try Tensor<Double>([2, 2], [0, 1, 0, 1]).solveTriangle(.identity(2), isUpper: true)
    }
    for wrong in [Double.infinity, .nan] {
      let b = Tensor<Double>([2, 2], [1, 0, wrong, 1])
      #expect(throws: NumericalError.self) { try b.luDecomposition() }
      #expect(throws: NumericalError.self) { try b.luFactors() }
      #expect(throws: NumericalError.self) { try b.choleskyFactor() }
      #expect(throws: NumericalError.self) { try b.symmetricEigendecomposition() }
      #expect(throws: NumericalError.self) { try b.matrixExponential() }
    }
  }

  @Test("A triangle's other half is not read", arguments: [true, false])
  func triangles(isUpper: Bool) throws {
    let a = random(5) + Tensor.identity(5) * 4
    var triangle = a
    for i in 0..<5 {
      for j in 0..<5 where (j > i) != isUpper && i != j { triangle[i, j] = 0 }
    }
    let b = random(5, seed: 3)
    for transposed in [false, true] {
      let x = try a.solveTriangle(b, isUpper: isUpper, transposed: transposed)
      let back = product(transposed ? triangle.transposed() : triangle, x)
      #expect((back - b).frobeniusNorm() <= tolerance(5, a.frobeniusNorm(), x.frobeniusNorm()))
    }
  }

  @Test("L·Lᵀ is the matrix; what is not positive definite says where", arguments: sizes)
  func cholesky(n: Int) throws {
    let g = random(n)
    let a = product(g.transposed(), g) + Tensor.identity(n)
    let l = try a.choleskyFactor()
    #expect((product(l, l.transposed()) - a).frobeniusNorm() <= tolerance(n, a.frobeniusNorm()))
    for i in 0..<n {
      #expect(l[i, i] > 0)
      for j in i + 1..<max(n, i + 1) { #expect(l[i, j] == 0) }
    }
    guard n > 1 else { return }
    var wrong = a
    wrong[1, 1] = -1
    #expect(throws: NumericalError.notPositiveDefinite(minor: 2)) { try wrong.choleskyFactor() }
  }

  @Test("V·diag(w)·Vᵀ is the matrix, V orthogonal, w ascending", arguments: sizes)
  func eigenvalues(n: Int) throws {
    let g = random(n)
    let a = (g + g.transposed()) * 0.5
    let found = try a.symmetricEigendecomposition()
    let (w, v) = (found.values.elements, found.vectors)
    #expect(w == w.sorted())
    let back = product(v.scalingColumns(by: w), v.transposed())
    #expect((back - a).frobeniusNorm() <= tolerance(n, a.frobeniusNorm()))
    let identity = Tensor<Double>.identity(n)
    #expect((product(v.transposed(), v) - identity).frobeniusNorm() <= tolerance(n))
    for column in 0..<n {
      let entries = (0..<n).map { v[$0, column] }
      let largest = entries.max { $0.magnitude < $1.magnitude } ?? 0
      #expect(largest > 0)
    }
  }

  @Test(
    "e^A·e^−A = 1 for norms on both sides of every degree", arguments: [0.01, 0.2, 0.8, 2, 5, 30])
  func exponential(norm: Double) throws {
    let g = random(6)
    let skew = g - g.transposed()
    let a = skew * (norm / skew.frobeniusNorm())
    let (forth, back) = (try a.matrixExponential(), try (-a).matrixExponential())
    let identity = Tensor<Double>.identity(6)
    // Of a skew matrix the exponential is orthogonal: its norm is √6.
    #expect((product(forth, back) - identity).frobeniusNorm() <= tolerance(6, 1 + norm))
    #expect((forth.transposed() - back).frobeniusNorm() <= tolerance(6, 1 + norm))
  }

  @Test("Exponentials that are known, and one that overflows")
  func knownExponentials() throws {
    let diagonal = Tensor<Double>([2, 2], [1, 0, 0, -20])
    let found = try diagonal.matrixExponential()
    #expect((found[0, 0] - 2.718281828459045).magnitude <= 1e-14 && found[0, 1] == 0)
    #expect((found[1, 1] / 2.061153622438558e-9 - 1).magnitude <= 1e-12)
    let nilpotent = Tensor<Double>([2, 2], [0, 7, 0, 0])
    #expect(try nilpotent.matrixExponential().elements == [1, 7, 0, 1])
    #expect(try Tensor<Double>.zeros([3, 3]).matrixExponential() == .identity(3))
    #expect(try Tensor<Double>.zeros([0, 0]).matrixExponential().count == 0)
    #expect(throws: NumericalError.self) {
      try Tensor<Double>([1, 1], [1000]).matrixExponential()
    }
  }
}
