extension ArraySlice<UInt8> {
  /// The little-endian integer at an offset from the slice's start; the caller has checked that
  /// it lies inside.
  func littleEndian<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, as raw: Raw.Type
  ) -> Raw {
    withUnsafeBytes { Raw(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Raw.self)) }
  }
}

extension [UInt8] {
  /// Adds an integer, least significant byte first.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
