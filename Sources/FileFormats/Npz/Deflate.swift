import CZlib

/// zlib, fenced: raw deflate streams and checksums.
enum Deflate {
  /// Deflate cannot shrink further than this (zlib's technical notes: 1032 to 1), so a larger
  /// claim is known to be false before anything is allocated.
  static let greatestRatio = 1032

  /// Decompresses a raw deflate stream that must give exactly `byteCount` bytes.
  ///
  /// Never more than `byteCount + 1` bytes are produced, whatever the stream holds.
  ///
  /// - Throws: `FormatError.badData` for a damaged stream and for another size.
  static func inflate(
    _ source: ArraySlice<UInt8>, byteCount: Int
  ) throws(FormatError) -> [UInt8] {
    var status = Z_OK
    var unused = 0
    // One byte more than expected, so that a longer stream shows itself.
    let result = [UInt8](unsafeUninitializedCapacity: byteCount + 1) { buffer, count in
      source.withUnsafeBufferPointer { input in
        var stream = z_stream()
        status = inflateInit2_(
          &stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return }
        status = run(&stream, input, buffer, produced: &count, unused: &unused)
        inflateEnd(&stream)
      }
    }
    guard status == Z_STREAM_END else {
      let isCut = status == Z_BUF_ERROR && result.count <= byteCount
      throw .badData(
        isCut
          ? "the compressed data is cut"
          : result.count > byteCount
            ? "the compressed data is longer than declared (\(byteCount) bytes)"
            : "the compressed data is damaged (zlib error \(status))")
    }
    guard result.count == byteCount, unused == 0 else {
      throw .badData(
        "the compressed data has another size than declared "
          + "(found \(result.count) bytes, expected \(byteCount))")
    }
    return result
  }

  /// Feeds zlib, whose counters have 32 bits, in pieces until it ends or cannot go on.
  ///
  /// - Returns: `Z_STREAM_END`, `Z_BUF_ERROR` when input or room is used up, or what went wrong;
  ///   in `unused` the input bytes that were not needed.
  static func run(
    _ stream: inout z_stream, _ input: UnsafeBufferPointer<UInt8>,
    _ output: UnsafeMutableBufferPointer<UInt8>, produced: inout Int, unused: inout Int
  ) -> Int32 {
    let largest = Int(UInt32.max)
    var consumed = 0
    while true {
      let inputPiece = min(input.count - consumed, largest)
      let outputPiece = min(output.count - produced, largest)
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
      stream.avail_in = UInt32(inputPiece)
      stream.next_out = output.baseAddress.map { $0 + produced }
      stream.avail_out = UInt32(outputPiece)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      consumed += inputPiece - Int(stream.avail_in)
      produced += outputPiece - Int(stream.avail_out)
      unused = input.count - consumed
      let isStuck = Int(stream.avail_in) == inputPiece && Int(stream.avail_out) == outputPiece
      guard status == Z_OK, !isStuck else { return status == Z_OK ? Z_BUF_ERROR : status }
    }
  }

  /// The CRC-32 of `bytes`, continuing from an earlier one.
  static func checksum(_ bytes: ArraySlice<UInt8>, after start: UInt32 = 0) -> UInt32 {
    // zlib answers a null pointer with the initial value.
    guard !bytes.isEmpty else { return start }
    return bytes.withUnsafeBufferPointer {
      UInt32(crc32_z(UInt(start), $0.baseAddress, $0.count))
    }
  }
}
