public import FileFormats
public import Tensors

extension Picture {
  /// The colour channels as matrices, in sample units (0...255 or 0...65535), alpha left out.
  ///
  /// Every sample is represented exactly, also in `Float`.
  /// - Returns: for `.separate` one matrix [H, W] per colour channel, for `.stacked` one matrix
  ///   [H, C·W].
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func matrices<Element: Scalar>(
    _ mode: ChannelMode, as element: Element.Type = Element.self
  ) -> [Tensor<Element>] {
    let perMatrix = layout.colorChannels / mode.matrixCount(channels: layout.colorChannels)
    return (0..<mode.matrixCount(channels: layout.colorChannels)).map { index in
      Tensor(uninitialized: [height, perMatrix * width]) { target in
        samples.withUnsafeBufferPointer { source in
          for channel in 0..<perMatrix {
            for row in 0..<height {
              let first = row * width * layout.channels + index * perMatrix + channel
              let start = (row * perMatrix + channel) * width
              for column in 0..<width {
                target[start + column] = Element(source[first + column * layout.channels])
              }
            }
          }
        }
      }
    }
  }

  /// This picture with other colours, given as `matrices(_:as:)` would return them; alpha, depth,
  /// origin and colour chunks stay.
  ///
  /// Values are rounded to the nearest sample, ties to even as NumPy does, and clipped to
  /// 0...`maxSample`.
  /// - Parameter matrices: [H, W] per colour channel, or one [H, C·W]; other shapes trap.
  /// - Returns: the picture, and how many samples were clipped: those whose rounded value lies
  ///   outside the range.
  /// - Throws: `NumericalError.notFinite` for a NaN or an infinity, with its index in its matrix.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func replacingColors<Element: Scalar>(
    with matrices: [Tensor<Element>], _ mode: ChannelMode
  ) throws(NumericalError) -> (picture: Picture, clippedSamples: Int) {
    let count = mode.matrixCount(channels: layout.colorChannels)
    let perMatrix = layout.colorChannels / count
    precondition(matrices.count == count, "\(matrices.count) matrices for \(count)")
    var result = samples
    var clipped = 0
    for (index, matrix) in matrices.enumerated() {
      precondition(
        matrix.shape == [height, perMatrix * width],
        "a matrix of \(matrix.shape) for \(height)x\(perMatrix * width)")
      for channel in 0..<perMatrix {
        clipped += try store(
          matrix, columnsFrom: channel * width, asChannel: index * perMatrix + channel, in: &result)
      }
    }
    return (replacingSamples(result), clipped)
  }

  /// Rounds `width` columns of a matrix into one channel of interleaved samples.
  ///
  /// - Returns: the number of clipped samples.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  private func store<Element: Scalar>(
    _ matrix: Tensor<Element>, columnsFrom firstColumn: Int, asChannel channel: Int,
    in samples: inout [UInt16]
  ) throws(NumericalError) -> Int {
    let limit = Element(maxSample)
    // Adding 1.5·2^(significand bits) rounds to the nearest integer, ties to even, and leaves that
    // integer in the low bits: the generic `UInt16(_:)` and `rounded()` take ten times as long.
    let shift = Element(
      sign: .plus, exponent: Element.Exponent(Element.significandBitCount), significand: 1.5)
    let (columns, channels) = (matrix.columns, layout.channels)
    var clipped = 0
    var allFinite = true
    matrix.withUnsafeElements { source in
      samples.withUnsafeMutableBufferPointer { target in
        for row in 0..<height {
          let values = UnsafeBufferPointer(
            rebasing: source[row * columns + firstColumn..<row * columns + firstColumn + width])
          var position = row * width * channels + channel
          for value in values {
            allFinite = allFinite && value.isFinite
            // The largest sample is odd: half a step above it is a tie that rounds up.
            if value < -0.5 || value >= limit + 0.5 { clipped += 1 }
            let clamped = max(0, min(limit, value))
            target[position] = UInt16(
              truncatingIfNeeded: (clamped + shift).significandBitPattern)
            position += channels
          }
        }
      }
    }
    guard allFinite else { throw firstNotFinite(in: matrix) }
    return clipped
  }

  private func firstNotFinite<Element>(in matrix: Tensor<Element>) -> NumericalError {
    let position = matrix.elements.firstIndex { !$0.isFinite } ?? 0
    return .notFinite(
      index: matrix.shape.index(ofPosition: position), value: "\(matrix.elements[position])")
  }
}
