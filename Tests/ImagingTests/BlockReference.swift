import Factorizations
import Imaging
import Tensors
import Testing

/// Denoising by blocks as it is defined: one LAPACK decomposition and one average after another.
struct BlockReference<Element: Scalar> {
  var matrix: Tensor<Element>
  var ranks: [Int] = []
  var meanSingularValues: [Double]

  init(_ noisy: Tensor<Element>, _ grid: BlockGrid, sigma: Double, rule: ShrinkageRule) throws {
    let side = grid.side
    let scale = NoiseScale(rows: side, columns: side, sigma: sigma)
    var sum = Tensor<Double>.zeros(noisy.shape)
    var counts = sum
    meanSingularValues = [Double](repeating: 0, count: side)
    for (row, column) in grid.rowStarts.flatMap({ row in grid.columnStarts.map { (row, $0) } }) {
      let svd = try noisy.sliced([row..<row + side, column..<column + side])
        .singularValueDecomposition()
      let values = svd.singularValues.map { Double($0) }
      let shrunk = scale.shrunk(values, by: rule)
      let denoised = svd.reconstructed(withSingularValues: shrunk)
      ranks.append(shrunk.count { $0 > 0 })
      for i in 0..<side {
        meanSingularValues[i] += values[i] / Double(grid.count)
        for j in 0..<side {
          sum[row + i, column + j] += Double(denoised[i, j])
          counts[row + i, column + j] += 1
        }
      }
    }
    matrix = (sum / counts).converted(to: Element.self)
  }
}

/// What blocks are tried on.
struct BlockCase: Sendable, CustomTestStringConvertible {
  let rows: Int
  let columns: Int
  let side: Int
  let stride: Int

  var grid: BlockGrid { BlockGrid(rows: rows, columns: columns, side: side, stride: stride) }
  var testDescription: String { "\(rows)x\(columns), side \(side), stride \(stride)" }

  /// The last ones are left to LAPACK: `SmallSVD` ends at sides of 96.
  static let all = [
    BlockCase(rows: 1, columns: 1, side: 1, stride: 1),
    BlockCase(rows: 5, columns: 4, side: 1, stride: 1),
    BlockCase(rows: 7, columns: 9, side: 3, stride: 2),
    BlockCase(rows: 40, columns: 33, side: 32, stride: 6),
    BlockCase(rows: 8, columns: 90, side: 8, stride: 8),
    BlockCase(rows: 90, columns: 11, side: 10, stride: 3),
    BlockCase(rows: 100, columns: 100, side: 100, stride: 1),
    BlockCase(rows: 130, columns: 101, side: 98, stride: 32),
  ]

  /// Three planted directions in noise of standard deviation 1.
  func matrix<Element: Scalar>(as type: Element.Type, seed: UInt64 = 1) -> Tensor<Element> {
    let left = RandomSource(seed: seed, substream: 1).normal([rows, 3], as: Double.self)
    let right = RandomSource(seed: seed, substream: 2).normal([3, columns], as: Double.self)
    let noise = RandomSource(seed: seed, stream: .noise).normal([rows, columns], as: Double.self)
    return (Tensor<Double>.matrixProduct(left, right) * 4 + noise).converted(to: type)
  }
}

extension Tensor {
  /// The largest difference of two elements.
  func distance(to other: Tensor) -> Double { Double((self - other).maximumMagnitude()) }
}
