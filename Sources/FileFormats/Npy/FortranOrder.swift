import Tensors

/// Rewrites column-major arrays as row-major ones.
enum FortranOrder {
  /// The edge of the square tiles that are transposed one after the other: 32 rows of 32 8-byte
  /// elements are 8 KiB on either side, which stay in the first-level cache together.
  private static let tile = 32

  /// The row-major bytes of an array whose first index varies fastest in `bytes`.
  static func rowMajor(_ bytes: ArraySlice<UInt8>, shape: Shape, elementSize: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: max(bytes.count, 1)) { buffer, count in
      bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(buffer)
        switch elementSize {
        case 1: transpose(source, target, shape, UInt8.self)
        case 2: transpose(source, target, shape, UInt16.self)
        case 4: transpose(source, target, shape, UInt32.self)
        default: transpose(source, target, shape, UInt64.self)
        }
      }
      count = bytes.count
    }
  }

  /// Whether both orders give the same bytes: at most one axis is longer than 1.
  static func isTrivial(_ shape: Shape) -> Bool {
    shape.count == 0 || shape.dimensions.count { $0 > 1 } <= 1
  }

  /// For every index of the middle axes, transposes the plane of the first and last axis: the
  /// first is contiguous in the source, the last in the target.
  private static func transpose<Raw: BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ shape: Shape,
    _ raw: Raw.Type
  ) {
    // Axes of size 1 carry no order; without them the first and last axis are long ones.
    let sizes = shape.dimensions.filter { $0 > 1 }
    let targetStrides = Shape(sizes).strides
    let sourceStrides = [Int](Shape(sizes.reversed()).strides.reversed())
    let last = sizes.count - 1
    let planes = Shape([Int](sizes[1..<last]))
    for plane in 0..<planes.count {
      let index = planes.index(ofPosition: plane)
      var (from, to) = (0, 0)
      for (axis, i) in index.enumerated() {
        from += i * sourceStrides[axis + 1]
        to += i * targetStrides[axis + 1]
      }
      transposePlane(
        source, from, sourceStrides[last], target, to, targetStrides[0],
        rows: sizes[0], columns: sizes[last], raw)
    }
  }

  @inline(__always)
  private static func transposePlane<Raw: BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ from: Int, _ sourceStep: Int,
    _ target: UnsafeMutableRawBufferPointer, _ to: Int, _ targetStep: Int,
    rows: Int, columns: Int, _ raw: Raw.Type
  ) {
    let size = MemoryLayout<Raw>.size
    for row in stride(from: 0, to: rows, by: tile) {
      for column in stride(from: 0, to: columns, by: tile) {
        for i in row..<min(row + tile, rows) {
          for j in column..<min(column + tile, columns) {
            let element = source.loadUnaligned(
              fromByteOffset: (from + i + j * sourceStep) * size, as: Raw.self)
            target.storeBytes(
              of: element, toByteOffset: (to + i * targetStep + j) * size, as: Raw.self)
          }
        }
      }
    }
  }
}
