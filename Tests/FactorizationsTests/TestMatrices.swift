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
