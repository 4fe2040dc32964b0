import Tensors

/// A zip archive whose directory was read and found sound; contents are unpacked on demand.
struct ZipArchive {
  private static let localSignature: UInt32 = 0x0403_4B50
  private static let localSize = 30

  private let file: ArraySlice<UInt8>
  /// The files inside, in directory order, directories left out.
  let entries: [ZipEntry]

  /// - Throws: `FormatError.badData` for a damaged directory, a name that stands twice, and
  ///   entries that reach over each other or over the directory (how bombs are folded).
  init(_ file: ArraySlice<UInt8>) throws(FormatError) {
    let directory = try ZipDirectory(file)
    let all = try directory.entries(in: file)
    var names: Set<String> = []
    var extents: [(start: Int, end: Int, name: String)] = []
    for entry in all {
      guard names.insert(entry.name).inserted else {
        throw .badData("the zip archive holds '\(TextQuote.short(entry.name))' twice")
      }
      let data = try Self.dataRange(of: entry, in: file, before: directory.start)
      extents.append((entry.headerOffset, data.upperBound, entry.name))
    }
    extents.sort { $0.start < $1.start }
    for (previous, next) in zip(extents, extents.dropFirst()) where next.start < previous.end {
      throw .badData(
        "'\(TextQuote.short(previous.name))' and '\(TextQuote.short(next.name))' overlap "
          + "in the zip archive")
    }
    self.file = file
    entries = all.filter { !$0.name.hasSuffix("/") }
  }

  /// The unpacked bytes of an entry: a slice of the file when it is stored.
  ///
  /// - Throws: `FormatError.badData` for another method than stored and deflate, a wrong size or
  ///   checksum; `.resourceLimit` when the declared size does not fit the budget.
  func contents(of entry: ZipEntry, budget: MemoryBudget) throws(FormatError) -> ArraySlice<UInt8> {
    let range = try Self.dataRange(of: entry, in: file, before: file.count)
    let packed = file[file.startIndex + range.lowerBound..<file.startIndex + range.upperBound]
    let unpacked: ArraySlice<UInt8>
    switch entry.method {
    case 0:
      guard entry.size == entry.compressedSize else {
        throw .badData("a stored entry has two sizes (\(entry.compressedSize), \(entry.size))")
      }
      unpacked = packed
    case 8:
      guard entry.size / Deflate.greatestRatio <= packed.count else {
        throw .badData(
          "\(packed.count) compressed bytes cannot hold the declared \(entry.size)")
      }
      try budget.allow(entry.size, for: "'\(TextQuote.short(entry.name))' unpacked")
      unpacked = try Deflate.inflate(packed, byteCount: entry.size)[...]
    default:
      throw .badData(
        "compression method \(entry.method) is not read (stored and deflate are)")
    }
    guard Deflate.checksum(unpacked) == entry.checksum else {
      throw .badData("the CRC does not match: the data is damaged")
    }
    return unpacked
  }

  /// Where an entry's data stands, from the start of the file.
  private static func dataRange(
    of entry: ZipEntry, in file: ArraySlice<UInt8>, before limit: Int
  ) throws(FormatError) -> Range<Int> {
    let offset = entry.headerOffset
    let name = TextQuote.short(entry.name)
    guard offset <= limit - localSize,
      file.littleEndian(offset, as: UInt32.self) == localSignature
    else { throw .badData("no entry stands where the zip directory says ('\(name)')") }
    guard file.littleEndian(offset + 6, as: UInt16.self) & 0x2041 == 0 else {
      throw .badData("'\(name)' is encrypted")
    }
    let nameSize = Int(file.littleEndian(offset + 26, as: UInt16.self))
    let extraSize = Int(file.littleEndian(offset + 28, as: UInt16.self))
    let start = offset + localSize + nameSize + extraSize
    guard start <= limit, entry.compressedSize <= limit - start else {
      throw .badData("the data of '\(name)' reaches beyond its place in the zip archive")
    }
    return start..<start + entry.compressedSize
  }
}
