import Factorizations
import Glibc
import Tensors

/// What `denoise` must compute, written out once more from FORMULAS.md, sections 2 and 6.
struct DenoisingFormulas {
  let rows: Int
  let columns: Int
  let sigma: Double

  /// The rules of `all`, in its order.
  static let names = ["hard", "fro", "op", "nuc", "edge", "usvt", "simple"]

  private var short: Double { Double(min(rows, columns)) }
  private var long: Double { Double(max(rows, columns)) }
  private var beta: Double { short / long }
  var edge: Double { sigma * (sqrt(Double(rows)) + sqrt(Double(columns))) }

  /// Below this nothing is kept; nil where the printed number is that of the nuclear shrinker, which
  /// has no formula in the table.
  func threshold(_ rule: String) -> Double? {
    switch rule {
    case "hard":
      let root = sqrt(beta * beta + 14 * beta + 1)
      return sqrt(2 * (beta + 1) + 8 * beta / (beta + 1 + root)) * sqrt(long) * sigma
    case "fro", "op", "edge": return edge
    case "usvt": return 4 / sqrt(3) * sigma * sqrt(short)
    case "simple": return sigma * sqrt(2 * Double(rows + columns))
    default: return nil
    }
  }

  /// What becomes of singular values.
  func shrunk(_ values: [Double], _ rule: String) -> [Double] {
    if rule.hasPrefix("rank:") {
      return values.enumerated().map { $0.offset < Int(rule.dropFirst(5)) ?? 0 ? $0.element : 0 }
    }
    if rule.hasPrefix("soft:") {
      return values.map { max(0, $0 - (Double(rule.dropFirst(5)) ?? .nan)) }
    }
    return values.map { value in
      if let threshold = threshold(rule), value < threshold { return 0 }
      let y = value / (sigma * sqrt(long))
      // All three are 0 below 1 + √β.
      guard ["fro", "op", "nuc"].contains(rule) else { return value }
      guard y > 1 + sqrt(beta) else { return 0 }
      let t = y * y - beta - 1
      let d = sqrt(t * t - 4 * beta)
      let x = sqrt((t + d) / 2)
      let eta =
        switch rule {
        case "fro": d / y
        case "op": x
        default: max(0, (pow(x, 4) - beta - sqrt(beta) * x * y) / (x * x * y))
        }
      return eta * sigma * sqrt(long)
    }
  }

  /// A whole matrix without its noise, and how many values were kept.
  static func global(
    _ matrix: Tensor<Double>, _ rule: String, sigma: Double
  ) throws -> (matrix: Tensor<Double>, rank: Int) {
    let svd = try matrix.singularValueDecomposition()
    let formulas = DenoisingFormulas(rows: matrix.rows, columns: matrix.columns, sigma: sigma)
    let shrunk = formulas.shrunk(svd.singularValues, rule)
    let scaled = svd.u.scalingColumns(by: shrunk)
    return (.matrixProduct(scaled, svd.vt), shrunk.count { $0 > 0 })
  }

  /// The same in overlapping blocks, with one rank per block.
  static func blocks(
    _ matrix: Tensor<Double>, _ rule: String, sigma: Double, side: Int, stride step: Int
  ) throws -> (matrix: Tensor<Double>, ranks: [Int]) {
    var sum = Tensor<Double>.zeros(matrix.shape)
    var counts = sum
    var ranks: [Int] = []
    func starts(_ length: Int) -> [Int] {
      stride(from: 0, to: length - side, by: step) + [length - side]
    }
    for (row, column) in starts(matrix.rows).flatMap({ row in
      starts(matrix.columns).map { (row, $0) }
    }) {
      let block = matrix.sliced([row..<row + side, column..<column + side])
      let result = try global(block, rule, sigma: sigma)
      ranks.append(result.rank)
      for (i, j) in (0..<side * side).map({ ($0 / side, $0 % side) }) {
        sum[row + i, column + j] += result.matrix[i, j]
        counts[row + i, column + j] += 1
      }
    }
    return (sum / counts, ranks)
  }
}

extension Tensor<Double> {
  /// The largest difference of two elements.
  func distance(to other: Tensor) -> Double {
    shape == other.shape ? (self - other).maximumMagnitude() : .infinity
  }

  /// What rounding may change in a result of decompositions, with room for close singular values.
  var roundingLimit: Double {
    1e3 * Double.ulpOfOne * Double(Swift.max(rows, columns)) * maximumMagnitude()
  }
}
