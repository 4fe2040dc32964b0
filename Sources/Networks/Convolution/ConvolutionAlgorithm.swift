/// The ways to compute a convolution.
public enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// The definition's sums in a blocked loop over rows of results.
  case direct
  /// A matrix product with the matrix of windows.
  case im2col
  /// Winograd's F(2×2, 3×3): 16 products for four results instead of 36.
  case winograd2
  /// Winograd's F(4×4, 3×3): 36 products for sixteen results instead of 144.
  case winograd4
  /// Products of Fourier transforms of overlapping tiles.
  case fft

  /// The tile's side m of Winograd's algorithms.
  var tile: Int? {
    switch self {
    case .winograd2: 2
    case .winograd4: 4
    case .direct, .im2col, .fft: nil
    }
  }
}
