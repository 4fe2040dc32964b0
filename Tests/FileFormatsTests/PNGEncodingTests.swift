import FileFormats
import Tensors
import TestSupport
import Testing

@Suite struct PNGEncodingTests {
  /// Samples that use the whole range and repeat nowhere.
  private static func picture(
    _ width: Int, _ height: Int, _ layout: Picture.Layout, _ bitDepth: Int
  ) -> Picture {
    var state: UInt32 = 1
    let samples = (0..<width * height * layout.channels).map { _ -> UInt16 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt16(truncatingIfNeeded: state >> 16) >> (bitDepth == 16 ? 0 : 8)
    }
    return Picture(
      width: width, height: height, layout: layout, bitDepth: bitDepth, samples: samples)
  }

  @Test(arguments: Picture.Layout.allCases, [8, 16])
  func everythingSurvives(layout: Picture.Layout, bitDepth: Int) throws {
    for (width, height) in [(1, 1), (1, 7), (7, 1), (3, 5), (65, 33)] {
      let picture = Self.picture(width, height, layout, bitDepth)
      let bytes = try PNG.encode(picture)
      let (again, warnings) = try PNG.decode(bytes[...], budget: .unlimited())
      #expect(again == picture)
      #expect(warnings == [])
      #expect(try PNG.encode(again) == bytes)
    }
  }

  @Test func theBufferGrowsWithThePicture() throws {
    let picture = Self.picture(300, 300, .rgba, 16)
    let bytes = try PNG.encode(picture)
    #expect(bytes.count > 300 * 300 * 8)
    #expect(try PNG.decode(bytes[...], budget: .unlimited()).picture == picture)
  }

  @Test func colorChunksSurviveARewrite() throws {
    var picture = Self.picture(2, 2, .rgb, 8)
    picture.color = ColorChunks(
      gamma: 45455,
      chromaticities: .init(
        white: .init(x: 31271, y: 32902), red: .init(x: 64001, y: 33003),
        green: .init(x: 30004, y: 60005), blue: .init(x: 15006, y: 6007)),
      profile: .init(name: "caf\u{E9}", bytes: Self.profile))
    let bytes = try PNG.encode(picture)
    let (again, warnings) = try PNG.decode(bytes[...], budget: .unlimited())
    #expect(again.color == picture.color)
    #expect(warnings == [])
    #expect(try PNG.header(bytes[...]).header.notableChunks == ["gAMA", "cHRM", "iCCP"])
  }

  @Test(arguments: ColorChunks.RenderingIntent.allCases)
  func anIntentSurvivesARewrite(intent: ColorChunks.RenderingIntent) throws {
    var picture = Self.picture(1, 1, .gray, 16)
    picture.color.renderingIntent = intent
    let bytes = try PNG.encode(picture)
    #expect(try PNG.header(bytes[...]).header.color == picture.color)
  }

  @Test func anUnsoundProfileIsLeftOut() throws {
    var picture = Self.picture(1, 1, .rgb, 8)
    picture.color.profile = .init(name: "broken", bytes: [1, 2, 3])
    let bytes = try PNG.encode(picture)
    #expect(try PNG.header(bytes[...]).header.color.profile == nil)
  }

  @Test func aPictureWithoutPixelsIsRefused() {
    let picture = Picture(width: 0, height: 3, layout: .gray, bitDepth: 8, samples: [])
    let error = #expect(throws: FormatError.self) { try PNG.encode(picture) }
    #expect(error?.kind == .badData)
    #expect(error?.message == "a PNG cannot store 0x3 pixels")
  }

  /// A sound RGB profile: a header of 128 bytes and one private tag (ICC.1:2022, section 7.2) of
  /// noise, because libpng takes a chunk that compresses to less than 81 bytes for cut.
  private static let profile: [UInt8] = {
    let noise = picture(200, 1, .gray, 8).samples.map { UInt8($0) }
    let tag: [UInt8] = Array("abcd".utf8) + [0, 0, 0, 144, 0, 0, 0, UInt8(noise.count)]
    var bytes = [UInt8](repeating: 0, count: 128) + [0, 0, 0, 1] + tag + noise
    bytes.replaceSubrange(0..<4, with: PNGBytes.bigEndian(UInt32(bytes.count)))
    bytes[8] = 2
    bytes.replaceSubrange(12..<24, with: Array("mntrRGB XYZ ".utf8))
    bytes.replaceSubrange(36..<40, with: Array("acsp".utf8))
    // The illuminant D50 in 16.16 fixed point.
    bytes.replaceSubrange(
      68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
    return bytes
  }()
}
