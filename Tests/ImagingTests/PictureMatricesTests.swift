import FileFormats
import Imaging
import Tensors
import Testing

@Suite struct PictureMatricesTests {
  /// 2 rows of 3 pixels; channel c of pixel p is 10·p + c, alpha is 200 + p.
  private static let rgba: Picture = {
    var samples: [UInt16] = []
    for pixel in 0..<6 as Range<UInt16> {
      samples += [10 * pixel, 10 * pixel + 1, 10 * pixel + 2, 200 + pixel]
    }
    return Picture(
      width: 3, height: 2, layout: .rgba, bitDepth: 8, samples: samples,
      color: ColorChunks(gamma: 45455))
  }()

  @Test func separateGivesOneMatrixPerChannel() {
    let matrices: [Tensor<Double>] = Self.rgba.matrices(.separate)
    #expect(
      matrices == [
        Tensor([2, 3], [0, 10, 20, 30, 40, 50]),
        Tensor([2, 3], [1, 11, 21, 31, 41, 51]),
        Tensor([2, 3], [2, 12, 22, 32, 42, 52]),
      ])
  }

  @Test func stackedPutsTheChannelsSideBySide() {
    let matrices = Self.rgba.matrices(.stacked, as: Float.self)
    #expect(
      matrices == [
        Tensor(
          [2, 9],
          [0, 10, 20, 1, 11, 21, 2, 12, 22] + [30, 40, 50, 31, 41, 51, 32, 42, 52])
      ])
  }

  @Test(arguments: ChannelMode.allCases, Picture.Layout.allCases)
  func thereAndBackChangesNothing(mode: ChannelMode, layout: Picture.Layout) throws {
    for (bitDepth, peak) in [(8, 255), (16, 65535)] {
      let samples = SyntheticPicture.noise(7 * 5 * layout.channels, seed: 3, below: peak + 1)
      let picture = Picture(
        width: 7, height: 5, layout: layout, bitDepth: bitDepth,
        samples: samples.map { UInt16($0) }, origin: .init(colorType: .palette, bitDepth: 4),
        color: ColorChunks(renderingIntent: .saturation))
      let double = try picture.replacingColors(
        with: picture.matrices(mode, as: Double.self), mode)
      let float = try picture.replacingColors(with: picture.matrices(mode, as: Float.self), mode)
      #expect(double == (picture, 0))
      #expect(float == (picture, 0))
    }
  }

  @Test(arguments: ChannelMode.allCases) func alphaIsCarriedThrough(mode: ChannelMode) throws {
    let zeros: [Tensor<Float>] =
      mode == .separate ? Array(repeating: .zeros([2, 3]), count: 3) : [.zeros([2, 9])]
    let (picture, clipped) = try Self.rgba.replacingColors(with: zeros, mode)
    #expect(
      picture.samples == (0..<6).flatMap { [0, 0, 0, UInt16(200 + $0)] })
    #expect(picture.color == Self.rgba.color)
    #expect(clipped == 0)
  }

  @Test func valuesAreRoundedToEvenAndClipped() throws {
    let picture = Picture(
      width: 9, height: 1, layout: .gray, bitDepth: 8, samples: .init(repeating: 7, count: 9))
    let values = [-3, -0.6, -0.5, 0.5, 1.5, 2.4, 255.5, 255.4, 1e300]
    let (result, clipped) = try picture.replacingColors(
      with: [Tensor<Double>([1, 9], values)], .separate)
    #expect(result.samples == [0, 0, 0, 0, 2, 2, 255, 255, 255])
    // −3, −0.6 (rounds to −1), 255.5 (rounds to 256) and 1e300.
    #expect(clipped == 4)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsNamed(value: Double) {
    let matrix = Tensor<Double>([2, 9], (0..<18).map { $0 == 13 || $0 == 16 ? value : 0 })
    #expect(throws: NumericalError.notFinite(index: [1, 4], value: "\(value)")) {
      try Self.rgba.replacingColors(with: [matrix], .stacked)
    }
  }
}
