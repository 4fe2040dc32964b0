import FileFormats
import Tensors
import TestSupport
import Testing

/// Files that are odd but sound: they decode, and the oddity is a warning.
@Suite struct PNGToleranceTests {
  private func decode(chunks: [(String, [UInt8])], tail: [UInt8] = []) throws -> [String] {
    let file = PNGBytes.file(
      width: 2, height: 1, depth: 8, colorType: 0, chunks: chunks, rows: [[0, 10, 20]])
    let (picture, warnings) = try PNG.decode((file + tail)[...], budget: .unlimited())
    #expect(picture.samples == [10, 20])
    return warnings
  }

  @Test func anAnimationGivesItsStillPicture() throws {
    let warnings = try decode(chunks: [("acTL", [0, 0, 0, 2, 0, 0, 0, 0])])
    #expect(warnings == ["an animation (APNG): only the still picture is read"])
  }

  @Test func bytesBehindTheEndAreCounted() throws {
    let warnings = try decode(chunks: [], tail: [1, 2, 3])
    #expect(warnings == ["3 bytes after the end of the picture are ignored"])
  }

  @Test func aHugeTextChunkIsPassedOver() throws {
    let text = Array("Comment\0\0".utf8) + [UInt8](repeating: 0x41, count: 9_000_000)
    let warnings = try decode(chunks: [("zTXt", text)])
    #expect(warnings == ["zTXt: chunk data is too large"])
  }

  @Test func unknownAndBrokenTextChunksAreSilent() throws {
    #expect(try decode(chunks: [("tEXt", []), ("iTXt", [0]), ("abCd", [1, 2])]) == [])
  }

  @Test func oddColorChunksAreWarningsAndDropped() throws {
    let chunks: [(String, [UInt8])] = [
      ("gAMA", [0, 0, 0, 0]), ("sRGB", [9]), ("cHRM", [1]), ("iCCP", Array("p\0\0nonsense".utf8)),
      ("tRNS", [1]),
    ]
    #expect(try decode(chunks: chunks).isEmpty == false)
    let file = PNGBytes.file(
      width: 1, height: 1, depth: 8, colorType: 0, chunks: chunks, rows: [[0, 0]])
    #expect(try PNG.header(file[...]).header.color == ColorChunks())
    #expect(try PNG.header(file[...]).header.notableChunks == [])
  }

  @Test func aProfileThatClaimsGigabytesIsDropped() throws {
    let claim = PNGBytes.bigEndian(0x7FFF_FFFF)
    let data = PNGBytes.zlibStored(claim + [UInt8](repeating: 0, count: 300))
    let warnings = try decode(chunks: [("iCCP", Array("p\0\0".utf8) + data)])
    #expect(warnings.count == 1)
    #expect(warnings.first?.hasPrefix("iCCP: ") == true)
  }

  @Test func aPaletteIndexOutsideThePaletteIsAWarning() throws {
    let file = PNGBytes.file(
      width: 2, height: 1, depth: 8, colorType: 3, chunks: [("PLTE", [1, 2, 3])],
      rows: [[0, 0, 5]])
    let (picture, warnings) = try PNG.decode(file[...], budget: .unlimited())
    #expect(picture.samples == [1, 2, 3, 0, 0, 0])
    #expect(warnings == ["colours outside the palette are read as black"])
  }
}
