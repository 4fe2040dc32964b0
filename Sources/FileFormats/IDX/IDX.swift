import Tensors

/// IDX files: the format of the MNIST digits (LeCun, Cortes & Burges, "The MNIST database of
/// handwritten digits").
///
/// Two zero bytes, a type byte, the number of axes; then each size as a big-endian 32-bit number;
/// then the elements, row-major and big-endian.
enum IDX {
  /// The bytes before the sizes.
  private static let fixedSize = 4

  private static let types: [UInt8: DType] = [
    0x08: .u8, 0x09: .i8, 0x0B: .i16, 0x0C: .i32, 0x0D: .f32, 0x0E: .f64,
  ]

  /// Whether a file begins like one: two zeros, a known type byte, and nothing that looks like the
  /// header of a safetensors file, whose length may begin with the same bytes.
  static func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > fixedSize, bytes.starts(with: [0, 0]),
      types[bytes[bytes.startIndex + 2]] != nil
    else { return false }
    return !SafetensorsHeader.begins(bytes)
  }

  /// Reads a whole file; one-byte types are a slice of `bytes`.
  ///
  /// - Parameter budget: asked before wider elements are rewritten in little-endian order.
  /// - Throws: `FormatError.badData` for a bad header, an unknown type byte and for too few or too
  ///   many bytes; `.resourceLimit` when the rewritten array does not fit.
  static func decode(
    _ bytes: ArraySlice<UInt8>, budget: MemoryBudget
  ) throws(FormatError) -> StoredArray {
    let dtype = try elementType(bytes)
    let rank = Int(bytes[bytes.startIndex + 3])
    let header = fixedSize + 4 * rank
    guard bytes.count >= header else {
      throw .badData(
        "the header is cut (found \(bytes.count) bytes, \(rank) axes need \(header))")
    }
    let sizes = (0..<rank).map {
      Int(bytes.littleEndian(fixedSize + 4 * $0, as: UInt32.self).byteSwapped)
    }
    let (shape, byteCount) = try Shape.read(sizes, dtype: dtype)
    let data = bytes.dropFirst(header)
    guard data.count >= byteCount else {
      throw .badData(
        "the data is short (found \(data.count) bytes, the shape \(shape) of \(dtype.name) "
          + "needs \(byteCount))")
    }
    guard data.count == byteCount else {
      throw .badData(
        "\(data.count - byteCount) bytes follow the data (the shape \(shape) of \(dtype.name) "
          + "needs \(byteCount))")
    }
    if dtype.byteSize > 1 {
      try budget.allow(byteCount, for: "the array in little-endian order")
    }
    return StoredArray(
      dtype: dtype, shape: shape, bytes: ByteOrder.swapped(data, elementSize: dtype.byteSize))
  }

  private static func elementType(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> DType {
    guard bytes.count >= fixedSize else {
      throw .badData(
        "the header is cut (found \(bytes.count) bytes, expected at least \(fixedSize))")
    }
    guard bytes.starts(with: [0, 0]) else {
      throw .badData("not an IDX file (the first two bytes are not zero)")
    }
    let code = bytes[bytes.startIndex + 2]
    guard let dtype = types[code] else {
      throw .badData(
        "the IDX type byte 0x\(code < 16 ? "0" : "")\(String(code, radix: 16)) is unknown",
        hint: "08 u8, 09 i8, 0b i16, 0c i32, 0d f32 and 0e f64 are read")
    }
    return dtype
  }
}
