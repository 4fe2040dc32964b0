/// Gzip files for tests, without a compressor: the data is stored.
public enum GzipBytes {
  /// One member (RFC 1952): header, stored blocks of at most 65535 bytes, CRC-32 and size.
  public static func stored(_ data: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    var start = 0
    repeat {
      let end = min(start + 65_535, data.count)
      let length = UInt16(end - start)
      file.append(end == data.count ? 1 : 0)
      for number in [length, ~length] {
        file += [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]
      }
      file += data[start..<end]
      start = end
    } while start < data.count
    for number in [PNGBytes.crc32(data), UInt32(truncatingIfNeeded: data.count)] {
      file += PNGBytes.bigEndian(number).reversed()
    }
    return file
  }
}
