import CPNG

/// Owns libpng's reading state over bytes that outlive it.
struct PNGReader: ~Copyable {
  private let handle: OpaquePointer

  /// A reader over a whole file.
  ///
  /// - Throws: `.resourceLimit` when memory is short.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(FormatError) {
    guard let handle = cpng_reader_create(bytes.baseAddress, bytes.count) else {
      throw PNG.outOfMemory
    }
    self.handle = handle
  }

  deinit { cpng_reader_free(handle) }

  /// Reads everything before the samples, in bounded memory.
  func inspect() throws(FormatError) -> PNGHeader {
    try check(cpng_reader_inspect(handle))
    let header = cpng_reader_header(handle)
    guard let colorType = PNGOrigin.ColorType(rawValue: Int(header.color_type)),
      let layout = Picture.Layout.allCases.first(where: { $0.channels == header.channels })
    else { throw FormatError(.badData, "IHDR: colour type \(header.color_type) does not exist") }
    return PNGHeader(
      width: Int(header.width), height: Int(header.height), layout: layout,
      bitDepth: Int(header.sample_bits),
      origin: PNGOrigin(
        colorType: colorType, bitDepth: Int(header.bit_depth), interlaced: header.interlaced,
        hasTransparencyChunk: header.transparent),
      color: ColorChunks(cpng_reader_color(handle)), isAnimated: header.animated)
  }

  /// Decodes all samples, once, after `inspect`. The caller has asked its memory budget.
  func samples(count: Int) throws(FormatError) -> [UInt16] {
    var status = CPNG_OK
    let samples = [UInt16](unsafeUninitializedCapacity: count) { buffer, initialized in
      status = cpng_reader_decode(handle, buffer.baseAddress, count)
      initialized = status == CPNG_OK ? count : 0
    }
    try check(status)
    return samples
  }

  /// What was odd so far, in the order of appearance.
  var warnings: [String] {
    String(cString: cpng_reader_warnings(handle)).split(separator: "\n").map(String.init)
  }

  /// The bytes behind the picture's end, after `samples`.
  var trailingBytes: Int { cpng_reader_trailing(handle) }

  private func check(_ status: cpng_status) throws(FormatError) {
    if status == CPNG_OUT_OF_MEMORY { throw PNG.outOfMemory }
    guard status == CPNG_OK else {
      throw FormatError(.badData, String(cString: cpng_reader_error(handle)))
    }
  }
}

extension ColorChunks {
  /// A copy of what libpng holds.
  fileprivate init(_ color: cpng_color) {
    self.init()
    if color.has_gamma { gamma = color.gamma }
    if color.has_srgb { renderingIntent = RenderingIntent(rawValue: Int(color.srgb_intent)) }
    if color.has_chromaticities {
      chromaticities = Chromaticities(
        white: Chromaticity(x: color.white_x, y: color.white_y),
        red: Chromaticity(x: color.red_x, y: color.red_y),
        green: Chromaticity(x: color.green_x, y: color.green_y),
        blue: Chromaticity(x: color.blue_x, y: color.blue_y))
    }
    if let name = color.profile_name, let bytes = color.profile {
      let buffer = UnsafeBufferPointer(start: bytes, count: Int(color.profile_size))
      profile = Profile(name: latin1(name), bytes: Array(buffer))
    }
  }
}

/// The text of a C string in Latin-1, in which every byte is the scalar of that number.
private func latin1(_ bytes: UnsafePointer<CChar>) -> String {
  var text = String.UnicodeScalarView()
  var next = bytes
  while next.pointee != 0 {
    text.append(Unicode.Scalar(UInt8(bitPattern: next.pointee)))
    next += 1
  }
  return String(text)
}
