/// The chunks of a PNG that say what its samples mean. They are carried, never applied.
///
/// Fractions are held as the file stores them, in units of 1/100000, so that rewriting a file
/// keeps them exactly (PNG specification, third edition, section 11.3.2).
public struct ColorChunks: Sendable, Equatable {
  /// What an sRGB chunk recommends for conversions to other gamuts; raw values as stored.
  public enum RenderingIntent: Int, Sendable, Equatable, CaseIterable {
    /// Pleasing: pictures.
    case perceptual = 0
    /// Colours exact relative to the white point: logos.
    case relativeColorimetric = 1
    /// Vivid: charts.
    case saturation = 2
    /// Colours exact in themselves: proofs.
    case absoluteColorimetric = 3
  }

  /// A point of the CIE 1931 diagram, in units of 1/100000.
  public struct Chromaticity: Sendable, Equatable {
    /// The share of the first tristimulus value, X/(X+Y+Z).
    public var x: Int32
    /// The share of the second, Y/(X+Y+Z).
    public var y: Int32

    /// The point (x, y)/100000.
    public init(x: Int32, y: Int32) {
      self.x = x
      self.y = y
    }
  }

  /// The white point and primaries of a cHRM chunk.
  public struct Chromaticities: Sendable, Equatable {
    /// The white point.
    public var white: Chromaticity
    /// The red primary.
    public var red: Chromaticity
    /// The green primary.
    public var green: Chromaticity
    /// The blue primary.
    public var blue: Chromaticity

    /// The four points of a cHRM chunk, in its order.
    public init(
      white: Chromaticity, red: Chromaticity, green: Chromaticity, blue: Chromaticity
    ) {
      self.white = white
      self.red = red
      self.green = green
      self.blue = blue
    }
  }

  /// An embedded ICC profile.
  public struct Profile: Sendable, Equatable {
    /// The profile's name, 1 to 79 Latin-1 characters.
    public var name: String
    /// The uncompressed profile.
    public var bytes: [UInt8]

    /// A profile; encoding leaves out one whose bytes are not a sound ICC profile.
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// gAMA: the exponent that maps light to samples, times 100000 (45455 for 1/2.2).
  public var gamma: Int32?
  /// sRGB: the samples are in that colour space.
  public var renderingIntent: RenderingIntent?
  /// cHRM: the primaries.
  public var chromaticities: Chromaticities?
  /// iCCP: the profile.
  public var profile: Profile?

  /// Any selection of chunks; none by default.
  public init(
    gamma: Int32? = nil, renderingIntent: RenderingIntent? = nil,
    chromaticities: Chromaticities? = nil, profile: Profile? = nil
  ) {
    self.gamma = gamma
    self.renderingIntent = renderingIntent
    self.chromaticities = chromaticities
    self.profile = profile
  }
}
