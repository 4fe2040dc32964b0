import FileFormats
import Tensors
import Testing

/// Willem van Schaik's PngSuite, read from the shared data; skipped where that is missing.
@Suite(.enabled(if: sharedData != nil, "needs shared/data/pngsuite"))
struct PNGSuiteTests {
  @Test(arguments: pngSuite) func decodesToTheSamplesOfAnotherDecoder(
    entry: PNGSuiteEntry
  ) throws {
    let bytes = try #require(pngSuiteFile(entry.name))
    let (picture, _) = try PNG.decode(bytes[...], budget: .unlimited())
    #expect(picture.layout == entry.layout)
    #expect(fnv1a(picture.samples) == entry.checksum)
    #expect(try PNG.header(bytes[...]).header.origin == picture.origin)
  }

  /// The names tell how the pixels are stored: `basi3p04` is interlaced, colour type 3, 4 bits.
  @Test(arguments: pngSuite.filter { $0.name != "PngSuite" }) func originMatchesTheName(
    entry: PNGSuiteEntry
  ) throws {
    let bytes = try #require(pngSuiteFile(entry.name))
    let origin = try PNG.header(bytes[...]).header.origin
    let name = Array(entry.name)
    #expect(origin.interlaced == (name[3] == "i"))
    #expect(String(origin.colorType.rawValue) == String(name[4]))
    #expect(origin.bitDepth == Int(String(name[6...])))
  }

  @Test(arguments: pngSuite) func survivesRewriting(entry: PNGSuiteEntry) throws {
    let bytes = try #require(pngSuiteFile(entry.name))
    let (picture, _) = try PNG.decode(bytes[...], budget: .unlimited())
    let rewritten = try PNG.encode(picture)
    let (again, warnings) = try PNG.decode(rewritten[...], budget: .unlimited())
    #expect(again.samples == picture.samples)
    #expect(again.layout == picture.layout)
    #expect(again.bitDepth == picture.bitDepth)
    #expect(again.color == picture.color)
    #expect(warnings == [])
  }

  @Test(arguments: [
    ("xs1n0g01", "byte 1 of the signature differs (found 0x09, expected 0x89)"),
    ("xs2n0g01", "byte 2 of the signature differs (found 0x51, expected 0x50)"),
    ("xs4n0g01", "byte 4 of the signature differs (found 0x67, expected 0x47)"),
    ("xs7n0g01", "byte 7 of the signature differs (found 0x20, expected 0x1A)"),
    ("xcrn0g04", "line endings"), ("xlfn0g04", "line endings"),
    ("xhdn0g08", "IHDR: CRC error"), ("xcsn0g01", "IDAT: CRC error"),
    ("xc1n0g08", "IHDR: Invalid color type"), ("xc9n2c08", "IHDR: Invalid color type"),
    ("xd0n2c08", "IHDR: Invalid bit depth"), ("xd3n2c08", "IHDR: Invalid bit depth"),
    ("xd9n2c08", "IHDR: Invalid bit depth"),
    ("xdtn0g01", "no picture data: IEND comes before IDAT"),
  ])
  func refusesABrokenFile(name: String, reason: String) throws {
    let bytes = try #require(pngSuiteFile(name))
    let error = #expect(throws: FormatError.self) {
      try PNG.decode(bytes[...], budget: .unlimited())
    }
    #expect(error?.kind == .badData)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test func gammaAndTransparencyAreReported() throws {
    let bytes = try #require(pngSuiteFile("tbbn3p08"))
    let header = try PNG.header(bytes[...]).header
    #expect(header.color.gamma == 100_000)
    #expect(header.notableChunks == ["tRNS", "gAMA"])
  }

  @Test func chromaticitiesAreReported() throws {
    let bytes = try #require(pngSuiteFile("ccwn2c08"))
    let white = try PNG.header(bytes[...]).header.color.chromaticities?.white
    #expect(white == .init(x: 31270, y: 32900))
  }
}
