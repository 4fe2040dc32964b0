import FileFormats
import Imaging
import RealModule
import Tensors
import Testing

/// A pair of synthetic pictures and what scikit-image 0.26 says of them:
/// `structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False)` and
/// `peak_signal_noise_ratio`, both in double precision with `data_range=peak`.
struct QualityCase: Sendable {
  let width: Int
  let height: Int
  let channels: Int
  let peak: Int
  let seed: UInt32
  let amplitude: Int
  let ssim: Double
  let psnr: Double

  init(
    _ width: Int, _ height: Int, _ channels: Int, _ peak: Int, _ seed: UInt32, _ amplitude: Int,
    ssim: Double, psnr: Double
  ) {
    self.width = width
    self.height = height
    self.channels = channels
    self.peak = peak
    self.seed = seed
    self.amplitude = amplitude
    self.ssim = ssim
    self.psnr = psnr
  }

  var pair: (Picture, Picture) {
    SyntheticPicture.pair(
      width: width, height: height, channels: channels, peak: peak, seed: seed,
      amplitude: amplitude)
  }

  static let all: [QualityCase] = [
    .init(11, 11, 1, 255, 1, 10, ssim: 0.9851441189535057, psnr: 32.21096417168934),
    .init(64, 48, 1, 255, 2, 20, ssim: 0.9524519679629133, psnr: 26.73741487063605),
    .init(37, 23, 3, 255, 3, 40, ssim: 0.8330285552493132, psnr: 20.769717388255415),
    .init(24, 31, 3, 65535, 4, 3000, ssim: 0.9841855365584947, psnr: 31.54041932844897),
    .init(200, 12, 1, 65535, 5, 60000, ssim: 0.25327717660086335, psnr: 8.92184243265566),
    .init(12, 100, 1, 255, 6, 1, ssim: 0.9997653395765315, psnr: 49.92441104488439),
  ]
}

@Suite struct PictureQualityTests {
  @Test(arguments: QualityCase.all) func ssimEqualsScikitImage(expected: QualityCase) throws {
    let (reference, picture) = expected.pair
    let ssim = try #require(try picture.ssim(against: reference))
    #expect(abs(ssim - expected.ssim) < 1e-9, "\(ssim)")
  }

  @Test(arguments: QualityCase.all) func psnrEqualsScikitImage(expected: QualityCase) throws {
    let (reference, picture) = expected.pair
    let psnr = try #require(try picture.psnr(against: reference))
    // Two roundings of the quotient and one of the logarithm, in units of the result.
    #expect(abs(psnr - expected.psnr) <= 8 * Double.ulpOfOne * expected.psnr, "\(psnr)")
  }

  @Test(arguments: QualityCase.all) func bothAreSymmetric(expected: QualityCase) throws {
    let (a, b) = expected.pair
    #expect(try a.ssim(against: b) == b.ssim(against: a))
    #expect(try a.psnr(against: b) == b.psnr(against: a))
  }

  @Test(arguments: QualityCase.all) func equalPicturesAreExactlyEqual(expected: QualityCase) throws
  {
    let picture = expected.pair.0
    #expect(try picture.ssim(against: picture) == 1)
    #expect(try picture.psnr(against: picture) == .infinity)
  }

  @Test(arguments: QualityCase.all) func alphaDoesNotCount(expected: QualityCase) throws {
    let (a, b) = expected.pair
    let opaque = SyntheticPicture.addingAlpha(to: a, seed: 8)
    let other = SyntheticPicture.addingAlpha(to: b, seed: 9)
    #expect(try opaque.ssim(against: other) == a.ssim(against: b))
    #expect(try opaque.psnr(against: other) == a.psnr(against: b))
    #expect(try opaque.psnr(against: a) == .infinity)
  }

  @Test func psnrOfOneStepEverywhere() throws {
    let black = Picture(
      width: 3, height: 2, layout: .gray, bitDepth: 8, samples: .init(repeating: 0, count: 6))
    let gray = black.replacingSamples(.init(repeating: 1, count: 6))
    #expect(try gray.psnr(against: black) == 20 * Double.log10(255))
    let white = black.replacingSamples(.init(repeating: 255, count: 6))
    #expect(try white.psnr(against: black) == 0)
  }

  @Test(arguments: [(10, 11), (11, 10), (1, 1), (500, 10)])
  func ssimNeedsElevenPixelsBothWays(width: Int, height: Int) throws {
    let (a, b) = SyntheticPicture.pair(
      width: width, height: height, channels: 1, peak: 255, seed: 1, amplitude: 3)
    #expect(try a.ssim(against: b) == nil)
    #expect(try a.psnr(against: b) != nil)
  }

  @Test func anEmptyPictureHasNoPSNR() throws {
    let empty = Picture(width: 0, height: 4, layout: .gray, bitDepth: 8, samples: [])
    #expect(try empty.psnr(against: empty) == nil)
  }

  @Test func differentShapesAreRefused() throws {
    let gray = Picture(width: 2, height: 1, layout: .gray, bitDepth: 8, samples: [1, 2])
    let others = [
      Picture(width: 1, height: 2, layout: .gray, bitDepth: 8, samples: [1, 2]),
      Picture(width: 2, height: 1, layout: .gray, bitDepth: 16, samples: [1, 2]),
      Picture(width: 2, height: 1, layout: .rgb, bitDepth: 8, samples: [1, 2, 3, 4, 5, 6]),
    ]
    for other in others {
      #expect(throws: NumericalError.self) { try gray.psnr(against: other) }
      #expect(throws: NumericalError.self) { try gray.ssim(against: other) }
    }
    let error = #expect(throws: NumericalError.self) { try gray.psnr(against: others[1]) }
    #expect(
      error
        == .shape(
          "the reference is 1x2 gray, 16 bits; the input is 1x2 gray, 8 bits"))
  }
}
