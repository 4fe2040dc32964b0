import FileFormats
import Tensors
import TestSupport

/// Files that the tests give to the program, made here so that their numbers are known.
extension CommandFolder {
  /// Writes a matrix of doubles as `.npy`.
  func writeMatrix(_ values: [Double], _ rows: Int, _ columns: Int, to name: String) throws {
    try writeArray(values, [rows, columns], to: name)
  }

  /// Writes doubles of any shape as `.npy`.
  func writeArray(_ values: [Double], _ shape: Shape, to name: String) throws {
    try folder.write(Npy.encode(StoredArray(Tensor(shape, values))).joined, to: name)
  }

  /// The doubles of a `.npy` file that the program wrote.
  func readArray(_ name: String) throws -> Tensor<Double> {
    try Npy.decode(folder.read(name)[...], budget: .unlimited()).tensor()
  }

  /// Writes a picture whose spectrum decays and whose channels differ.
  @discardableResult
  func writePicture(
    _ layout: Picture.Layout = .gray, depth: Int = 8, width: Int = 24, height: Int = 20,
    to name: String = "p.png"
  ) throws -> Picture {
    let picture = TestPicture.make(layout, depth: depth, width: width, height: height)
    try folder.write(PNG.encode(picture), to: name)
    return picture
  }

  /// The picture in a file that the program wrote.
  func readPicture(_ name: String) throws -> Picture {
    try PNG.decode(folder.read(name)[...], budget: .unlimited()).picture
  }

  /// Copies a file into the folder.
  func copy(_ path: String, as name: String) throws {
    try folder.write(PackageFiles.read(path), to: name)
  }

  /// `default_rng(0).normal(size=(128, 96))` of NumPy 2, in the folder as `g.npy`.
  func copyGaussian() throws {
    try copy(PackageFiles.path("Tests/CommandLineTests/Fixtures/gaussian-128x96.npy"), as: "g.npy")
  }
}

enum TestPicture {
  /// A blob, an edge and noise; alpha is a pattern of its own.
  static func make(_ layout: Picture.Layout, depth: Int, width: Int, height: Int) -> Picture {
    var random = SeededGenerator(seed: UInt64(layout.channels * 100 + depth))
    let scale = depth == 16 ? 257.0 : 1
    var samples: [UInt16] = []
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<layout.channels {
          let isAlpha = layout.hasAlpha && channel == layout.channels - 1
          let x = Double(column) / Double(width) - 0.2 * Double(channel)
          let y = Double(row) / Double(height) - 0.4
          let shade = 200 / (1 + 6 * (x * x + y * y)) + (row > column ? 30 : 0)
          let noise = Double.random(in: -8...8, using: &random)
          let value = isAlpha ? Double((row * 7 + column * 3) % 256) : shade + noise
          samples.append(UInt16((value * scale).rounded()))
        }
      }
    }
    return Picture(width: width, height: height, layout: layout, bitDepth: depth, samples: samples)
  }
}

/// Matrices of every kind that `svd-compress` must take, by name.
enum TestMatrix: String, CaseIterable, Sendable {
  case gaussian, wide, tall, row, column, rankDeficient, constant, zero, identity, graded, single,
    huge, tiny

  var rows: Int { shape.rows }
  var columns: Int { shape.columns }

  private var shape: (rows: Int, columns: Int) {
    switch self {
    case .wide: (7, 60)
    case .tall: (60, 7)
    case .row: (1, 12)
    case .column: (12, 1)
    case .single: (1, 1)
    default: (20, 14)
    }
  }

  /// The entries, row by row.
  var values: [Double] {
    var random = SeededGenerator(seed: 7)
    let count = rows * columns
    switch self {
    case .constant: return [Double](repeating: 2.5, count: count)
    case .zero: return [Double](repeating: 0, count: count)
    case .identity: return entries { $0 == $1 ? 1 : 0 }
    case .single: return [-3]
    // Squares of these overflow, of those underflow.
    case .huge: return (0..<count).map { _ in random.normal() * 1e299 }
    case .tiny: return (0..<count).map { _ in random.normal() * 1e-299 }
    case .rankDeficient:
      let left = (0..<rows * 3).map { _ in random.normal() }
      let right = (0..<columns * 3).map { _ in random.normal() }
      return entries { i, j in
        (0..<3).reduce(0) { $0 + left[i * 3 + $1] * right[j * 3 + $1] }
      }
    case .graded:
      // Columns from 1 down to 1e-13.
      let noise = (0..<count).map { _ in random.normal() }
      var scale = 1.0
      let scales = (0..<columns).map { _ in
        defer { scale /= 10 }
        return scale
      }
      return entries { i, j in noise[i * columns + j] * scales[j] }
    default: return (0..<count).map { _ in random.normal() }
    }
  }

  private func entries(_ entry: (Int, Int) -> Double) -> [Double] {
    (0..<rows).flatMap { i in (0..<columns).map { j in entry(i, j) } }
  }
}
