import Tensors

/// A file's bytes, unpacked where it was gzip, and the format that they are in.
struct InputFile {
  /// The content.
  let bytes: [UInt8]
  let format: FileFormat
  /// The size of the file itself, packed where it is.
  let byteCount: Int
  /// Whether the file was gzip.
  let isGzip: Bool
  /// What is odd but no error, one line each.
  let warnings: [String]

  /// Reads `path` or, for `-`, standard input.
  ///
  /// - Parameter format: the format; nil detects it.
  /// - Throws: as `LoadedFile.load`, but for members and content.
  init(
    _ path: String, format demanded: FileFormat?, budget: MemoryBudget
  ) throws(FormatError) {
    var bytes = try FileReader.read(path, budget: budget)
    guard !bytes.isEmpty else { throw .badData("the file is empty") }
    byteCount = bytes.count
    isGzip = bytes.starts(with: Gzip.signature)
    let saysGzip = FileFormat.suffix(of: path) == "gz"
    // `digits.csv.gz` holds what `digits.csv` would.
    let name = saysGzip ? String(path.dropLast(3)) : path
    var warnings: [String] = []
    if isGzip {
      bytes = try Gzip.unpacked(bytes[...], budget: budget)
      guard !bytes.isEmpty else { throw .badData("the gzip data holds an empty file") }
      guard !bytes.starts(with: Gzip.signature) else {
        throw .badData("the gzip data holds gzip data again", hint: "unpack it once: gunzip")
      }
      if !saysGzip, FileFormat(suffixOf: path) != nil {
        warnings.append("the file is gzip data, which its name does not say: it is unpacked")
      }
    } else if saysGzip {
      warnings.append("the suffix .gz is wrong: the file is not compressed")
    }
    if let demanded {
      format = demanded
    } else {
      let (found, oddities) = try Detection.format(of: bytes[...], named: name)
      format = found
      warnings += oddities
    }
    self.bytes = bytes
    self.warnings = warnings
  }
}
