public import Tensors

/// Reading and writing PNG pictures (ISO/IEC 15948, W3C PNG third edition) through libpng.
///
/// Every colour type, depth and interlacing is read. Palettes become RGB, tRNS becomes alpha, gray
/// below 8 bits is scaled to 0...255, 16 bits are kept; gamma is never applied.
public enum PNG {
  /// The eight bytes every PNG begins with.
  public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Reads the header and the chunks before the samples; the samples are not looked at.
  ///
  /// Memory stays below some megabytes, whatever the header announces.
  /// - Throws: `.badData` when the bytes up to the samples are not a PNG's.
  public static func header(
    _ bytes: ArraySlice<UInt8>
  ) throws(FormatError) -> (header: PNGHeader, warnings: [String]) {
    try checkSignature(bytes)
    return try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      let reader = try PNGReader(buffer)
      let header = try reader.inspect()
      return (header, warnings(of: header, reader))
    }
  }

  /// Decodes a whole file.
  ///
  /// Of an animation the still picture is decoded. Text, time and other chunks that do not touch
  /// the samples are passed over unread, however large. Bytes after the end are a warning.
  /// - Parameter budget: asked, before anything large is allocated, for the samples (two bytes
  ///   each) and the decoder's two rows; nothing stays reserved.
  /// - Returns: the picture, and what was odd about the file but did no harm.
  /// - Throws: `.badData` when the file is cut, damaged or not a PNG; `.resourceLimit` when the
  ///   budget does not cover the picture.
  public static func decode(
    _ bytes: ArraySlice<UInt8>, budget: MemoryBudget
  ) throws(FormatError) -> (picture: Picture, warnings: [String]) {
    try checkSignature(bytes)
    return try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      let reader = try PNGReader(buffer)
      let header = try reader.inspect()
      let count = try sampleCount(of: header, budget: budget)
      try checkPlausible(header, fileSize: buffer.count)
      let samples = try reader.samples(count: count)
      let picture = Picture(
        width: header.width, height: header.height, layout: header.layout,
        bitDepth: header.bitDepth, samples: samples, origin: header.origin, color: header.color)
      var warnings = warnings(of: header, reader)
      if reader.trailingBytes > 0 {
        warnings.append("\(reader.trailingBytes) bytes after the end of the picture are ignored")
      }
      return (picture, warnings)
    }
  }

  static let outOfMemory = FormatError(.resourceLimit, "memory is short while handling a PNG")
}

extension PNG {
  /// Refuses what does not begin like a PNG, and says how it differs.
  private static func checkSignature(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    let start = bytes.prefix(signature.count)
    if start.elementsEqual(signature) { return }
    if start.isEmpty { throw FormatError(.badData, "not a PNG file: it is empty") }
    if signature.starts(with: start) {
      throw FormatError(.badData, "the file ends inside the PNG signature")
    }
    let position = zip(start, signature).prefix { $0 == $1 }.count
    let found = start[start.startIndex + position]
    // The signature holds CR LF and LF for this purpose: transfers in text mode change them.
    if [4, 5, 7].contains(position), found == 0x0A || found == 0x0D {
      throw FormatError(
        .badData, "not a PNG file: the line endings in its signature were changed",
        hint: "it was transferred as text; transfer it again as binary")
    }
    throw FormatError(
      .badData,
      "not a PNG file: byte \(position + 1) of the signature differs "
        + "(found \(hex(found)), expected \(hex(signature[position])))")
  }

  private static func hex(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  /// The number of samples, once the budget has room for them.
  private static func sampleCount(
    of header: PNGHeader, budget: MemoryBudget
  ) throws(FormatError) -> Int {
    // libpng holds the row and the one before it, at most 8 bytes per pixel each.
    let rows = 2 * 8 * header.width
    do {
      let shape = try Shape(checking: [header.height, header.width, header.layout.channels])
      let (bytes, overflow) = try shape.byteCount(of: UInt16.self).addingReportingOverflow(rows)
      guard !overflow else { throw NumericalError.tooLarge("") }
      try budget.check(bytes, for: "the picture")
      return shape.count
    } catch NumericalError.memory(let needed, let available, purpose: _) {
      throw FormatError(
        .resourceLimit,
        "a picture of \(header.width)x\(header.height) pixels does not fit in memory "
          + "(needs \(needed) bytes, \(available) available)",
        hint: "raise --max-memory")
    } catch {
      throw FormatError(
        .resourceLimit,
        "a picture of \(header.width)x\(header.height) pixels has more bytes than can be counted")
    }
  }

  /// Refuses a file too short for its size, so that sixty bytes cannot ask for gigabytes.
  private static func checkPlausible(
    _ header: PNGHeader, fileSize: Int
  ) throws(FormatError) {
    // Deflate's best is 258 bytes for two bits.
    let largestRatio = 1032
    let channels =
      switch header.origin.colorType {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    let packed =
      Double(header.width) * Double(header.height)
      * Double(channels * header.origin.bitDepth) / 8
    guard packed <= Double(fileSize) * Double(largestRatio) else {
      throw FormatError(
        .badData,
        "\(fileSize) bytes cannot hold the \(header.width)x\(header.height) pixels of the header")
    }
  }

  /// libpng's warnings and ours.
  private static func warnings(of header: PNGHeader, _ reader: borrowing PNGReader) -> [String] {
    var result = reader.warnings
    if header.isAnimated { result.append("an animation (APNG): only the still picture is read") }
    return result
  }
}
