/// Assembles PNG files byte by byte, without libpng and without compression.
public struct PNGBytes {
  /// The file so far.
  public private(set) var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// A file that begins with an IHDR chunk.
  public init(
    width: UInt32, height: UInt32, depth: UInt8, colorType: UInt8, interlaced: Bool = false
  ) {
    let rest = [depth, colorType, 0, 0, interlaced ? 1 : 0]
    append("IHDR", Self.bigEndian(width) + Self.bigEndian(height) + rest)
  }

  /// Appends a chunk; `crc` replaces the right check sum.
  public mutating func append(_ name: String, _ data: [UInt8] = [], crc: UInt32? = nil) {
    let content = Array(name.utf8) + data
    bytes += Self.bigEndian(UInt32(data.count)) + content
    bytes += Self.bigEndian(crc ?? Self.crc32(content))
  }

  /// Appends IDAT with rows that start with their filter byte, and IEND.
  public mutating func finish(rows: [[UInt8]]) {
    append("IDAT", Self.zlibStored(rows.flatMap { $0 }))
    append("IEND")
  }

  /// A complete file.
  public static func file(
    width: UInt32, height: UInt32, depth: UInt8, colorType: UInt8, interlaced: Bool = false,
    chunks: [(String, [UInt8])] = [], rows: [[UInt8]]
  ) -> [UInt8] {
    var png = PNGBytes(
      width: width, height: height, depth: depth, colorType: colorType, interlaced: interlaced)
    for (name, data) in chunks { png.append(name, data) }
    png.finish(rows: rows)
    return png.bytes
  }

  /// A number's four bytes, most significant first.
  public static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// RFC 1950 and 1951: one stored block of at most 65535 bytes.
  public static func zlibStored(_ data: [UInt8]) -> [UInt8] {
    let length = UInt16(data.count)
    let sizes = [length & 0xFF, length >> 8, ~length & 0xFF, ~length >> 8].map { UInt8($0) }
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in data {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return [0x78, 0x01, 0x01] + sizes + data + bigEndian(b << 16 | a)
  }

  /// The CRC of PNG's annex D.
  public static func crc32(_ data: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in data {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
