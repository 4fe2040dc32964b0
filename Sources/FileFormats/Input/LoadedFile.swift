public import Tensors

/// How a file is to be read.
public struct ReadOptions: Sendable {
  /// The format; nil detects it.
  public var format: FileFormat?
  /// What separates the cells of a text table; nil detects it.
  public var delimiter: TextOptions.Delimiter?
  /// Whether the first row of a text table holds names.
  public var header: TextOptions.Header
  /// What every large allocation is asked of.
  public var budget: MemoryBudget

  /// Everything detected, unless said otherwise.
  public init(
    format: FileFormat? = nil, delimiter: TextOptions.Delimiter? = nil,
    header: TextOptions.Header = .auto, budget: MemoryBudget
  ) {
    self.format = format
    self.delimiter = delimiter
    self.header = header
    self.budget = budget
  }
}

/// A file's content, whatever its format was.
public struct LoadedFile: Sendable {
  /// What a file can hold.
  public enum Content: Sendable {
    /// One array: `.npy`, a text table, a matrix, or the array that was named.
    case array(StoredArray)
    /// A picture.
    case picture(Picture)
    /// The named arrays of a `.npz` or safetensors file of which none was chosen.
    case archive([NamedArray])
  }

  /// The format that was found or demanded.
  public let format: FileFormat
  /// The size of the file in bytes, as it lies on the disk.
  public let byteCount: Int
  /// Whether the file was gzip and `format` is what was found inside.
  public let isGzip: Bool
  /// What the file holds.
  public let content: Content
  /// The texts that a safetensors file carries beside its tensors; empty for other formats.
  public let metadata: [String: String]
  /// What is odd but no error, one line each.
  public let warnings: [String]

  /// Reads `path`, `path:member` or, for `-`, standard input.
  ///
  /// The format is found by magic bytes, then by the suffix; a suffix that contradicts the
  /// content is a warning. A gzip file of any format is unpacked first; the suffix before `.gz`
  /// counts.
  ///
  /// - Throws: `FormatError` of every kind but `cannotCreate`: `.noInput` and `.noPermission` for
  ///   the path, `.badData` for the content, `.resourceLimit` beyond the budget, `.inputOutput`
  ///   when reading fails, `.usage` for a member that is not there.
  public static func load(
    _ path: String, options: ReadOptions
  ) throws(FormatError) -> LoadedFile {
    try load(InputPath.parse(path), options: options)
  }

  /// Reads an input whose path and member are known.
  public static func load(
    _ input: InputPath, options: ReadOptions
  ) throws(FormatError) -> LoadedFile {
    let file = try InputFile(input.path, format: options.format, budget: options.budget)
    return try LoadedFile(file, member: input.member, options: options)
  }

  /// Takes the bytes of a file apart.
  init(_ file: InputFile, member: String?, options: ReadOptions) throws(FormatError) {
    let format = file.format
    if let member, !format.holdsSeveralArrays {
      throw FormatError(
        .usage,
        "a .\(format.rawValue) file holds one array, there is no "
          + "'\(TextQuote.short(member))' in it")
    }
    let (content, metadata, notes) =
      try Self.content(of: file.bytes[...], format, member, options)
    self.format = format
    byteCount = file.byteCount
    isGzip = file.isGzip
    self.content = content
    self.metadata = metadata
    warnings = file.warnings + notes
  }

  /// What the reader of one format finds, with its warnings.
  private static func content(
    of bytes: ArraySlice<UInt8>, _ format: FileFormat, _ member: String?, _ options: ReadOptions
  ) throws(FormatError) -> (Content, metadata: [String: String], warnings: [String]) {
    let budget = options.budget
    switch format {
    case .npy: return (.array(try Npy.decode(bytes, budget: budget)), [:], [])
    case .npz: return (try archive(bytes, member, budget), [:], [])
    case .csv, .tsv, .txt:
      let text = TextOptions(delimiter: options.delimiter, header: options.header)
      return (.array(try TextTable.decode(bytes, options: text, budget: budget)), [:], [])
    case .mtx: return (.array(try MatrixMarket.decode(bytes, budget: budget)), [:], [])
    case .safetensors:
      let file = try SafetensorsFile(bytes)
      guard let member else { return (.archive(file.tensors), file.metadata, []) }
      return (.array(try file.array(member)), file.metadata, [])
    case .idx: return (.array(try IDX.decode(bytes, budget: budget)), [:], [])
    case .png:
      let (picture, warnings) = try PNG.decode(bytes, budget: budget)
      return (.picture(picture), [:], warnings)
    }
  }

  private static func archive(
    _ bytes: ArraySlice<UInt8>, _ member: String?, _ budget: MemoryBudget
  ) throws(FormatError) -> Content {
    let file = try NpzFile(bytes)
    if let member { return .array(try file.array(member, budget: budget)) }
    return .archive(try file.arrays(budget: budget))
  }

  /// The one array of the file: the chosen one, the only one of an archive, or a picture's
  /// samples (`u8` or `u16`, [height, width] or [height, width, channels]).
  ///
  /// - Throws: `FormatError.usage`, listing the names, when several arrays stand to choose from;
  ///   `.badData` when there is none.
  public func array() throws(FormatError) -> StoredArray {
    switch content {
    case .array(let array): return array
    case .picture(let picture): return StoredArray(picture)
    case .archive(let arrays):
      guard let first = arrays.first else { throw .badData("the file holds no array") }
      guard arrays.count == 1 else { throw .memberNeeded(among: arrays.map(\.name)) }
      return first.array
    }
  }
}
