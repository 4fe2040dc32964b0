import FileFormats
import Imaging
import Tensors
import Testing

/// An input, a reference and what is wrong with it; nil when they can be compared.
struct ReferenceCase: Sendable, CustomTestStringConvertible {
  let input: PictureOrMatrix
  let reference: PictureOrMatrix
  let complaint: String?

  init(_ input: PictureOrMatrix, _ reference: PictureOrMatrix, _ complaint: String? = nil) {
    self.input = input
    self.reference = reference
    self.complaint = complaint
  }

  var testDescription: String { complaint ?? "\(input.matrixShape), comparable" }

  private static func picture(
    _ height: Int, _ width: Int, _ layout: Picture.Layout, _ bitDepth: Int = 8,
    _ mode: ChannelMode = .separate
  ) -> PictureOrMatrix {
    let samples = [UInt16](repeating: 0, count: height * width * layout.channels)
    return .picture(
      Picture(width: width, height: height, layout: layout, bitDepth: bitDepth, samples: samples),
      mode)
  }

  private static func matrix(_ rows: Int, _ columns: Int) -> PictureOrMatrix {
    .matrix(StoredArray(Tensor<Float>.zeros([rows, columns])))
  }

  static let all: [ReferenceCase] = [
    .init(picture(3, 2, .gray), picture(3, 2, .gray)),
    .init(picture(3, 2, .gray), picture(3, 2, .grayAlpha)),
    .init(picture(3, 2, .rgba, 16), picture(3, 2, .rgb, 16)),
    .init(picture(3, 2, .rgb, 8, .stacked), picture(3, 2, .rgb)),
    .init(matrix(3, 2), matrix(3, 2)),
    .init(matrix(3, 2), picture(3, 2, .gray)),
    .init(matrix(3, 2), picture(3, 2, .gray, 16)),
    .init(picture(3, 2, .gray), matrix(3, 2)),
    .init(picture(3, 2, .grayAlpha, 16), matrix(3, 2)),
    .init(
      picture(3, 2, .gray), picture(3, 2, .gray, 16),
      "the reference is 3x2 gray, 16 bits; the input is 3x2 gray, 8 bits"),
    .init(
      picture(3, 2, .rgba), picture(2, 3, .rgb),
      "the reference is 2x3 RGB, 8 bits; the input is 3x2 RGB, 8 bits"),
    .init(
      picture(3, 2, .rgb), picture(3, 2, .gray),
      "the reference is 3x2 gray, 8 bits; the input is 3x2 RGB, 8 bits"),
    .init(
      matrix(3, 2), matrix(2, 3), "the reference is a 2x3 matrix; the input is a 3x2 matrix"),
    .init(
      matrix(3, 2), picture(2, 3, .gray),
      "the reference is 2x3 gray, 8 bits; the input is a 3x2 matrix"),
    .init(
      picture(3, 2, .gray, 16), matrix(3, 6),
      "the reference is a 3x6 matrix; the input is 3x2 gray, 16 bits"),
    // Also where the stacked channels have the matrix's shape.
    .init(
      picture(3, 2, .rgb, 8, .stacked), matrix(3, 6),
      "the reference is a 3x6 matrix; the input is 3x2 RGB, 8 bits"),
    .init(
      matrix(3, 2), picture(3, 2, .rgb),
      "the reference is 3x2 RGB, 8 bits; the input is a 3x2 matrix"),
  ]
}

@Suite struct ReferenceTests {
  @Test(arguments: ReferenceCase.all) func referencesHaveToFit(pair: ReferenceCase) throws {
    guard let complaint = pair.complaint else {
      return try pair.input.requireComparable(with: pair.reference)
    }
    #expect(throws: NumericalError.shape(complaint)) {
      try pair.input.requireComparable(with: pair.reference)
    }
  }

  @Test(arguments: ChannelMode.allCases)
  func qualityIsThatOfTheRoundedPicture(mode: ChannelMode) throws {
    let (clean, noisy) = SyntheticPicture.pair(
      width: 17, height: 13, channels: 3, peak: 255, seed: 4, amplitude: 12)
    let input = PictureOrMatrix.picture(noisy, mode)
    let copy = input.matrices(as: Double.self)
    let quality = try #require(try input.quality(of: copy, against: clean))
    #expect(quality.picture == noisy)
    #expect(try quality.psnr == noisy.psnr(against: clean))
    #expect(try quality.ssim == noisy.ssim(against: clean))

    let own = try #require(try input.quality(of: copy))
    #expect(own.psnr == .infinity)
    #expect(own.ssim == 1)
    #expect(try input.quality(of: copy, against: noisy)?.psnr == own.psnr)
  }

  @Test func qualityNeedsAPictureAndAFittingReference() throws {
    let gray = Picture(width: 2, height: 1, layout: .gray, bitDepth: 8, samples: [1, 2])
    let deep = Picture(width: 2, height: 1, layout: .gray, bitDepth: 16, samples: [1, 2])
    let matrices = gray.matrices(.separate, as: Double.self)
    let matrix = PictureOrMatrix.matrix(StoredArray(matrices[0]))
    #expect(try matrix.quality(of: matrices, against: gray) == nil)
    #expect(
      throws: NumericalError.shape(
        "the reference is 1x2 gray, 16 bits; the input is 1x2 gray, 8 bits")
    ) {
      try PictureOrMatrix.picture(gray, .separate).quality(of: matrices, against: deep)
    }
  }
}
