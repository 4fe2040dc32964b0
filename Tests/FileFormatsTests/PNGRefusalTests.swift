import FileFormats
import Tensors
import TestSupport
import Testing

/// Damaged, hostile and odd files.
@Suite struct PNGRefusalTests {
  /// A 2x2 RGB picture with a gAMA chunk.
  private static let small = PNGBytes.file(
    width: 2, height: 2, depth: 8, colorType: 2, chunks: [("gAMA", [0, 0, 0xB1, 0x8F])],
    rows: [[0, 1, 2, 3, 4, 5, 6], [0, 7, 8, 9, 10, 11, 12]])

  private func refusal(_ bytes: [UInt8], limit: Int = .max) -> FormatError? {
    #expect(throws: FormatError.self) {
      try PNG.decode(bytes[...], budget: MemoryBudget(limit: limit))
    }
  }

  @Test func everyCutIsRefused() {
    for count in 0..<Self.small.count {
      let error = refusal(Array(Self.small[..<count]))
      #expect(error?.kind == .badData)
      let message = error?.message ?? ""
      #expect(
        message.contains("the file ends") || message.contains("empty"), "\(count): \(message)")
    }
  }

  @Test func messagesOfCutsNameThePlace() {
    #expect(refusal([])?.message == "not a PNG file: it is empty")
    #expect(refusal(Array(Self.small[..<5]))?.message == "the file ends inside the PNG signature")
    #expect(refusal(Array(Self.small[..<20]))?.message == "the file ends inside IHDR")
    let withoutEnd = Array(Self.small.dropLast(12))
    #expect(refusal(withoutEnd)?.message == "the file ends after IDAT, without IEND")
    #expect(refusal(Array(withoutEnd.dropLast(9)))?.message == "the file ends inside IDAT")
  }

  @Test func aChangedByteNeverPassesUnseen() throws {
    let original = try PNG.decode(Self.small[...], budget: .unlimited()).picture
    for position in Self.small.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var changed = Self.small
        changed[position] ^= mask
        // Whatever is read in spite of the damage must be the same picture.
        guard let read = try? PNG.decode(changed[...], budget: MemoryBudget(limit: 1 << 20))
        else { continue }
        #expect(read.picture == original, "byte \(position) ^ \(mask)")
      }
    }
  }

  @Test func aHugeHeaderIsAResourceLimit() {
    let side: UInt32 = 1_000_000
    let file = PNGBytes.file(width: side, height: side, depth: 8, colorType: 0, rows: [[0]])
    let error = refusal(file, limit: 1 << 33)
    #expect(error?.kind == .resourceLimit)
    #expect(error?.message.contains("2000016000000 bytes, 8589934592 available") == true)
    // The header alone may be looked at.
    #expect((try? PNG.header(file[...]))?.header.width == 1_000_000)
  }

  @Test func sizesBeyondCountingAreAResourceLimit() {
    let side = UInt32(Int32.max)
    let file = PNGBytes.file(width: side, height: side, depth: 16, colorType: 6, rows: [[0]])
    let error = refusal(file)
    #expect(error?.kind == .resourceLimit)
    #expect(error?.message.contains("2147483647x2147483647") == true)
  }

  @Test func aBudgetTooSmallNamesTheBytes() {
    // 24 bytes of samples, 32 for two rows.
    #expect(refusal(Self.small, limit: 55)?.kind == .resourceLimit)
    #expect(refusal(Self.small, limit: 55)?.message.contains("56 bytes, 55 available") == true)
    #expect(throws: Never.self) {
      try PNG.decode(Self.small[...], budget: MemoryBudget(limit: 56))
    }
  }

  @Test func aShortFileMayNotAskForGigabytes() {
    let file = PNGBytes.file(width: 40_000, height: 40_000, depth: 8, colorType: 0, rows: [[0]])
    let error = refusal(file)
    #expect(error?.kind == .badData)
    #expect(error?.message.contains("cannot hold the 40000x40000 pixels") == true)
  }

  @Test(
    arguments: [
      (0, 1, 8, 0, "IHDR: Image width is zero"), (1, 0, 8, 0, "IHDR: Image height is zero"),
      (0x8000_0000, 1, 8, 0, "IHDR: PNG unsigned integer out of range"),
      (1, 1, 7, 0, "IHDR: Invalid bit depth"),
      (1, 1, 16, 3, "IHDR: Invalid color type/bit depth"), (1, 1, 8, 5, "IHDR: Invalid color type"),
      (1, 1, 8, 3, "PLTE"),
    ] as [(UInt32, UInt32, UInt8, UInt8, String)])
  func invalidHeadersAreBadData(
    width: UInt32, height: UInt32, depth: UInt8, colorType: UInt8, reason: String
  ) {
    let file = PNGBytes.file(
      width: width, height: height, depth: depth, colorType: colorType, rows: [[0, 0]])
    let error = refusal(file)
    #expect(error?.kind == .badData)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["IHDR", "PLTE", "tRNS", "tEXt", "IDAT", "IEND"])
  func aWrongCheckSumIsRefused(name: String) {
    var png = Self.signatureOnly
    let chunks: [(String, [UInt8])] = [
      ("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0]), ("PLTE", [1, 2, 3]), ("tRNS", [9]),
      ("tEXt", Array("Title\0x".utf8)), ("IDAT", PNGBytes.zlibStored([0, 0])), ("IEND", []),
    ]
    for (chunk, data) in chunks {
      let content = Array(chunk.utf8) + data
      let crc = PNGBytes.crc32(content) ^ (chunk == name ? 1 : 0)
      png += PNGBytes.bigEndian(UInt32(data.count)) + content + PNGBytes.bigEndian(crc)
    }
    #expect(refusal(png)?.message == "\(name): CRC error")
    #expect(refusal(png)?.kind == .badData)
  }

  private static let signatureOnly = PNG.signature

  @Test func tooFewSamplesAreRefused() {
    let file = PNGBytes.file(width: 4, height: 4, depth: 8, colorType: 0, rows: [[0, 1, 2, 3, 4]])
    #expect(refusal(file)?.message.contains("Not enough image data") == true)
  }

  @Test func otherFilesAreRefusedByTheirFirstByte() {
    let error = refusal(Array("GIF89a".utf8))
    #expect(error?.message.contains("byte 1 of the signature differs (found 0x47") == true)
  }
}
