/// A decoded picture: integer samples, row-major, channels interleaved, in the units of the file.
///
/// No gamma is applied anywhere: a sample of 128 in the file is 128 here.
public struct Picture: Sendable, Equatable {
  /// Which channels a pixel has, in this order.
  public enum Layout: Sendable, Equatable, CaseIterable {
    /// Luminance alone.
    case gray
    /// Luminance and opacity.
    case grayAlpha
    /// Red, green, blue.
    case rgb
    /// Red, green, blue and opacity.
    case rgba

    /// The samples per pixel, alpha included: 1 to 4.
    public var channels: Int { colorChannels + (hasAlpha ? 1 : 0) }
    /// The samples per pixel without alpha: 1 or 3.
    public var colorChannels: Int { self == .gray || self == .grayAlpha ? 1 : 3 }
    /// Whether the last channel is opacity.
    public var hasAlpha: Bool { self == .grayAlpha || self == .rgba }
  }

  /// The pixels per row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The channels of a pixel.
  public let layout: Layout
  /// The bits per sample, 8 or 16.
  public let bitDepth: Int
  /// The samples [height, width, channels], each at most `maxSample`.
  public let samples: [UInt16]
  /// What the file stored before palette, low depths and transparency were expanded.
  public let origin: PNGOrigin
  /// What the samples mean; decoding carries it, encoding writes it back.
  public var color: ColorChunks

  /// A picture over samples [height, width, channels].
  ///
  /// Traps unless `bitDepth` is 8 or 16, the sample count fits and every sample is at most
  /// `maxSample`. Zero sizes are allowed here, but a PNG cannot store them.
  /// - Parameter origin: nil for a picture that comes from no file: it is then what a PNG of this
  ///   layout and depth would have.
  public init(
    width: Int, height: Int, layout: Layout, bitDepth: Int, samples: [UInt16],
    origin: PNGOrigin? = nil, color: ColorChunks = ColorChunks()
  ) {
    precondition(bitDepth == 8 || bitDepth == 16, "\(bitDepth) bits per sample")
    precondition(width >= 0 && height >= 0, "a picture of \(width)x\(height)")
    precondition(
      samples.count == width * height * layout.channels,
      "\(samples.count) samples for \(width)x\(height) pixels of \(layout.channels) channels")
    let fits = bitDepth == 16 || samples.allSatisfy { $0 <= UInt16(UInt8.max) }
    precondition(fits, "an 8-bit picture with a sample above 255")
    self.width = width
    self.height = height
    self.layout = layout
    self.bitDepth = bitDepth
    self.samples = samples
    self.origin = origin ?? PNGOrigin(layout: layout, bitDepth: bitDepth)
    self.color = color
  }

  /// The largest sample: 255 or 65535, the "full range" of PSNR and SSIM.
  public var maxSample: UInt16 { bitDepth == 16 ? .max : UInt16(UInt8.max) }

  /// The same picture with other samples of the same count and range.
  public func replacingSamples(_ samples: [UInt16]) -> Picture {
    Picture(
      width: width, height: height, layout: layout, bitDepth: bitDepth, samples: samples,
      origin: origin, color: color)
  }
}

/// How a PNG file stored its pixels.
public struct PNGOrigin: Sendable, Equatable {
  /// The colour types of the PNG specification, section 11.2.1; raw values are those of IHDR.
  public enum ColorType: Int, Sendable, Equatable, CaseIterable {
    /// Luminance, 1 to 16 bits.
    case gray = 0
    /// Red, green and blue, 8 or 16 bits each.
    case rgb = 2
    /// Indices of 1 to 8 bits into a table of RGB colours.
    case palette = 3
    /// Luminance and opacity, 8 or 16 bits each.
    case grayAlpha = 4
    /// Red, green, blue and opacity, 8 or 16 bits each.
    case rgba = 6
  }

  /// The colour type in the header.
  public let colorType: ColorType
  /// The bits per stored sample or palette index: 1, 2, 4, 8 or 16.
  public let bitDepth: Int
  /// Whether the rows are stored in Adam7 order.
  public let interlaced: Bool
  /// Whether a tRNS chunk made colours transparent; it is decoded to an alpha channel.
  public let hasTransparencyChunk: Bool

  /// Any combination; nothing is checked.
  public init(
    colorType: ColorType, bitDepth: Int, interlaced: Bool = false,
    hasTransparencyChunk: Bool = false
  ) {
    self.colorType = colorType
    self.bitDepth = bitDepth
    self.interlaced = interlaced
    self.hasTransparencyChunk = hasTransparencyChunk
  }

  /// What encoding a picture of this layout and depth stores.
  public init(layout: Picture.Layout, bitDepth: Int) {
    let colorType: ColorType =
      switch layout {
      case .gray: .gray
      case .grayAlpha: .grayAlpha
      case .rgb: .rgb
      case .rgba: .rgba
      }
    self.init(colorType: colorType, bitDepth: bitDepth)
  }
}
