public import Tensors

/// NumPy's `.npy` files.
public enum Npy {
  /// Reads a whole file.
  ///
  /// Little-endian files in C order are not copied: the result is a slice of `bytes`.
  ///
  /// - Parameter budget: asked before a big-endian or Fortran-order array is rewritten.
  /// - Throws: `FormatError.badData` for a bad header and for too few or too many bytes,
  ///   `.resourceLimit` when the rewritten array does not fit.
  public static func decode(
    _ bytes: ArraySlice<UInt8>, budget: MemoryBudget
  ) throws(FormatError) -> StoredArray {
    let header = try NpyHeader(bytes)
    var data = bytes.dropFirst(header.dataOffset)
    guard data.count >= header.dataByteCount else {
      throw .badData(
        "the data is short (found \(data.count) bytes, the shape \(header.shape) of "
          + "\(header.dtype.name) needs \(header.dataByteCount))")
    }
    guard data.count == header.dataByteCount else {
      throw .badData(
        "\(data.count - header.dataByteCount) bytes follow the data "
          + "(the shape \(header.shape) of \(header.dtype.name) needs \(header.dataByteCount))")
    }
    if header.isFortranOrder, !FortranOrder.isTrivial(header.shape) {
      try budget.allow(data.count, for: "the array in row-major order")
      data =
        FortranOrder.rowMajor(
          data, shape: header.shape, elementSize: header.dtype.byteSize)[...]
    }
    if header.isBigEndian {
      try budget.allow(data.count, for: "the array in little-endian order")
      data = ByteOrder.swapped(data, elementSize: header.dtype.byteSize)
    }
    return StoredArray(dtype: header.dtype, shape: header.shape, bytes: data)
  }

  /// A version 1 file in C order and little-endian, byte for byte as NumPy writes it.
  ///
  /// `bf16`, which NumPy lacks, is widened to `f32`. The array's bytes are not copied.
  ///
  /// - Throws: `FormatError.usage` for a shape of so many axes that the header overflows.
  public static func encode(_ array: StoredArray) throws(FormatError) -> FileContent {
    let array = array.widenedFromBF16()
    var content = try FileContent(header(dtype: array.dtype, shape: array.shape))
    content.append(array.bytes)
    return content
  }

  /// NumPy pads with spaces and a final newline so that the data begins at a multiple of 64. It
  /// also leaves room for the outermost size to grow to 21 digits, which is repeated here: equal
  /// arrays shall give equal files.
  private static func header(dtype: DType, shape: Shape) throws(FormatError) -> [UInt8] {
    let sizes = shape.dimensions
    let tuple =
      sizes.count == 1
      ? "(\(sizes[0]),)" : "(" + sizes.map(String.init).joined(separator: ", ") + ")"
    var text = "{'descr': '\(descr(dtype))', 'fortran_order': False, 'shape': \(tuple), }"
    if let growing = sizes.first {
      text += String(repeating: " ", count: 21 - String(growing).utf8.count)
    }
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    guard let length = UInt16(exactly: text.utf8.count) else {
      throw FormatError(.usage, "\(shape.rank) axes are too many for a .npy header")
    }
    let size = [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)]
    return NpyHeader.signature + [1, 0] + size + [UInt8](text.utf8)
  }

  private static func descr(_ dtype: DType) -> String {
    switch dtype {
    case .bool: "|b1"
    case .i8: "|i1"
    case .u8: "|u1"
    case .i16: "<i2"
    case .i32: "<i4"
    case .i64: "<i8"
    case .u16: "<u2"
    case .u32: "<u4"
    case .u64: "<u8"
    case .f16: "<f2"
    case .bf16, .f32: "<f4"
    case .f64: "<f8"
    }
  }
}

extension StoredArray {
  /// The same numbers as `f32` when they are `bf16`, for formats without that type; exact.
  func widenedFromBF16() -> StoredArray {
    dtype == .bf16 ? StoredArray(tensor(as: Float.self)) : self
  }
}
