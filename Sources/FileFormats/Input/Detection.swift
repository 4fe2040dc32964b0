/// Finding out what a file is.
enum Detection {
  /// The format of a file and what is odd about it.
  ///
  /// Magic bytes count first, then the suffix. Formats without magic bytes (text, safetensors)
  /// follow the suffix, or their looks when that says nothing.
  ///
  /// - Throws: `FormatError.badData`, with a hint where a converter exists, for files of a known
  ///   other kind and for files of no known kind.
  static func format(
    of bytes: ArraySlice<UInt8>, named path: String
  ) throws(FormatError) -> (FileFormat, warnings: [String]) {
    let promised = FileFormat(suffixOf: path)
    guard let found = magic(bytes) else {
      try ForeignFile.refuse(bytes, path)
      if let promised, !hasMagic(promised) { return (promised, []) }
      return (try guessed(bytes, promised: promised, path: path), [])
    }
    let suffix = FileFormat.suffix(of: path) ?? ""
    if found == .npz, ["pt", "pth"].contains(suffix) {
      // A PyTorch checkpoint is a zip archive as well.
      try ForeignFile.refuse([], path)
    }
    let isForeign = ForeignFile.known.contains { $0.suffixes.contains(suffix) }
    guard isForeign || (promised != nil && promised != found) else { return (found, []) }
    let name = suffix.isEmpty ? "the name" : "the suffix .\(suffix)"
    return (found, ["\(name) is wrong: the file is read as .\(found.rawValue)"])
  }

  private static func magic(_ bytes: ArraySlice<UInt8>) -> FileFormat? {
    if bytes.starts(with: NpyHeader.signature) { return .npy }
    if bytes.starts(with: PNG.signature) { return .png }
    // A local header, or the end record of an empty archive.
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
      return .npz
    }
    if IDX.begins(bytes) { return .idx }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    let banner = start.prefix(MatrixMarket.signature.count).map(lowercase)
    return banner == MatrixMarket.signature.map(lowercase) ? .mtx : nil
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Whether the format is refused without its magic bytes; the readers of Matrix Market and IDX
  /// say more about a wrong beginning.
  private static func hasMagic(_ format: FileFormat) -> Bool {
    switch format {
    case .npy, .npz, .png: true
    case .csv, .tsv, .txt, .mtx, .idx, .safetensors: false
    }
  }

  private static func guessed(
    _ bytes: ArraySlice<UInt8>, promised: FileFormat?, path: String
  ) throws(FormatError) -> FileFormat {
    if let promised {
      // Cut before the end of its magic bytes, or not at all what the suffix says.
      throw .badData(
        "not a .\(promised.rawValue) file (the first bytes are \(hexadecimal(bytes.prefix(8))))")
    }
    if SafetensorsHeader.begins(bytes) { return .safetensors }
    let isText = bytes.prefix(512).allSatisfy { $0 >= 0x20 || (0x09...0x0D).contains($0) }
    guard isText else {
      throw .badData(
        "the format is unknown (the first bytes are \(hexadecimal(bytes.prefix(8))))",
        hint: "--input-format names it: \(FileFormat.listing)")
    }
    return .txt
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

extension FileFormat {
  /// All names, for messages.
  static var listing: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
