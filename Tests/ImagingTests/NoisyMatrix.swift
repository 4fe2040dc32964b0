import Factorizations
import RealModule
import Tensors

/// Seeded matrices of noise, with or without a signal of known singular values in them.
enum NoisyMatrix {
  /// Standard normal noise [m, n].
  static func noise(_ m: Int, _ n: Int, seed: UInt64) -> Tensor<Double> {
    RandomSource(seed: seed, stream: .noise).normal([m, n], as: Double.self)
  }

  /// A matrix [m, n] of the given singular values and random singular vectors.
  static func signal(
    _ m: Int, _ n: Int, _ values: [Double], seed: UInt64
  ) throws -> Tensor<Double> {
    let u = try RandomSource(seed: seed, substream: 1).normal([m, values.count], as: Double.self)
      .qrDecomposition().q
    let v = try RandomSource(seed: seed, substream: 2).normal([n, values.count], as: Double.self)
      .qrDecomposition().q
    return .matrixProduct(u.scalingColumns(by: values), v, transposeB: true)
  }

  /// Noise [m, n] averaged over windows of 3×3, rows and columns wrapping around.
  static func blurredNoise(_ m: Int, _ n: Int, seed: UInt64) -> Tensor<Double> {
    let source = noise(m, n, seed: seed).elements
    var result = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        for (di, dj) in (0..<9).map({ ($0 / 3, $0 % 3) }) {
          result[i * n + j] += source[(i + di) % m * n + (j + dj) % n]
        }
      }
    }
    return Tensor([m, n], result)
  }

  /// Noise [m, n] whose standard deviation grows from 1 in the first row to `last` in the last.
  static func unevenNoise(_ m: Int, _ n: Int, last: Double, seed: UInt64) -> Tensor<Double> {
    noise(m, n, seed: seed)
      .scalingRows(by: (0..<m).map { 1 + (last - 1) * Double($0) / Double(m - 1) })
  }
}
