import FileFormats
import Glibc
import JSONText
import Tensors
import TestSupport
import Testing

/// Noisy matrices and pictures for `denoise`.
extension CommandFolder {
  /// Writes a matrix of rank 3 in noise of deviation `sigma`, and without it where a name is given.
  @discardableResult
  func writeNoisy(
    _ rows: Int, _ columns: Int, sigma: Double = 0.5, seed: UInt64 = 3, to name: String = "y.npy",
    clean: String? = nil
  ) throws -> Tensor<Double> {
    var random = SeededGenerator(seed: seed)
    func normal(_ shape: Shape) -> Tensor<Double> {
      Tensor(shape, (0..<shape.count).map { _ in random.normal() })
    }
    let signal = Tensor.matrixProduct(normal([rows, 3]), normal([3, columns])) * 2
    let noisy = signal + normal([rows, columns]) * sigma
    try writeMatrix(noisy.elements, rows, columns, to: name)
    if let clean { try writeMatrix(signal.elements, rows, columns, to: clean) }
    return noisy
  }

  /// The noise that `--add-noise` draws for one channel.
  static func addedNoise(
    _ rows: Int, _ columns: Int, sigma: Double, seed: UInt64, channel: UInt32 = 0
  ) -> Tensor<Double> {
    RandomSource(seed: seed, stream: .noise, substream: channel)
      .normal([rows, columns], as: Double.self) * sigma
  }

  /// Writes a constant picture.
  func writeConstant(_ layout: Picture.Layout, to name: String = "c.png") throws {
    let samples = [UInt16](repeating: 77, count: 40 * 40 * layout.channels)
    let picture = Picture(width: 40, height: 40, layout: layout, bitDepth: 8, samples: samples)
    try folder.write(PNG.encode(picture), to: name)
  }

  /// All but what was measured.
  static func withoutSeconds(_ row: JSONObject) -> [JSONObject.Member] {
    row.members.filter { $0.key != "seconds" }
  }
}

extension Picture {
  /// One channel as a matrix in sample units.
  func channel(_ channel: Int) -> Tensor<Double> {
    let count = layout.channels
    return Tensor(
      [height, width],
      (0..<height * width).map { Double(samples[$0 * count + channel]) })
  }

  /// The colour samples, channels interleaved, alpha left out.
  var colors: [Double] {
    let (all, count) = (layout.channels, layout.colorChannels)
    return (0..<width * height * count).map { Double(samples[$0 / count * all + $0 % count]) }
  }

  /// The samples of the last channel, which is alpha where there is one.
  var lastChannel: [UInt16] {
    stride(from: layout.channels - 1, to: samples.count, by: layout.channels).map { samples[$0] }
  }

  /// 10 log10(R²/MSE) over the colour samples.
  func psnr(to other: Picture) -> Double {
    let squares = zip(colors, other.colors).map { ($0 - $1) * ($0 - $1) }
    let mean = squares.reduce(0, +) / Double(squares.count)
    return 10 * log10(Double(maxSample) * Double(maxSample) / mean)
  }
}

extension Tensor<Double> {
  /// Rounded, and clipped to 0…`limit`.
  func samples(to limit: Double) -> [Double] {
    elements.map { Swift.min(Swift.max($0.rounded(.toNearestOrEven), 0), limit) }
  }

  /// How many samples have to be clipped.
  func clipped(to limit: Double) -> Int {
    elements.count { ($0.rounded(.toNearestOrEven)) < 0 || $0.rounded(.toNearestOrEven) > limit }
  }
}
