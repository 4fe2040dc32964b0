import FileFormats
import Imaging
import Tensors
import Testing

@Suite struct AddedNoiseTests {
  private static func picture(
    _ layout: Picture.Layout, bitDepth: Int = 8, seed: UInt32 = 5
  ) -> Picture {
    let samples = SyntheticPicture.noise(9 * 6 * layout.channels, seed: seed, below: 256)
    return Picture(
      width: 9, height: 6, layout: layout, bitDepth: bitDepth, samples: samples.map { UInt16($0) })
  }

  private static func zeros(_ shape: Shape) -> PictureOrMatrix {
    .matrix(StoredArray(Tensor<Double>.zeros(shape)))
  }

  @Test func theNoiseIsTheStreamOfItsChannel() {
    let picture = Self.picture(.rgb)
    let clean = picture.matrices(.separate, as: Double.self)
    let noisy = PictureOrMatrix.picture(picture, .separate)
      .matrices(as: Double.self, addingNoise: 25, seed: 7)
    for channel in 0..<3 {
      let normal = RandomSource(seed: 7, stream: .noise, substream: UInt32(channel))
        .normal([6, 9], as: Double.self)
      #expect(noisy[channel] == clean[channel] + normal * 25)
    }
  }

  @Test(arguments: [Picture.Layout.rgb, .rgba])
  func bothChannelModesGetTheSameNoise(layout: Picture.Layout) throws {
    let picture = Self.picture(layout)
    let separate = PictureOrMatrix.picture(picture, .separate)
      .matrices(as: Float.self, addingNoise: 10, seed: 3)
    let stacked = PictureOrMatrix.picture(picture, .stacked)
      .matrices(as: Float.self, addingNoise: 10, seed: 3)
    #expect(stacked.map(\.shape) == [[6, 27]])
    for (channel, row) in (0..<3).flatMap({ channel in (0..<6).map { (channel, $0) } }) {
      let start = row * 27 + channel * 9
      #expect(
        stacked[0].elements[start..<start + 9]
          == separate[channel].elements[row * 9..<(row + 1) * 9])
    }
  }

  @Test func aGrayPictureAndItsMatrixGetTheSameNoise() {
    let picture = Self.picture(.gray)
    let matrix = StoredArray(picture.matrices(.separate, as: Double.self)[0])
    #expect(
      PictureOrMatrix.picture(picture, .stacked).matrices(
        as: Double.self, addingNoise: 4, seed: 1)
        == PictureOrMatrix.matrix(matrix).matrices(as: Double.self, addingNoise: 4, seed: 1))
  }

  @Test func meanAndVarianceAreThoseAsked() {
    let (n, sigma) = (400 * 500, 25.0)
    let noise = Self.zeros([400, 500]).matrices(as: Double.self, addingNoise: sigma, seed: 11)[0]
    let mean = noise.sum() / Double(n)
    let variance = (noise * noise).sum() / Double(n)
    // Four standard errors: σ/√n and σ²√(2/n).
    #expect(abs(mean) < 4 * sigma / Double(n).squareRoot())
    #expect(abs(variance - sigma * sigma) < 4 * sigma * sigma * (2 / Double(n)).squareRoot())
  }

  @Test func floatAddsTheRoundedNoise() {
    let noise = Self.zeros([6, 9]).matrices(as: Double.self, addingNoise: 25, seed: 2)[0]
    let picture = Self.picture(.gray)
    let noisy = PictureOrMatrix.picture(picture, .separate)
      .matrices(as: Float.self, addingNoise: 25, seed: 2)
    #expect(
      noisy == [picture.matrices(.separate, as: Float.self)[0] + noise.converted(to: Float.self)])
  }

  @Test func theSeedChangesEveryChannel() {
    let picture = PictureOrMatrix.picture(Self.picture(.rgb), .separate)
    let first = picture.matrices(as: Double.self, addingNoise: 5, seed: 0)
    let second = picture.matrices(as: Double.self, addingNoise: 5, seed: 1)
    #expect(first == picture.matrices(as: Double.self, addingNoise: 5, seed: 0))
    for channel in 0..<3 { #expect(first[channel] != second[channel]) }
  }

  @Test func noNoiseChangesNothing() {
    let picture = PictureOrMatrix.picture(Self.picture(.rgba), .stacked)
    #expect(
      picture.matrices(as: Float.self, addingNoise: 0, seed: 9) == picture.matrices(as: Float.self))
  }

  /// The unit is the sample: 16 bits get the same numbers, beyond both ends of the range.
  @Test func sixteenBitsAreNeitherRoundedNorClipped() {
    let ends = (0..<54).map { $0 % 2 == 0 ? UInt16.min : UInt16.max }
    let picture = Picture(width: 9, height: 6, layout: .gray, bitDepth: 16, samples: ends)
    let noisy = PictureOrMatrix.picture(picture, .separate)
      .matrices(as: Double.self, addingNoise: 300, seed: 4)[0]
    let noise = Self.zeros([6, 9]).matrices(as: Double.self, addingNoise: 300, seed: 4)[0]
    #expect(noisy == picture.matrices(.separate)[0] + noise)
    #expect(noisy.elements.contains { $0 < 0 })
    #expect(noisy.elements.contains { $0 > 65535 })
    #expect(noisy.elements.contains { $0 != $0.rounded() })
  }

  @Test(arguments: ChannelMode.allCases) func alphaIsLeftAlone(mode: ChannelMode) throws {
    let opaque = Self.picture(.rgb)
    let picture = SyntheticPicture.addingAlpha(to: opaque, seed: 6)
    let noisy = PictureOrMatrix.picture(picture, mode)
      .matrices(as: Double.self, addingNoise: 30, seed: 8)
    #expect(
      noisy
        == PictureOrMatrix.picture(opaque, mode).matrices(
          as: Double.self, addingNoise: 30, seed: 8))
    let written = try picture.replacingColors(with: noisy, mode).picture
    #expect(
      stride(from: 3, to: picture.samples.count, by: 4).allSatisfy {
        written.samples[$0] == picture.samples[$0]
      })
    #expect(written != picture)
  }
}
