public import Tensors

/// The tensors and texts of a safetensors file.
public struct SafetensorsFile: Sendable, Equatable {
  /// The tensors in the order of their data.
  public var tensors: [NamedArray]
  /// The texts under `__metadata__`.
  public var metadata: [String: String]

  /// A file to be written.
  public init(tensors: [NamedArray], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads a file; every tensor is a slice of `bytes`, nothing is copied.
  ///
  /// F64 F32 F16 BF16, I8 to I64, U8 to U64 and BOOL are read.
  ///
  /// - Throws: `FormatError.badData` for a header that is cut, too long or unsound, other types,
  ///   offsets that disagree with shapes, and data with holes, overlaps or bytes left over.
  public init(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    let header = try SafetensorsHeader(bytes)
    let data = bytes.dropFirst(try SafetensorsHeader.dataOffset(of: bytes))
    tensors = header.entries.map { entry in
      let start = data.startIndex + entry.range.lowerBound
      return NamedArray(
        entry.name,
        StoredArray(
          dtype: entry.dtype, shape: entry.shape, bytes: data[start..<start + entry.range.count]))
    }
    metadata = header.metadata
  }

  /// The tensor `name`; nil when there is none.
  public subscript(name: String) -> StoredArray? {
    tensors.first { $0.name == name }?.array
  }

  /// The tensor `name`.
  ///
  /// - Throws: `FormatError.usage`, listing the names, when there is none.
  public func array(_ name: String) throws(FormatError) -> StoredArray {
    guard let array = self[name] else {
      throw .noMember(name, among: tensors.map(\.name))
    }
    return array
  }

  /// The file's bytes. The order is kept among tensors of equal element size; wider elements
  /// come first, so that each tensor is aligned to its element, as the reference writer does.
  ///
  /// - Throws: `FormatError.usage` for a name that stands twice or is `__metadata__`.
  public func encode() throws(FormatError) -> FileContent {
    let ordered = Self.aligned(tensors) { $0.array.dtype }
    let header = try SafetensorsHeader(
      ordered.map { ($0.name, $0.array.dtype, $0.array.shape) }, metadata: metadata)
    var content = FileContent(header.bytes)
    for tensor in ordered { content.append(tensor.array.bytes) }
    return content
  }

  /// The exact size in bytes, header included, of the file that `encode` would give for tensors
  /// of these names, types and shapes, without making them.
  ///
  /// - Throws: `FormatError.usage` as `encode` does.
  public static func encodedByteCount(
    of tensors: [(name: String, dtype: DType, shape: Shape)], metadata: [String: String] = [:]
  ) throws(FormatError) -> Int {
    let header = try SafetensorsHeader(aligned(tensors) { $0.dtype }, metadata: metadata)
    return header.bytes.count + (header.entries.last?.range.upperBound ?? 0)
  }

  /// A stable order by falling element size.
  private static func aligned<Item>(_ items: [Item], dtype: (Item) -> DType) -> [Item] {
    [8, 4, 2, 1].flatMap { size in items.filter { dtype($0).byteSize == size } }
  }
}
