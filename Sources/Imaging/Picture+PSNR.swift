public import FileFormats
import RealModule
public import Tensors

extension Picture {
  /// The peak signal-to-noise ratio against a reference, in decibels: 10·log₁₀(R²/MSE), with R the
  /// full range (255 or 65535) and the mean square error over all colour channels together; alpha
  /// does not count.
  ///
  /// The sum of squares is exact, the result right to a few units in the last place. FORMULAS.md
  /// section 2.
  /// - Returns: infinity for equal colours, nil for pictures without pixels.
  /// - Throws: `NumericalError.shape` when size, colour channels or depth differ.
  public func psnr(against reference: Picture) throws(NumericalError) -> Double? {
    try requireComparable(with: reference)
    guard width > 0, height > 0 else { return nil }
    let count = Double(width) * Double(height) * Double(layout.colorChannels)
    let meanSquare = sumOfSquaredDifferences(to: reference) / count
    let peak = Double(maxSample)
    return meanSquare == 0 ? .infinity : 10 * Double.log10(peak * peak / meanSquare)
  }

  private func sumOfSquaredDifferences(to reference: Picture) -> Double {
    let (step, otherStep) = (layout.channels, reference.layout.channels)
    var sum = 0.0
    samples.withUnsafeBufferPointer { ours in
      reference.samples.withUnsafeBufferPointer { theirs in
        for row in 0..<height {
          // Whole numbers: a row would need 2³² samples to overflow.
          var rowSum: UInt64 = 0
          for pixel in row * width..<(row + 1) * width {
            for channel in 0..<layout.colorChannels {
              let difference =
                Int64(ours[pixel * step + channel]) - Int64(theirs[pixel * otherStep + channel])
              rowSum += UInt64(difference * difference)
            }
          }
          sum += Double(rowSum)
        }
      }
    }
    return sum
  }
}
