/// Writes a zip archive of stored entries.
///
/// Every date is 1980-01-01, the first that zip can hold, so that equal contents give equal
/// files. zip64 records appear only where a number exceeds 32 bits.
struct ZipWriter {
  private static let date: UInt16 = 0x0021
  private static let utf8Names: UInt16 = 0x0800
  private static let version: UInt16 = 20
  private static let zip64Version: UInt16 = 45
  private static let limit32 = Int(UInt32.max)
  private static let limit16 = Int(UInt16.max)

  private var content = FileContent()
  private var directory: [UInt8] = []
  private var offset = 0
  private var entryCount = 0

  /// Adds a file; its bytes are not copied.
  mutating func add(_ name: String, _ file: FileContent) {
    let size = file.byteCount
    let checksum = file.pieces.reduce(UInt32(0)) { Deflate.checksum($1, after: $0) }
    let name = [UInt8](name.utf8)
    let isWide = size >= Self.limit32
    var header: [UInt8] = []
    header.appendLittleEndian(UInt32(0x0403_4B50))
    // A local header with wide sizes carries both, even if one alone would need it.
    let extra = isWide ? Self.zip64Field([size, size]) : []
    header += Self.common(
      name: name, checksum: checksum, size: size, extraSize: extra.count, isWide: isWide)
    header += name + extra
    append(FileContent(header))
    addRecord(name: name, checksum: checksum, size: size, headerOffset: offset - header.count)
    append(file)
    entryCount += 1
  }

  /// The archive: entries, directory, end records.
  consuming func finish() -> FileContent {
    let start = offset
    append(FileContent(directory))
    var end: [UInt8] = []
    if entryCount >= Self.limit16 || start >= Self.limit32 || directory.count >= Self.limit32 {
      end.appendLittleEndian(UInt32(0x0606_4B50))
      end.appendLittleEndian(UInt64(44))
      end.appendLittleEndian(Self.zip64Version)
      end.appendLittleEndian(Self.zip64Version)
      end.appendLittleEndian(UInt64(0))
      for number in [entryCount, entryCount, directory.count, start] {
        end.appendLittleEndian(UInt64(number))
      }
      end.appendLittleEndian(UInt32(0x0706_4B50))
      end.appendLittleEndian(UInt32(0))
      end.appendLittleEndian(UInt64(offset))
      end.appendLittleEndian(UInt32(1))
    }
    end.appendLittleEndian(UInt32(0x0605_4B50))
    end.appendLittleEndian(UInt32(0))
    end.appendLittleEndian(UInt16(clamping: entryCount))
    end.appendLittleEndian(UInt16(clamping: entryCount))
    end.appendLittleEndian(UInt32(clamping: directory.count))
    end.appendLittleEndian(UInt32(clamping: start))
    end.appendLittleEndian(UInt16(0))
    append(FileContent(end))
    return content
  }

  private mutating func append(_ piece: FileContent) {
    content.append(piece)
    offset += piece.byteCount
  }

  private mutating func addRecord(
    name: [UInt8], checksum: UInt32, size: Int, headerOffset: Int
  ) {
    var wide: [Int] = []
    if size >= Self.limit32 { wide += [size, size] }
    if headerOffset >= Self.limit32 { wide.append(headerOffset) }
    let extra = wide.isEmpty ? [] : Self.zip64Field(wide)
    directory.appendLittleEndian(UInt32(0x0201_4B50))
    directory.appendLittleEndian(wide.isEmpty ? Self.version : Self.zip64Version)
    directory += Self.common(
      name: name, checksum: checksum, size: size, extraSize: extra.count, isWide: !wide.isEmpty)
    // Comment, disk, internal and external attributes: none.
    directory += [UInt8](repeating: 0, count: 10)
    directory.appendLittleEndian(UInt32(clamping: headerOffset))
    directory += name + extra
  }

  /// The fields that local headers and directory records share, from the version on.
  private static func common(
    name: [UInt8], checksum: UInt32, size: Int, extraSize: Int, isWide: Bool
  ) -> [UInt8] {
    var fields: [UInt8] = []
    fields.appendLittleEndian(isWide ? zip64Version : version)
    fields.appendLittleEndian(name.contains { $0 >= 0x80 } ? utf8Names : 0)
    fields.appendLittleEndian(UInt16(0))
    fields.appendLittleEndian(UInt16(0))
    fields.appendLittleEndian(date)
    fields.appendLittleEndian(checksum)
    fields.appendLittleEndian(UInt32(clamping: size))
    fields.appendLittleEndian(UInt32(clamping: size))
    fields.appendLittleEndian(UInt16(name.count))
    fields.appendLittleEndian(UInt16(extraSize))
    return fields
  }

  private static func zip64Field(_ numbers: [Int]) -> [UInt8] {
    var field: [UInt8] = []
    field.appendLittleEndian(UInt16(1))
    field.appendLittleEndian(UInt16(8 * numbers.count))
    for number in numbers { field.appendLittleEndian(UInt64(number)) }
    return field
  }
}
