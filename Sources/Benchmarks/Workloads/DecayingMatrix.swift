import Factorizations
import Tensors

/// Matrices whose spectrum falls like a picture's.
enum DecayingMatrix {
  /// The number of planted singular values.
  private static let planted = 400

  /// A matrix [m, n] with the singular values 100/i, i = 1…400, and Gaussian noise.
  ///
  /// `U·diag(100/i)·Vᵀ + noise·N` with random orthonormal U and V.
  /// - Parameter noise: the standard deviation of the noise on every entry.
  static func make(
    _ m: Int, _ n: Int, noise: Double = 1e-3, seed: UInt64 = 0
  ) throws(NumericalError) -> Tensor<Double> {
    let count = min(m, n, planted)
    func basis(_ length: Int, _ substream: UInt32) throws(NumericalError) -> Tensor<Double> {
      try RandomSource(seed: seed, substream: substream)
        .normal([length, count], as: Double.self).qrDecomposition().q
    }
    let values = (1...count).map { 100 / Double($0) }
    let left = try basis(m, 0).scalingColumns(by: values)
    let right = try basis(n, 1)
    var result = RandomSource(seed: seed, stream: .noise).normal([m, n], as: Double.self) * noise
    result.accumulateProduct(left, right, transposeB: true)
    return result
  }
}
