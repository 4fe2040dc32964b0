import Glibc
public import Tensors

// From the file's elements to a tensor's.
extension StoredArray {
  /// The elements as a tensor.
  ///
  /// Every conversion is exact or rounds once to nearest: `f64` and integers wider than 24 bits
  /// round to `Float`, integers wider than 53 bits to `Double`; a finite `f64` beyond `Float`'s
  /// range becomes an infinity, which the engine's finite scan reports. `bool` gives 0 and 1.
  /// The same type on both sides is one memory copy.
  @specialized(where E == Float)
  @specialized(where E == Double)
  public func tensor<E: Scalar>(as type: E.Type = E.self) -> Tensor<E> {
    Tensor(uninitialized: shape) { target in
      bytes.withUnsafeBytes { source in
        fill(target, from: source)
      }
    }
  }

  @inline(__always)
  private func fill<E: Scalar>(
    _ target: UnsafeMutableBufferPointer<E>, from source: UnsafeRawBufferPointer
  ) {
    switch dtype {
    case .bool: convert(source, UInt8.self, target) { $0 == 0 ? 0 : 1 }
    case .i8: convert(source, Int8.self, target) { E($0) }
    case .i16: convert(source, Int16.self, target) { E($0) }
    case .i32: convert(source, Int32.self, target) { E($0) }
    case .i64: convert(source, Int64.self, target) { E($0) }
    case .u8: convert(source, UInt8.self, target) { E($0) }
    case .u16: convert(source, UInt16.self, target) { E($0) }
    case .u32: convert(source, UInt32.self, target) { E($0) }
    case .u64: convert(source, UInt64.self, target) { E($0) }
    case .f16: convert(source, UInt16.self, target) { E(SmallFloat.f16.widened($0)) }
    case .bf16: convert(source, UInt16.self, target) { E(SmallFloat.bf16.widened($0)) }
    case .f32 where E.self == Float.self, .f64 where E.self == Double.self:
      copy(source, to: target)
    case .f32: convert(source, UInt32.self, target) { E(Float(bitPattern: $0)) }
    case .f64: convert(source, UInt64.self, target) { E(Double(bitPattern: $0)) }
    }
  }

  @inline(__always)
  private func copy<E>(
    _ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<E>
  ) {
    guard let from = source.baseAddress, let to = target.baseAddress, !source.isEmpty else {
      return
    }
    #if _endian(little)
      memcpy(to, from, source.count)
    #else
      #error("tensor buffers are filled from little-endian bytes")
    #endif
  }

  @inline(__always)
  private func convert<E, Raw: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ raw: Raw.Type, _ target: UnsafeMutableBufferPointer<E>,
    _ value: (Raw) -> E
  ) {
    guard let start = target.baseAddress else { return }
    let size = MemoryLayout<Raw>.size
    for position in 0..<target.count {
      let bits = Raw(
        littleEndian: source.loadUnaligned(fromByteOffset: position * size, as: Raw.self))
      (start + position).initialize(to: value(bits))
    }
  }
}

// From a tensor's elements to a file's.
extension StoredArray {
  /// A tensor's elements in their own type, bit by bit.
  @specialized(where E == Float)
  @specialized(where E == Double)
  public init<E: Scalar>(_ tensor: Tensor<E>) {
    let bytes = tensor.withUnsafeElements { [UInt8](UnsafeRawBufferPointer($0)) }
    self.init(
      dtype: E.self == Float.self ? .f32 : .f64, shape: tensor.shape, bytes: bytes[...])
  }

  /// A tensor's elements converted to `dtype`: floating-point types round to nearest, ties to
  /// even; integers and `bool` must be met exactly.
  ///
  /// - Throws: `FormatError.badData`, naming value and index, when a finite number would become
  ///   an infinity or a number is not an integer of the type's range.
  @specialized(where E == Float)
  @specialized(where E == Double)
  public init<E: Scalar>(_ tensor: Tensor<E>, dtype: DType) throws(FormatError) {
    var misfit: Int?
    let bytes = Self.packed(tensor, as: dtype, misfit: &misfit)
    if let misfit {
      throw .badData(
        "\(tensor.elements[misfit]) at \(tensor.shape.index(ofPosition: misfit)) does not fit "
          + dtype.name)
    }
    self.init(dtype: dtype, shape: tensor.shape, bytes: bytes[...])
  }

  @inline(__always)
  private static func packed<E: Scalar>(
    _ tensor: Tensor<E>, as dtype: DType, misfit: inout Int?
  ) -> [UInt8] {
    switch dtype {
    case .bool: pack(tensor, &misfit) { $0 == 0 ? UInt8(0) : $0 == 1 ? 1 : nil }
    case .i8: pack(tensor, &misfit) { Int8(exactly: $0) }
    case .i16: pack(tensor, &misfit) { Int16(exactly: $0) }
    case .i32: pack(tensor, &misfit) { Int32(exactly: $0) }
    case .i64: pack(tensor, &misfit) { Int64(exactly: $0) }
    case .u8: pack(tensor, &misfit) { UInt8(exactly: $0) }
    case .u16: pack(tensor, &misfit) { UInt16(exactly: $0) }
    case .u32: pack(tensor, &misfit) { UInt32(exactly: $0) }
    case .u64: pack(tensor, &misfit) { UInt64(exactly: $0) }
    case .f16: pack(tensor, &misfit) { narrowed($0, to: .f16) }
    case .bf16: pack(tensor, &misfit) { narrowed($0, to: .bf16) }
    case .f32: pack(tensor, &misfit) { finite(Float($0), after: $0)?.bitPattern }
    case .f64: pack(tensor, &misfit) { Double($0).bitPattern }
    }
  }

  @inline(__always)
  private static func narrowed<E: Scalar>(_ value: E, to layout: SmallFloat) -> UInt16? {
    let bits = layout.narrowed(Double(value))
    return finite(layout.widened(bits), after: value) == nil ? nil : bits
  }

  /// `converted`, unless the conversion turned a finite number into an infinity.
  @inline(__always)
  private static func finite<E: Scalar>(_ converted: Float, after value: E) -> Float? {
    converted.isInfinite && value.isFinite ? nil : converted
  }

  /// The bytes of `bits(element)` for every element; the first nil stops at `misfit`.
  @inline(__always)
  private static func pack<E: Scalar, Raw: FixedWidthInteger & BitwiseCopyable>(
    _ tensor: Tensor<E>, _ misfit: inout Int?, _ bits: (E) -> Raw?
  ) -> [UInt8] {
    let size = MemoryLayout<Raw>.size
    return [UInt8](unsafeUninitializedCapacity: max(tensor.count * size, 1)) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      misfit = tensor.withUnsafeElements { elements in
        for position in elements.indices {
          guard let raw = bits(elements[position]) else { return position }
          target.storeBytes(
            of: raw.littleEndian, toByteOffset: position * size, as: Raw.self)
        }
        return nil
      }
      count = misfit == nil ? tensor.count * size : 0
    }
  }
}
