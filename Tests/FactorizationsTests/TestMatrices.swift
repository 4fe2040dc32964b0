import RealModule
import Tensors

@testable import Factorizations

/// Matrices with known singular values, from seeded orthonormal factors.
func matrix<Element: Scalar>(
  _ m: Int, _ n: Int, spectrum: (Int) -> Double, seed: UInt64 = 0, as type: Element.Type
) throws -> Tensor<Element> {
  let p = min(m, n)
  let u = try RandomSource(seed: seed, substream: 101).normal([m, p], as: Double.self)
    .qrDecomposition().q
  let v = try RandomSource(seed: seed, substream: 102).normal([n, p], as: Double.self)
    .qrDecomposition().q
  let scaled = u.scalingColumns(by: (0..<p).map(spectrum))
  return Tensor.matrixProduct(scaled, v, transposeB: true).converted(to: type)
}

/// A spectrum by name: what the randomised methods are tried on.
struct NamedMatrix: Sendable, CustomStringConvertible {
  let name: String
  let make: @Sendable () throws -> Tensor<Double>
  var description: String { name }
}

func power(_ base: Double, _ exponent: Double) -> Double { Double.pow(base, exponent) }

let spectra: [NamedMatrix] = [
  NamedMatrix(name: "gaussian") { RandomSource(seed: 11).normal([200, 150], as: Double.self) },
  NamedMatrix(name: "1/i") {
    try matrix(220, 160, spectrum: { 1 / Double($0 + 1) }, as: Double.self)
  },
  NamedMatrix(name: "1/sqrt(i), wide") {
    try matrix(120, 260, spectrum: { 1 / Double($0 + 1).squareRoot() }, as: Double.self)
  },
  NamedMatrix(name: "1/i^2") {
    try matrix(200, 150, spectrum: { 1 / power(Double($0 + 1), 2) }, as: Double.self)
  },
  NamedMatrix(name: "0.9^i") {
    try matrix(200, 150, spectrum: { power(0.9, Double($0)) }, as: Double.self)
  },
  NamedMatrix(name: "0.5^i") {
    try matrix(150, 200, spectrum: { power(0.5, Double($0)) }, as: Double.self)
  },
  NamedMatrix(name: "graded to 1e-16") {
    try matrix(180, 160, spectrum: { power(10, -16 * Double($0) / 160) }, as: Double.self)
  },
  NamedMatrix(name: "fifty ones, then 1e-3") {
    try matrix(200, 150, spectrum: { $0 < 50 ? 1 : 1e-3 }, as: Double.self)
  },
  NamedMatrix(name: "identity") { .identity(120) },
  NamedMatrix(name: "rank 20") {
    let left = RandomSource(seed: 12).normal([150, 20], as: Double.self)
    return .matrixProduct(left, RandomSource(seed: 13).normal([20, 180], as: Double.self))
  },
  NamedMatrix(name: "near overflow") {
    try matrix(90, 80, spectrum: { 1e306 / Double($0 + 1) }, as: Double.self)
  },
  NamedMatrix(name: "near underflow") {
    try matrix(90, 80, spectrum: { 1e-290 / Double($0 + 1) }, as: Double.self)
  },
]

func hilbert(_ n: Int) -> Tensor<Double> {
  Tensor([n, n], (0..<n * n).map { 1 / Double($0 / n + $0 % n + 1) })
}

/// Every matrix type that LAPACK's own tests use, at every small and some larger sizes.
let sizes: [(Int, Int)] = [
  (0, 0), (0, 3), (3, 0), (1, 1), (1, 5), (5, 1), (2, 2), (2, 3), (3, 2), (3, 3), (10, 10),
  (17, 40), (40, 17), (65, 65), (128, 96),
]

enum MatrixType: CaseIterable {
  case zero, identity, gaussian, graded, constant, rankOne, nearUnderflow, nearOverflow, integers
  /// Upper bidiagonal with zeros on the diagonal: the QR steps fall apart there.
  case brokenBidiagonal

  func make<E: Scalar>(_ m: Int, _ n: Int, as type: E.Type) throws -> Tensor<E> {
    let gaussian = RandomSource(seed: UInt64(m * 1000 + n)).normal([m, n], as: E.self)
    switch self {
    case .zero: return .zeros([m, n])
    case .identity:
      var a = Tensor<E>.zeros([m, n])
      for i in 0..<min(m, n) { a[i, i] = 1 }
      return a
    case .gaussian: return gaussian
    case .graded:
      let digits = -Double.log10(Double(E.epsilon))
      return try matrix(
        m, n, spectrum: { power(10, -digits * Double($0) / Double(max(1, min(m, n)))) },
        as: E.self)
    case .constant: return Tensor(repeating: 3, [m, n])
    case .rankOne:
      return .matrixProduct(
        RandomSource(seed: 1).normal([m, 1], as: E.self),
        RandomSource(seed: 2).normal([1, n], as: E.self))
    case .nearUnderflow: return gaussian * (E.leastNormalMagnitude * 1024)
    case .nearOverflow: return gaussian * (E.greatestFiniteMagnitude / 4096)
    case .brokenBidiagonal:
      var a = Tensor<E>.zeros([m, n])
      for i in 0..<min(m, n) {
        // A zero at the end is chased away by columns, and the others with it.
        let isZero = i % 3 == 1 || i == min(m, n) - 1 && n % 2 == 0
        a[i, i] = isZero ? 0 : gaussian[i, i]
        if i + 1 < n { a[i, i + 1] = 1 }
      }
      return a
    case .integers: return gaussian.mapped { ($0 * 100).rounded() }
    }
  }
}
