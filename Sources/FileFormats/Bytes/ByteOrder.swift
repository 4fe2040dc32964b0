/// Elements of several bytes in the other order.
enum ByteOrder {
  /// The bytes of elements of 2, 4 or 8 bytes with each element's bytes reversed; single bytes
  /// stay.
  static func swapped(_ bytes: ArraySlice<UInt8>, elementSize: Int) -> ArraySlice<UInt8> {
    switch elementSize {
    case 1: bytes
    case 2: swapped(bytes, UInt16.self)[...]
    case 4: swapped(bytes, UInt32.self)[...]
    default: swapped(bytes, UInt64.self)[...]
    }
  }

  private static func swapped<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>, _ raw: Raw.Type
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: max(bytes.count, 1)) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      bytes.withUnsafeBytes { source in
        for offset in stride(from: 0, to: source.count, by: MemoryLayout<Raw>.size) {
          let element = source.loadUnaligned(fromByteOffset: offset, as: Raw.self)
          target.storeBytes(of: element.byteSwapped, toByteOffset: offset, as: Raw.self)
        }
      }
      count = bytes.count
    }
  }
}
