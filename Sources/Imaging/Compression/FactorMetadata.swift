import FileFormats
import Tensors

/// The words by which a factor file says what it stands for.
enum FactorKey {
  static let format = "format"
  static let formatName = "linalg-factors"
  static let shape = "shape"
  static let dtype = "dtype"
  static let channels = "channels"
  static let layout = "layout"
  static let bitDepth = "bit_depth"
  static let gamma = "gamma"
  static let renderingIntent = "rendering_intent"
  static let chromaticities = "chromaticities"
  static let profileName = "icc_profile"
  /// Tensors that are no factors.
  static let alpha = "alpha"
  static let profile = "icc"
}

extension Picture.Layout {
  /// The name in metadata.
  var name: String {
    switch self {
    case .gray: "gray"
    case .grayAlpha: "gray+alpha"
    case .rgb: "rgb"
    case .rgba: "rgb+alpha"
    }
  }
}

extension PictureOrMatrix {
  /// The metadata of the factor file.
  func metadata(dtype: String) -> [String: String] {
    var result = [
      FactorKey.format: FactorKey.formatName, FactorKey.dtype: dtype,
    ]
    switch self {
    case .matrix(let array):
      result[FactorKey.shape] = array.shape.dimensions.map(String.init).joined(separator: "x")
    case .picture(let picture, let mode):
      result[FactorKey.shape] = "\(picture.height)x\(picture.width)"
      result[FactorKey.channels] = mode.rawValue
      result[FactorKey.layout] = picture.layout.name
      result[FactorKey.bitDepth] = String(picture.bitDepth)
      picture.color.store(in: &result)
    }
    return result
  }

  /// What a picture carries beside its colours, as raw tensors.
  var extras: [NamedArray] {
    guard case .picture(let picture, _) = self else { return [] }
    var result: [NamedArray] = []
    if picture.layout.hasAlpha {
      let channels = picture.layout.channels
      let alpha = stride(from: channels - 1, to: picture.samples.count, by: channels)
        .map { picture.samples[$0] }
      let shape: Shape = [picture.height, picture.width]
      result.append(
        NamedArray(
          FactorKey.alpha,
          picture.bitDepth == 8
            ? StoredArray(alpha.map(UInt8.init(truncatingIfNeeded:)), shape: shape)
            : StoredArray(alpha, shape: shape)))
    }
    if let profile = picture.color.profile {
      result.append(
        NamedArray(FactorKey.profile, StoredArray(profile.bytes, shape: [profile.bytes.count])))
    }
    return result
  }
}

extension ColorChunks {
  /// Puts what the samples mean into metadata.
  func store(in metadata: inout [String: String]) {
    if let gamma { metadata[FactorKey.gamma] = String(gamma) }
    if let renderingIntent {
      metadata[FactorKey.renderingIntent] = String(renderingIntent.rawValue)
    }
    if let c = chromaticities {
      metadata[FactorKey.chromaticities] = [c.white, c.red, c.green, c.blue]
        .flatMap { [$0.x, $0.y] }.map { String($0) }.joined(separator: " ")
    }
    if let profile { metadata[FactorKey.profileName] = profile.name }
  }

  /// What the samples mean, read back from metadata and the profile's bytes.
  init(metadata: [String: String], profile: [UInt8]?) {
    var chromaticities: Chromaticities?
    let numbers = (metadata[FactorKey.chromaticities] ?? "").split(separator: " ")
      .compactMap { Int32($0) }
    if numbers.count == 8 {
      let points = (0..<4).map { Chromaticity(x: numbers[2 * $0], y: numbers[2 * $0 + 1]) }
      chromaticities = Chromaticities(
        white: points[0], red: points[1], green: points[2], blue: points[3])
    }
    self.init(
      gamma: metadata[FactorKey.gamma].flatMap { Int32($0) },
      renderingIntent: metadata[FactorKey.renderingIntent].flatMap { Int($0) }
        .flatMap(RenderingIntent.init(rawValue:)),
      chromaticities: chromaticities,
      profile: profile.map { Profile(name: metadata[FactorKey.profileName] ?? "icc", bytes: $0) })
  }
}
