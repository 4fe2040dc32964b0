import CPNG

extension PNG {
  /// Encodes a picture, never interlaced, with the colour chunks it carries.
  ///
  /// The stored colour type is the picture's layout, the depth its bit depth: what was a palette is
  /// RGB. The same picture and libraries give the same bytes. A colour chunk that breaks the
  /// specification is left out.
  /// - Throws: `.badData` for a picture without pixels; `.resourceLimit` for a side beyond
  ///   2³¹ − 1 or when memory is short.
  public static func encode(_ picture: Picture) throws(FormatError) -> [UInt8] {
    guard picture.width > 0, picture.height > 0 else {
      throw FormatError(
        .badData, "a PNG cannot store \(picture.width)x\(picture.height) pixels")
    }
    guard picture.width <= Int32.max, picture.height <= Int32.max else {
      throw FormatError(
        .resourceLimit, "a PNG cannot store \(picture.width)x\(picture.height) pixels")
    }
    var header = cpng_header()
    header.width = UInt32(picture.width)
    header.height = UInt32(picture.height)
    header.channels = UInt8(picture.layout.channels)
    header.sample_bits = UInt8(picture.bitDepth)
    var output = cpng_output()
    defer { cpng_output_free(&output) }
    let status = withColor(picture.color) { color in
      cpng_encode(&header, color, picture.samples, &output)
    }
    if status == CPNG_OUT_OF_MEMORY { throw outOfMemory }
    guard status == CPNG_OK else {
      let reason = withUnsafeBytes(of: output.error) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw FormatError(.badData, "libpng cannot encode the picture: \(reason)")
    }
    return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
  }

  /// Calls `body` with the C view of the chunks, valid during the call.
  private static func withColor(
    _ chunks: ColorChunks, _ body: (UnsafePointer<cpng_color>) -> cpng_status
  ) -> cpng_status {
    var color = cpng_color()
    if let gamma = chunks.gamma {
      color.has_gamma = true
      color.gamma = gamma
    }
    if let intent = chunks.renderingIntent {
      color.has_srgb = true
      color.srgb_intent = Int32(intent.rawValue)
    }
    if let points = chunks.chromaticities {
      color.has_chromaticities = true
      (color.white_x, color.white_y) = (points.white.x, points.white.y)
      (color.red_x, color.red_y) = (points.red.x, points.red.y)
      (color.green_x, color.green_y) = (points.green.x, points.green.y)
      (color.blue_x, color.blue_y) = (points.blue.x, points.blue.y)
    }
    guard let profile = chunks.profile else { return body(&color) }
    // Latin-1, as the chunk demands; a character beyond it becomes a question mark.
    let name = profile.name.unicodeScalars.map { UInt8(exactly: $0.value) ?? 0x3F } + [0]
    return name.withUnsafeBytes { nameBytes in
      profile.bytes.withUnsafeBufferPointer { bytes in
        color.profile_name = nameBytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        color.profile = bytes.baseAddress
        color.profile_size = UInt32(clamping: bytes.count)
        return body(&color)
      }
    }
  }
}
