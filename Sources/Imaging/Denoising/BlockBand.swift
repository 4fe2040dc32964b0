import Factorizations
import Tensors

/// What happens to one block: decomposition and rule.
struct BlockShrinkage<Element: Scalar>: Sendable {
  let scale: NoiseScale
  let rule: ShrinkageRule
  let method: BlockGrid.Method

  /// What becomes of the singular values.
  func shrunk(_ singularValues: [Double]) -> [Double] { scale.shrunk(singularValues, by: rule) }
}

/// Some rows of blocks, which one thread denoises.
struct BlockBand<Element: Scalar>: Sendable {
  /// What a band adds to the result.
  struct Output: Sendable {
    /// The sum of the denoised blocks [height, n].
    var sum: Tensor<Element>
    /// How many singular values each block kept.
    var ranks: [Int] = []
    /// Σ over the blocks of each singular value.
    var singularValueSums: [Double]
  }

  let grid: BlockGrid
  /// Which rows of blocks.
  let rows: Range<Int>

  /// The first row of the matrix that a block of the band covers.
  var firstRow: Int { grid.rowStarts[rows.lowerBound] }
  /// The number of rows of the matrix that the band's blocks cover.
  var height: Int { grid.rowStarts[rows.upperBound - 1] + grid.side - firstRow }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func denoised(
    _ matrix: Tensor<Element>, by shrinkage: BlockShrinkage<Element>
  ) throws(NumericalError) -> Output {
    let (side, columns) = (grid.side, matrix.columns)
    var output = Output(
      sum: .zeros([height, columns]), singularValueSums: [Double](repeating: 0, count: side))
    output.ranks.reserveCapacity(rows.count * grid.columnStarts.count)
    let isSmall = shrinkage.method == .fastest && SmallSVD<Element>.suits(rows: side, columns: side)
    // A band that leaves its blocks to LAPACK needs no workspace.
    var small = SmallSVD<Element>(rows: isSmall ? side : 1, columns: isSmall ? side : 1)
    for row in rows {
      let first = grid.rowStarts[row]
      guard isSmall else {
        for column in grid.columnStarts {
          try add(matrix, row: first, column: column, shrinkage, to: &output)
        }
        continue
      }
      for start in stride(
        from: 0, to: grid.columnStarts.count, by: SmallSVD<Element>.groupSize)
      {
        let group = grid.columnStarts[start...].prefix(SmallSVD<Element>.groupSize)
        try add(matrix, row: first, columns: Array(group), with: &small, shrinkage, to: &output)
      }
    }
    return output
  }

  /// Adds neighbouring blocks of a row by `SmallSVD`, or by LAPACK those that do not converge.
  private func add(
    _ matrix: Tensor<Element>, row: Int, columns: [Int], with small: inout SmallSVD<Element>,
    _ shrinkage: BlockShrinkage<Element>, to output: inout Output
  ) throws(NumericalError) {
    let width = matrix.columns
    matrix.withUnsafeElements { source in
      guard let base = source.baseAddress else { return }
      small.decompose(base, at: columns.map { row * width + $0 }, stride: width)
    }
    for (index, column) in columns.enumerated() {
      guard small.hasConverged(index) else {
        try add(matrix, row: row, column: column, shrinkage, to: &output)
        continue
      }
      let values = small.singularValues(index).map { Double($0) }
      let weights = shrinkage.shrunk(values).prefix { $0 > 0 }
      output.note(values, rank: weights.count)
      weights.map { Element($0) }.withUnsafeBufferPointer { weights in
        output.sum.withUnsafeMutableElements { target in
          guard let base = target.baseAddress else { return }
          let corner = (row - firstRow) * width + column
          small.add(index, weights: weights, to: base + corner, stride: width)
        }
      }
    }
  }

  /// Adds one block by LAPACK.
  private func add(
    _ matrix: Tensor<Element>, row: Int, column: Int, _ shrinkage: BlockShrinkage<Element>,
    to output: inout Output
  ) throws(NumericalError) {
    let block = matrix.sliced([row..<row + grid.side, column..<column + grid.side])
    let svd = try block.singularValueDecomposition()
    let values = svd.singularValues.map { Double($0) }
    let shrunk = shrinkage.shrunk(values)
    output.note(values, rank: shrunk.count { $0 > 0 })
    let denoised = svd.reconstructed(withSingularValues: shrunk)
    for i in 0..<grid.side {
      for j in 0..<grid.side { output.sum[row - firstRow + i, column + j] += denoised[i, j] }
    }
  }
}

extension BlockBand.Output {
  fileprivate mutating func note(_ singularValues: [Double], rank: Int) {
    ranks.append(rank)
    for i in 0..<singularValues.count { singularValueSums[i] += singularValues[i] }
  }
}
