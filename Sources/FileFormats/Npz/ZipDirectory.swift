/// One file inside a zip archive, as the central directory describes it.
struct ZipEntry {
  var name: String
  var method: Int
  var checksum: UInt32
  var compressedSize: Int
  var size: Int
  /// Where the local header begins.
  var headerOffset: Int
}

/// Where the central directory stands, and the reading of its records.
///
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5. The directory at the end is what counts:
/// local headers may lack sizes (data descriptors), so they only tell where the data begins.
struct ZipDirectory {
  private static let endSignature: UInt32 = 0x0605_4B50
  private static let end64LocatorSignature: UInt32 = 0x0706_4B50
  private static let end64Signature: UInt32 = 0x0606_4B50
  private static let recordSignature: UInt32 = 0x0201_4B50
  private static let endSize = 22
  private static let recordSize = 46

  let start: Int
  let size: Int
  let entryCount: Int

  /// Finds the directory from the end of the file, with zip64's larger numbers where needed.
  init(_ file: ArraySlice<UInt8>) throws(FormatError) {
    let end = try Self.endRecord(of: file)
    guard file.littleEndian(end + 4, as: UInt16.self) == 0,
      file.littleEndian(end + 6, as: UInt16.self) == 0
    else { throw .badData("the zip archive is split over several files") }
    var count = Int(file.littleEndian(end + 10, as: UInt16.self))
    var size = Int(file.littleEndian(end + 12, as: UInt32.self))
    var start = Int(file.littleEndian(end + 16, as: UInt32.self))
    var limit = end
    let locator = end - 20
    if locator >= 0, file.littleEndian(locator, as: UInt32.self) == Self.end64LocatorSignature {
      let offset = Int(exactly: file.littleEndian(locator + 8, as: UInt64.self)) ?? .max
      guard offset <= locator - 56,
        file.littleEndian(offset, as: UInt32.self) == Self.end64Signature,
        let count64 = Int(exactly: file.littleEndian(offset + 32, as: UInt64.self)),
        let size64 = Int(exactly: file.littleEndian(offset + 40, as: UInt64.self)),
        let start64 = Int(exactly: file.littleEndian(offset + 48, as: UInt64.self))
      else { throw .badData("the zip64 end record is damaged") }
      (count, size, start, limit) = (count64, size64, start64, offset)
    }
    guard start <= limit, size <= limit - start, count <= size / Self.recordSize else {
      throw .badData("the zip directory lies outside the file")
    }
    (self.start, self.size, entryCount) = (start, size, count)
  }

  /// The end record stands before a comment of at most 65,535 bytes that reaches the file's end.
  private static func endRecord(of file: ArraySlice<UInt8>) throws(FormatError) -> Int {
    let last = file.count - endSize
    guard last >= 0 else {
      throw .badData("the zip archive is cut (found \(file.count) bytes, no end record)")
    }
    for offset in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where file.littleEndian(offset, as: UInt32.self) == endSignature {
      let commentSize = Int(file.littleEndian(offset + 20, as: UInt16.self))
      if offset + endSize + commentSize == file.count { return offset }
    }
    throw .badData("the zip archive is cut or damaged (no end record)")
  }

  /// The entries in directory order.
  ///
  /// - Throws: `FormatError.badData` for damaged records and encrypted entries.
  func entries(in file: ArraySlice<UInt8>) throws(FormatError) -> [ZipEntry] {
    var entries: [ZipEntry] = []
    var rest = file.dropFirst(start).prefix(size)
    for _ in 0..<entryCount {
      guard rest.count >= Self.recordSize,
        rest.littleEndian(0, as: UInt32.self) == Self.recordSignature
      else { throw .badData("the zip directory is damaged") }
      let nameSize = Int(rest.littleEndian(28, as: UInt16.self))
      let extraSize = Int(rest.littleEndian(30, as: UInt16.self))
      let commentSize = Int(rest.littleEndian(32, as: UInt16.self))
      let recordSize = Self.recordSize + nameSize + extraSize + commentSize
      guard rest.count >= recordSize else { throw .badData("the zip directory is cut") }
      let variable = rest.dropFirst(Self.recordSize)
      let entry = try Self.entry(
        rest, name: variable.prefix(nameSize), extra: variable.dropFirst(nameSize).prefix(extraSize)
      )
      entries.append(entry)
      rest = rest.dropFirst(recordSize)
    }
    guard rest.isEmpty else { throw .badData("the zip directory has unaccounted bytes") }
    return entries
  }

  private static func entry(
    _ record: ArraySlice<UInt8>, name: ArraySlice<UInt8>, extra: ArraySlice<UInt8>
  ) throws(FormatError) -> ZipEntry {
    guard let name = String(validating: name, as: UTF8.self) else {
      throw .badData("a name in the zip directory is not UTF-8")
    }
    guard record.littleEndian(8, as: UInt16.self) & 0x2041 == 0 else {
      throw .badData("'\(TextQuote.short(name))' is encrypted")
    }
    var entry = ZipEntry(
      name: name, method: Int(record.littleEndian(10, as: UInt16.self)),
      checksum: record.littleEndian(16, as: UInt32.self),
      compressedSize: Int(record.littleEndian(20, as: UInt32.self)),
      size: Int(record.littleEndian(24, as: UInt32.self)),
      headerOffset: Int(record.littleEndian(42, as: UInt32.self)))
    try entry.readZip64(extra)
    return entry
  }
}

extension ZipEntry {
  /// Takes the 64-bit numbers from the extra field with the tag 1: it holds, in this order, only
  /// those whose 32-bit field is all ones.
  fileprivate mutating func readZip64(_ extra: ArraySlice<UInt8>) throws(FormatError) {
    var rest = extra
    while rest.count >= 4 {
      let tag = rest.littleEndian(0, as: UInt16.self)
      let length = Int(rest.littleEndian(2, as: UInt16.self))
      rest = rest.dropFirst(4)
      guard rest.count >= length else { break }
      if tag == 1 {
        var field = rest.prefix(length)
        try Self.widen(&size, from: &field)
        try Self.widen(&compressedSize, from: &field)
        try Self.widen(&headerOffset, from: &field)
        return
      }
      rest = rest.dropFirst(length)
    }
    let marker = Int(UInt32.max)
    guard size != marker, compressedSize != marker, headerOffset != marker else {
      throw .badData("'\(TextQuote.short(name))' lacks its zip64 sizes")
    }
  }

  private static func widen(
    _ number: inout Int, from field: inout ArraySlice<UInt8>
  ) throws(FormatError) {
    guard number == Int(UInt32.max) else { return }
    guard field.count >= 8, let wide = Int(exactly: field.littleEndian(0, as: UInt64.self)) else {
      throw .badData("a zip64 field is damaged")
    }
    number = wide
    field = field.dropFirst(8)
  }
}
