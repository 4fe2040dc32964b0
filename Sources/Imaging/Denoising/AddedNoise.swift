public import Tensors

extension PictureOrMatrix {
  /// The matrices with white Gaussian noise added; neither rounded nor clipped.
  ///
  /// A sample's noise is a function of (seed, colour channel, row, column) alone, whatever the
  /// channel mode: channel c is drawn row by row from substream c of `RandomSource`'s `.noise`. A
  /// matrix is one channel. `Float` results are the `Float` samples plus the rounded `Double`
  /// noise. One channel of noise in `Double` stands beside the result.
  /// - Parameters:
  ///   - sigma: the standard deviation in the units of the numbers, for a picture samples; finite
  ///     and not negative.
  ///   - seed: equal seeds give equal noise.
  /// - Returns: matrices as `matrices(as:)` returns them.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func matrices<Element: Scalar>(
    as type: Element.Type, addingNoise sigma: Double, seed: UInt64
  ) -> [Tensor<Element>] {
    precondition(sigma >= 0 && sigma.isFinite, "noise of standard deviation \(sigma)")
    var result = matrices(as: type)
    for channel in 0..<colorChannels {
      let noise = RandomSource(seed: seed, stream: .noise, substream: UInt32(channel))
        .normal(channelShape, as: Double.self)
      result[channel / channelsPerMatrix].add(
        noise, times: sigma, atColumn: channel % channelsPerMatrix * channelShape[1])
    }
    return result
  }
}

extension Tensor {
  /// Adds `factor` times a block to all rows of a matrix, the block's first column at `first`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  fileprivate mutating func add(
    _ block: Tensor<Double>, times factor: Double, atColumn first: Int
  ) {
    let (rows, columns, width) = (rows, columns, block.columns)
    precondition(block.rows == rows && first + width <= columns, "a block beyond the matrix")
    withUnsafeMutableElements { target in
      block.withUnsafeElements { source in
        for row in 0..<rows {
          let start = row * columns + first
          for column in 0..<width {
            target[start + column] += Element(factor * source[row * width + column])
          }
        }
      }
    }
  }
}
