import FileFormats
import Tensors

/// What whole commands wrote, compared sample by sample.
enum PictureFile {
  /// `‖A − B‖/‖A‖` of the samples of a picture B as written and its original A.
  static func relativeLoss(
    of path: String, against original: String
  ) throws(BenchError) -> Double {
    let a = try samples(original)
    return try difference(of: path, from: a).frobeniusNorm() / a.frobeniusNorm()
  }

  /// The largest difference between the samples of two pictures that are equal up to rounding to
  /// eight bits.
  ///
  /// Results that differ by √ε of the range (`DenoisingTask`) are rounded apart, by 1, where half
  /// a sample lies between them: a share 2·√ε·255 of the samples, and one by chance.
  static func largestDifference(
    of path: String, from original: String
  ) throws(BenchError) -> Double {
    let difference = try difference(of: path, from: samples(original))
    let largest = difference.maximumMagnitude()
    let apart = difference.elements.count { $0 != 0 }
    let allowed = 1 + 2 * Double.epsilon.squareRoot() * 255 * Double(difference.count)
    guard largest <= 1, Double(apart) <= allowed else {
      throw .wrong("\(apart) samples differ, by at most \(largest)")
    }
    return largest
  }

  private static func difference(
    of path: String, from a: Tensor<Double>
  ) throws(BenchError) -> Tensor<Double> {
    let b = try samples(path)
    guard a.shape == b.shape else { throw .wrong("\(b.shape) samples, not \(a.shape)") }
    return a - b
  }

  private static func samples(_ path: String) throws(BenchError) -> Tensor<Double> {
    let file = try onFile(path) { () throws(FormatError) in
      try LoadedFile.load(path, options: ReadOptions(budget: .system()))
    }
    guard case .picture(let picture) = file.content else { throw .wrong("\(path) is no picture") }
    return StoredArray(picture).tensor(as: Double.self)
  }
}
