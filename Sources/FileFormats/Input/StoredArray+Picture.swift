import Tensors

// Pictures and arrays of samples are the same numbers; nothing is scaled or rounded.
extension StoredArray {
  /// A picture's samples: `u8` or `u16` by its depth, [height, width] for gray without alpha,
  /// else [height, width, channels].
  public init(_ picture: Picture) {
    let channels = picture.layout.channels
    let shape: Shape =
      channels == 1
      ? [picture.height, picture.width] : [picture.height, picture.width, channels]
    if picture.bitDepth == 8 {
      self.init(picture.samples.map(UInt8.init(truncatingIfNeeded:)), shape: shape)
    } else {
      self.init(picture.samples, shape: shape)
    }
  }

  /// The picture whose samples these are: `u8` or `u16` of shape [height, width] or [height,
  /// width, 1 to 4].
  ///
  /// - Throws: `FormatError.usage` for other types and shapes: rounding and scaling are a
  ///   decision of their own, not the file writer's.
  func picture() throws(FormatError) -> Picture {
    guard dtype == .u8 || dtype == .u16 else {
      throw FormatError(
        .usage, "\(dtype.name) numbers cannot be stored in a PNG (u8 and u16 can)",
        hint: "write them as .npy")
    }
    let layout: Picture.Layout? =
      switch (shape.rank, shape.rank == 3 ? shape[2] : 1) {
      case (2, _), (3, 1): .gray
      case (3, 2): .grayAlpha
      case (3, 3): .rgb
      case (3, 4): .rgba
      default: nil
      }
    guard let layout else {
      throw FormatError(
        .usage, "an array of shape \(shape) is no picture (height x width, or with 1 to 4 channels)"
      )
    }
    let samples: [UInt16] =
      dtype == .u8
      ? bytes.map(UInt16.init)
      : (0..<shape.count).map { bytes.littleEndian(2 * $0, as: UInt16.self) }
    return Picture(
      width: shape[1], height: shape[0], layout: layout, bitDepth: dtype == .u8 ? 8 : 16,
      samples: samples)
  }
}
