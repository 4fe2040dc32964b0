public import FileFormats
public import Tensors

extension Picture {
  /// The mean structural similarity to a reference (Wang, Bovik, Sheikh & Simoncelli 2004,
  /// "Image quality assessment", IEEE TIP 13(4)): 1 for equal colours, smaller otherwise.
  ///
  /// Gaussian window with σ = 1.5 cut at 3.5σ (11×11), population covariance, K = (0.01, 0.03),
  /// R = 255 or 65535; averaged over the positions where the whole window lies inside the picture,
  /// then over the colour channels; alpha does not count. Equal, to 1e-9 or better, to
  /// scikit-image's `structural_similarity(gaussian_weights=True, sigma=1.5,
  /// use_sample_covariance=False, data_range=R)`.
  /// - Returns: nil below 11 pixels in either direction.
  /// - Throws: `NumericalError.shape` when size, colour channels or depth differ.
  public func ssim(against reference: Picture) throws(NumericalError) -> Double? {
    try requireComparable(with: reference)
    guard width >= SSIMWindow.width, height >= SSIMWindow.width else { return nil }
    var sum = 0.0
    for channel in 0..<layout.colorChannels {
      var filter = SSIMFilter(width: width, range: Double(maxSample))
      for row in 0..<height {
        filter.append(channelRow(row, channel), reference.channelRow(row, channel))
      }
      sum += filter.mean
    }
    return sum / Double(layout.colorChannels)
  }

  /// One row of one channel.
  private func channelRow(_ row: Int, _ channel: Int) -> [Double] {
    let first = row * width * layout.channels + channel
    return samples.withUnsafeBufferPointer { source in
      (0..<width).map { Double(source[first + $0 * layout.channels]) }
    }
  }
}
