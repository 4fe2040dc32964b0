import FileFormats
public import Tensors

extension PictureOrMatrix {
  /// Refuses a reference that cannot be compared number by number.
  ///
  /// Pictures have to agree in size, colour channels and depth, matrices in shape. A gray picture
  /// and a matrix of its shape can be compared; alpha and the channel mode do not count.
  /// - Throws: `NumericalError.shape`, whose text names both.
  public func requireComparable(with reference: PictureOrMatrix) throws(NumericalError) {
    // A matrix has no depth, so it agrees with any.
    let (depth, otherDepth) = (bitDepth ?? reference.bitDepth, reference.bitDepth ?? bitDepth)
    guard channelShape == reference.channelShape, colorChannels == reference.colorChannels,
      depth == otherDepth
    else {
      throw .shape("the reference is \(reference.summary); the input is \(summary)")
    }
  }

  /// The bits per sample; nil for a matrix.
  private var bitDepth: Int? {
    switch self {
    case .picture(let picture, _): picture.bitDepth
    case .matrix: nil
    }
  }

  /// All that has to agree, as it stands in a sentence.
  private var summary: String {
    guard let bitDepth else { return "a \(channelShape) matrix" }
    return "\(channelShape) \(colorChannels == 1 ? "gray" : "RGB"), \(bitDepth) bits"
  }
}

extension Picture {
  /// Refuses a reference that cannot be compared sample by sample; only one may have alpha.
  func requireComparable(with reference: Picture) throws(NumericalError) {
    // The channel mode does not count.
    try PictureOrMatrix.picture(self, .separate)
      .requireComparable(with: .picture(reference, .separate))
  }
}
