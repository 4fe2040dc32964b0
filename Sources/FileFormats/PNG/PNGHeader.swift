/// What a PNG says about itself before its samples: enough for `linalg info` and for asking the
/// memory budget.
public struct PNGHeader: Sendable, Equatable {
  /// The pixels per row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The channels of the decoded picture.
  public let layout: Picture.Layout
  /// The bits per decoded sample, 8 or 16.
  public let bitDepth: Int
  /// How the pixels are stored.
  public let origin: PNGOrigin
  /// What the samples mean.
  public let color: ColorChunks
  /// Whether the file is an animation (APNG), of which one frame is decoded.
  public let isAnimated: Bool

  /// The chunks present that change how the picture is decoded or shown, by their names.
  public var notableChunks: [String] {
    let present: [(String, Bool)] = [
      ("tRNS", origin.hasTransparencyChunk), ("gAMA", color.gamma != nil),
      ("sRGB", color.renderingIntent != nil), ("cHRM", color.chromaticities != nil),
      ("iCCP", color.profile != nil), ("acTL", isAnimated),
    ]
    return present.filter(\.1).map(\.0)
  }
}
