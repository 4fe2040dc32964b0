import FileFormats
import Tensors
import TestSupport
import Testing

/// Small files written out byte by byte: what must come out is seen in the test itself.
@Suite struct PNGDecodingTests {
  private func decode(_ bytes: [UInt8]) throws -> Picture {
    let (picture, warnings) = try PNG.decode(bytes[...], budget: .unlimited())
    #expect(warnings == [])
    return picture
  }

  @Test(
    arguments: [(1, [0b1010_0000], [255, 0, 255]), (2, [0b0001_1000], [0, 85, 170])]
      as [(UInt8, [UInt8], [UInt16])])
  func lowDepthGrayFillsTheByte(depth: UInt8, row: [UInt8], expected: [UInt16]) throws {
    let file = PNGBytes.file(width: 3, height: 1, depth: depth, colorType: 0, rows: [[0] + row])
    let picture = try decode(file)
    #expect(picture.samples == expected)
    #expect(picture.layout == .gray)
    #expect(picture.bitDepth == 8)
    #expect(picture.origin.bitDepth == Int(depth))
  }

  @Test func fourBitGrayWithATransparentLevel() throws {
    let file = PNGBytes.file(
      width: 3, height: 1, depth: 4, colorType: 0, chunks: [("tRNS", [0, 15])],
      rows: [[0, 0x0F, 0x70]])
    let picture = try decode(file)
    #expect(picture.layout == .grayAlpha)
    #expect(picture.samples == [0, 255, 255, 0, 119, 255])
    #expect(picture.origin == .init(colorType: .gray, bitDepth: 4, hasTransparencyChunk: true))
  }

  @Test func sixteenBitGrayKeepsEveryBit() throws {
    let file = PNGBytes.file(
      width: 2, height: 2, depth: 16, colorType: 0,
      rows: [[0, 0x12, 0x34, 0xFF, 0xFE], [2, 0x00, 0x01, 0x00, 0x00]])
    let picture = try decode(file)
    #expect(picture.samples == [0x1234, 0xFFFE, 0x1235, 0xFFFE])
    #expect(picture.bitDepth == 16)
    #expect(picture.maxSample == 65535)
  }

  @Test func sixteenBitColorWithATransparentColor() throws {
    let file = PNGBytes.file(
      width: 2, height: 1, depth: 16, colorType: 2, chunks: [("tRNS", [0, 1, 0, 2, 0, 3])],
      rows: [[0, 0, 1, 0, 2, 0, 3, 0, 1, 0, 2, 1, 3]])
    let picture = try decode(file)
    #expect(picture.layout == .rgba)
    #expect(picture.samples == [1, 2, 3, 0, 1, 2, 259, 65535])
  }

  @Test func paletteBecomesRGB() throws {
    let file = PNGBytes.file(
      width: 5, height: 1, depth: 2, colorType: 3,
      chunks: [("PLTE", [1, 2, 3, 40, 50, 60, 255, 0, 128])], rows: [[0, 0b0001_1000, 0b0100_0000]])
    let picture = try decode(file)
    #expect(picture.layout == .rgb)
    #expect(picture.samples == [1, 2, 3, 40, 50, 60, 255, 0, 128, 1, 2, 3, 40, 50, 60])
    #expect(picture.origin.colorType == .palette)
  }

  @Test func paletteWithTransparencyBecomesRGBA() throws {
    let file = PNGBytes.file(
      width: 2, height: 1, depth: 8, colorType: 3,
      chunks: [("PLTE", [1, 2, 3, 40, 50, 60]), ("tRNS", [7])], rows: [[0, 0, 1]])
    let picture = try decode(file)
    #expect(picture.layout == .rgba)
    #expect(picture.samples == [1, 2, 3, 7, 40, 50, 60, 255])
  }

  @Test func adam7RowsComeBackInOrder() throws {
    // A 3x3 picture of the numbers 1...9: passes 1, 4 (columns), 5, 6 and 7 are not empty.
    let file = PNGBytes.file(
      width: 3, height: 3, depth: 8, colorType: 0, interlaced: true,
      rows: [[0, 1], [0, 3], [0, 7, 9], [0, 2], [0, 8], [0, 4, 5, 6]])
    let picture = try decode(file)
    #expect(picture.samples == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(picture.origin.interlaced)
  }

  @Test func samplesMayBeSpreadOverManyChunks() throws {
    var png = PNGBytes(width: 2, height: 1, depth: 8, colorType: 4)
    for byte in PNGBytes.zlibStored([0, 10, 20, 30, 40]) { png.append("IDAT", [byte]) }
    png.append("IEND")
    #expect(try decode(png.bytes).samples == [10, 20, 30, 40])
  }

  @Test func derivedColorChunksAreNotInvented() throws {
    let file = PNGBytes.file(
      width: 1, height: 1, depth: 8, colorType: 0, chunks: [("sRGB", [1])], rows: [[0, 9]])
    #expect(try decode(file).color == ColorChunks(renderingIntent: .relativeColorimetric))
  }
}
