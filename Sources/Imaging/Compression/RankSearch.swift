public import Factorizations
import RealModule
public import Tensors

extension LowRankModel {
  /// The smallest rank whose picture, as it would be written, has a PSNR of at least `goal`.
  ///
  /// By bisection: rounding and clipping leave the PSNR rising with the rank but for ties, so
  /// the rank found is one that meets the goal while the next smaller one does not.
  /// - Returns: nil when the model's largest rank does not meet it, or for a matrix.
  /// - Throws: `NumericalError.notFinite`.
  public func rank(
    psnr goal: Double, of subject: PictureOrMatrix
  ) throws(NumericalError) -> Int? {
    func meets(_ rank: Int) throws(NumericalError) -> Bool {
      try subject.quality(of: reconstructions(rank: rank))?.psnr ?? -.infinity >= goal
    }
    var low = 1
    var high = largestRank
    guard try meets(high) else { return nil }
    while low < high {
      let middle = (low + high) / 2
      if try meets(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension PictureOrMatrix {
  /// The relative Frobenius error whose mean square, before rounding and clipping, gives a PSNR;
  /// at most 1.
  public func relativeError<Element: Scalar>(
    psnr: Double, of matrices: [Tensor<Element>]
  ) -> Double {
    guard case .picture(let picture, _) = self else { return 1 }
    let norm = matrices.reduce(0.0) { Double.hypot($0, $1.frobeniusNorm()) }
    guard norm > 0 else { return 1 }
    let count = Double(matrices.count) * Double(matrixShape.count)
    let error = Double(picture.maxSample) * Double.exp10(-psnr / 20) * count.squareRoot()
    return min(1, error / norm)
  }
}
