import FileFormats
import Imaging
import RealModule
import Tensors

/// How close numbers come to a reference; everything is nil without one.
struct DenoiseQuality {
  /// As a picture, rounded and clipped.
  var picture: PictureOrMatrix.Quality?
  /// ‖X̂ − X‖/‖X‖, unrounded.
  var relativeError: Double?

  /// The ratio of two errors in dB; infinite where nothing is left.
  static func decibels(_ before: Double, over after: Double) -> Double {
    before == after ? 0 : 20 * Double.log10(before / after)
  }
}

/// What results are compared with.
struct DenoiseReference<Element: Scalar> {
  let template: (subject: PictureOrMatrix, reference: Picture)?
  /// The reference as matrices; nil without one.
  let clean: [Tensor<Element>]?

  init(_ context: DenoiseContext) {
    template = context.template
    if context.arguments.addNoise != nil {
      clean = context.subject.matrices(as: Element.self)
    } else {
      clean = context.reference?.matrices(as: Element.self)
    }
  }

  func quality(of matrices: [Tensor<Element>]) throws(NumericalError) -> DenoiseQuality {
    var result = DenoiseQuality()
    if let template {
      result.picture = try template.subject.quality(of: matrices, against: template.reference)
    }
    result.relativeError = clean.map { Tensor.relativeError(of: matrices, to: $0) }
    return result
  }
}
