extension FileFormat {
  /// The format to write, from the suffix of an output path.
  ///
  /// - Throws: `FormatError.usage`, naming the known suffixes, for others and for none.
  public static func forWriting(_ path: String) throws(FormatError) -> FileFormat {
    if let format = FileFormat(suffixOf: path) {
      guard format.isWritten else { throw .isOnlyRead(format) }
      return format
    }
    guard !path.isEmpty else { throw FormatError(.usage, "the output's path is empty") }
    let suffix = suffix(of: path).map { "the suffix .\(TextQuote.short($0)) names no format" }
    throw FormatError(
      .usage,
      "\(suffix ?? "the output's format is not known without a suffix") "
        + "(known: \(allCases.filter(\.isWritten).map { "." + $0.rawValue }.joined(separator: " ")))"
    )
  }

  /// The format to write, where a stream needs no suffix.
  ///
  /// - Parameter format: what standard output, a device or a FIFO without a suffix gets.
  /// - Throws: as `forWriting(_:)`.
  public static func forWriting(
    _ path: String, toStream format: FileFormat
  ) throws(FormatError) -> FileFormat {
    if OutputTarget.isStandardOutput(path) { return format }
    if suffix(of: path) == nil,
      let target = try? OutputTarget(path, noClobber: false), target.kind == .stream
    {
      return format
    }
    return try forWriting(path)
  }

  /// One array as a file of this format.
  ///
  /// The element type is kept where the format has it: everywhere in `.npy`, `.npz` and
  /// safetensors, except `bf16`, which NumPy's formats hold as `f32`; text keeps the numbers
  /// (shortest round trip) but not the type; `.png` takes `u8` and `u16` alone. In safetensors
  /// and `.npz` the array is called `name`.
  ///
  /// - Throws: `FormatError.usage` for a type or shape that the format cannot hold.
  public func encode(
    _ array: StoredArray, name: String = "array"
  ) throws(FormatError) -> FileContent {
    switch self {
    case .npy: try Npy.encode(array)
    case .npz, .safetensors: try encode([NamedArray(name, array)])
    case .csv: try TextTable.encode(array, delimiter: ",")
    case .tsv: try TextTable.encode(array, delimiter: "\t")
    case .txt: try TextTable.encode(array, delimiter: " ")
    case .mtx: try MatrixMarket.encode(array)
    case .png: try FileContent(PNG.encode(try array.picture()))
    case .idx: throw .isOnlyRead(self)
    }
  }

  /// Several named arrays, and the texts that only safetensors can hold, as a file of this format.
  ///
  /// - Throws: `FormatError.usage` when the format holds one array and there are not one, or for
  ///   names that it cannot hold.
  public func encode(
    _ arrays: [NamedArray], metadata: [String: String] = [:]
  ) throws(FormatError) -> FileContent {
    switch self {
    case .npz: return try NpzFile.encode(arrays)
    case .safetensors: return try SafetensorsFile(tensors: arrays, metadata: metadata).encode()
    case .idx: throw .isOnlyRead(self)
    case .npy, .csv, .tsv, .txt, .mtx, .png:
      guard let only = arrays.first, arrays.count == 1 else {
        throw FormatError(
          .usage, "\(arrays.count) arrays do not fit into one .\(rawValue) file",
          hint: "write .npz or .safetensors")
      }
      return try encode(only.array, name: only.name)
    }
  }
}

extension FormatError {
  /// The caller wants a file written in a format that is read alone.
  static func isOnlyRead(_ format: FileFormat) -> FormatError {
    FormatError(.usage, ".\(format.rawValue) files are read, not written", hint: "write .npy")
  }
}

extension OutputFile {
  /// An output of one array in the format of `format` or else of the path's suffix.
  ///
  /// - Throws: as `FileFormat.forWriting` and `FileFormat.encode`.
  public init(
    _ path: String, _ array: StoredArray, format: FileFormat? = nil
  ) throws(FormatError) {
    let format = if let format { format } else { try FileFormat.forWriting(path) }
    self.init(path, try format.encode(array), isBinary: format.isBinary)
  }

  /// An output of named arrays in the format of `format` or else of the path's suffix.
  ///
  /// - Throws: as `FileFormat.forWriting` and `FileFormat.encode`.
  public init(
    _ path: String, _ arrays: [NamedArray], metadata: [String: String] = [:],
    format: FileFormat? = nil
  ) throws(FormatError) {
    let format = if let format { format } else { try FileFormat.forWriting(path) }
    self.init(path, try format.encode(arrays, metadata: metadata), isBinary: format.isBinary)
  }
}
