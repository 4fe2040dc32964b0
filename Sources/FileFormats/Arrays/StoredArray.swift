public import Tensors

/// An array as a file holds it: its element type, its shape, its bytes.
///
/// The bytes are little-endian and row-major whatever the file's order was. Where the file
/// already is so, they are a slice of the file's buffer and nothing was copied. Conversion to
/// numbers happens once, when a tensor is asked for; a file that is only passed on keeps its bits.
public struct StoredArray: Sendable, Equatable {
  /// The element type.
  public let dtype: DType
  /// The sizes, outermost first.
  public let shape: Shape
  /// `shape.count * dtype.byteSize` bytes.
  public let bytes: ArraySlice<UInt8>

  /// An array over its little-endian row-major bytes. A byte count that differs from the
  /// shape's traps.
  public init(dtype: DType, shape: Shape, bytes: ArraySlice<UInt8>) {
    precondition(
      bytes.count == shape.count * dtype.byteSize,
      "\(bytes.count) bytes for the shape \(shape) of \(dtype.name)")
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  /// An array of raw 8-bit samples.
  public init(_ samples: [UInt8], shape: Shape) {
    self.init(dtype: .u8, shape: shape, bytes: samples[...])
  }

  /// An array of raw 16-bit samples.
  public init(_ samples: [UInt16], shape: Shape) {
    self.init(dtype: .u16, shape: shape, bytes: Self.littleEndianBytes(samples)[...])
  }

  /// The bytes of fixed-width integers, least significant first.
  static func littleEndianBytes<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ values: some Collection<Raw>
  ) -> [UInt8] {
    let size = MemoryLayout<Raw>.size
    return [UInt8](unsafeUninitializedCapacity: max(values.count * size, 1)) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      for (position, value) in values.enumerated() {
        target.storeBytes(of: value.littleEndian, toByteOffset: position * size, as: Raw.self)
      }
      count = values.count * size
    }
  }
}
