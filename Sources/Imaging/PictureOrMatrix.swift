public import FileFormats
public import Tensors

/// What a file gives to work on: a picture, seen as one matrix per channel or one for all, or a
/// matrix.
public enum PictureOrMatrix: Sendable {
  case picture(Picture, ChannelMode)
  case matrix(StoredArray)

  /// How an approximation looks as a picture, compared with a reference.
  public struct Quality: Sendable {
    /// The picture as it would be written: rounded and clipped.
    public let picture: Picture
    /// The samples that had to be clipped.
    public let clippedSamples: Int
    /// Peak signal-to-noise ratio in dB; infinite for an exact copy of the reference.
    public let psnr: Double?
    /// Structural similarity; nil below 11 pixels.
    public let ssim: Double?
  }

  /// The picture or matrix that a file holds.
  ///
  /// - Throws: `FormatError.badData` for an array that is no matrix or has no elements.
  public init(_ file: LoadedFile, channels: ChannelMode) throws(FormatError) {
    if case .picture(let picture) = file.content {
      self = .picture(picture, channels)
    } else {
      self = .matrix(try file.matrix())
    }
  }

  /// The number of matrices.
  public var matrixCount: Int {
    switch self {
    case .picture(_, let mode): mode.matrixCount(channels: colorChannels)
    case .matrix: 1
    }
  }

  /// The shape [m, n] of each matrix.
  public var matrixShape: Shape { [channelShape[0], channelsPerMatrix * channelShape[1]] }

  /// The colour channels of a picture; 1 for a matrix.
  var colorChannels: Int {
    switch self {
    case .picture(let picture, _): picture.layout.colorChannels
    case .matrix: 1
    }
  }

  /// The colour channels that stand side by side in one matrix.
  var channelsPerMatrix: Int { colorChannels / matrixCount }

  /// The shape [H, W] of one colour channel; a matrix's own.
  var channelShape: Shape {
    switch self {
    case .picture(let picture, _): [picture.height, picture.width]
    case .matrix(let array): array.shape
    }
  }

  /// min(m, n), the largest rank.
  public var largestRank: Int { min(matrixShape[0], matrixShape[1]) }

  /// The type of the numbers in the file; nil for a picture, whose samples are integers.
  public var storedType: DType? {
    switch self {
    case .picture: nil
    case .matrix(let array): array.dtype
    }
  }

  /// The matrices, a picture's in sample units.
  public func matrices<Element: Scalar>(as type: Element.Type) -> [Tensor<Element>] {
    switch self {
    case .picture(let picture, let mode): picture.matrices(mode, as: type)
    case .matrix(let array): [array.tensor(as: type)]
    }
  }

  /// An approximation as a picture, compared with a reference; nil for a matrix.
  ///
  /// - Parameters:
  ///   - approximations: matrices as `matrices(as:)` returns them.
  ///   - reference: what the approximation should look like; nil stands for this picture itself.
  /// - Throws: `NumericalError.notFinite`, `.shape` as `requireComparable(with:)` does.
  public func quality<Element: Scalar>(
    of approximations: [Tensor<Element>], against reference: Picture? = nil
  ) throws(NumericalError) -> Quality? {
    guard case .picture(let original, let mode) = self else { return nil }
    let reference = reference ?? original
    let (picture, clipped) = try original.replacingColors(with: approximations, mode)
    return Quality(
      picture: picture, clippedSamples: clipped, psnr: try picture.psnr(against: reference),
      ssim: try picture.ssim(against: reference))
  }

  /// An approximation as an array in full precision: [m, n] for a matrix or a gray picture,
  /// [H, W, C] for a colour picture (without alpha).
  public func array<Element: Scalar>(of approximations: [Tensor<Element>]) -> StoredArray {
    switch self {
    case .matrix: StoredArray(approximations[0])
    case .picture(let picture, let mode):
      StoredArray(picture.interleaved(approximations, mode))
    }
  }
}

extension Picture {
  /// Colour matrices as one array: [H, W], or [H, W, C] for colour.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func interleaved<Element: Scalar>(
    _ matrices: [Tensor<Element>], _ mode: ChannelMode
  ) -> Tensor<Element> {
    let channels = layout.colorChannels
    guard channels > 1 else { return matrices[0] }
    let perMatrix = channels / matrices.count
    return Tensor(uninitialized: [height, width, channels]) { target in
      for channel in 0..<channels {
        let matrix = matrices[channel / perMatrix]
        let offset = (channel % perMatrix) * width
        matrix.withUnsafeElements { source in
          for row in 0..<height {
            for column in 0..<width {
              target.initializeElement(
                at: (row * width + column) * channels + channel,
                to: source[row * matrix.columns + offset + column])
            }
          }
        }
      }
    }
  }
}
