import Factorizations
import Synchronization
public import Tensors

/// What denoising block by block gives.
public struct DenoisedBlocks<Element: Scalar>: Sendable {
  /// The average of all blocks that cover each element [m, n].
  public let matrix: Tensor<Element>
  /// How many singular values each block kept, in rows of blocks.
  public let ranks: [Int]
  /// The mean over the blocks of each singular value before the rule, descending.
  public let meanSingularValues: [Double]
}

extension BlockGrid {
  /// How the blocks are decomposed.
  public enum Method: Sendable {
    /// `SmallSVD` where that is faster, else LAPACK.
    case fastest
    /// LAPACK's `gesdd` for every block: the reference.
    case lapack
  }

  /// Denoises a matrix block by block: each is decomposed, its singular values are replaced by what
  /// the rule makes of them, and where blocks overlap their results are averaged.
  ///
  /// The blocks are spread over the threads; the result does not depend on how many there are.
  /// - Parameters:
  ///   - matrix: [m, n], the shape that the grid was made for; another one traps.
  ///   - sigma: σ of the noise in one element, ≥ 0.
  ///   - bandDone: called after each of `bandCount` rows of work, on any thread.
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.memory`, `.tooLarge` for numbers whose
  ///   sums over blocks could leave the type's range.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func denoise<Element: Scalar>(
    _ matrix: Tensor<Element>, sigma: Double, rule: ShrinkageRule, method: Method = .fastest,
    budget: MemoryBudget = .unlimited(), bandDone: @Sendable () -> Void = {}
  ) throws(NumericalError) -> DenoisedBlocks<Element> {
    let (rows, columns) = (matrix.rows, matrix.columns)
    precondition(
      rowStarts.last == rows - side && columnStarts.last == columns - side,
      "a grid for another matrix than \(matrix.shape)")
    try requireSummable(matrix)
    let bands = bandRanges.map { BlockBand<Element>(grid: self, rows: $0) }
    let bytes = bands.reduce(matrix.count) { $0 + $1.height * columns }
    return try budget.reserving(
      MemoryLayout<Element>.stride * bytes, for: "denoising \(count) blocks"
    ) { () throws(NumericalError) in
      let shrinkage = BlockShrinkage<Element>(
        scale: NoiseScale(rows: side, columns: side, sigma: sigma), rule: rule, method: method)
      let results = Mutex<[Result<BlockBand<Element>.Output, NumericalError>?]>(
        Array(repeating: nil, count: bands.count))
      // A single band runs here, where LAPACK's last digits would depend on BLAS's threads.
      let threads = BLAS.threads
      if bands.count == 1 { BLAS.setThreads(1) }
      defer { if bands.count == 1 { BLAS.setThreads(threads) } }
      Parallel.forEachItem(bands.count) { index in
        let output = Result { () throws(NumericalError) in
          try bands[index].denoised(matrix, by: shrinkage)
        }
        results.withLock { $0[index] = output }
        bandDone()
      }
      var outputs: [BlockBand<Element>.Output] = []
      for result in results.withLock({ $0 }) {
        if let result { outputs.append(try result.get()) }
      }
      return assembled(outputs, of: bands, shape: matrix.shape)
    }
  }

  /// Demands finite numbers that stay so in singular values of blocks and sums of blocks.
  private func requireSummable<Element: Scalar>(
    _ matrix: Tensor<Element>
  ) throws(NumericalError) {
    try matrix.requireFinite()
    let cover = { (starts: [Int], length: Int) in
      Self.coverage(starts, side: side, length: length).max() ?? 1
    }
    let blocks = cover(rowStarts, matrix.rows) * cover(columnStarts, matrix.columns)
    // No entry of a block's result exceeds the block's norm.
    let largest = Double(matrix.scanned().largest) / Double(Element.greatestFiniteMagnitude)
    guard largest * Double(side) * Double(blocks) < 1 else {
      throw .tooLarge(
        "sums of blocks of the matrix exceed the largest \(Element.dtypeName) number; scale it down"
      )
    }
  }

  /// The number of rows of work that `denoise` reports.
  public var bandCount: Int { bandRanges.count }

  /// Rows of blocks that one thread takes at a time, about half a block high: a higher band leaves
  /// threads idle at the end, a lower one adds up more overlap. The same for any number of
  /// threads, because the order of summation decides the last digits.
  private var bandRanges: [Range<Int>] {
    let step = rowStarts.count > 1 ? rowStarts[1] - rowStarts[0] : side
    let height = max(1, side / (2 * step))
    return stride(from: 0, to: rowStarts.count, by: height).map {
      $0..<min($0 + height, rowStarts.count)
    }
  }

  /// Adds the bands up and divides by the number of blocks that cover each element.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  private func assembled<Element: Scalar>(
    _ outputs: [BlockBand<Element>.Output], of bands: [BlockBand<Element>], shape: Shape
  ) -> DenoisedBlocks<Element> {
    let (rows, columns) = (shape[0], shape[1])
    let acrossRows = Self.coverage(rowStarts, side: side, length: rows)
    let acrossColumns = Self.coverage(columnStarts, side: side, length: columns)
      .map { 1 / Element($0) }
    var matrix = Tensor<Element>.zeros(shape)
    matrix.withUnsafeMutableElements { target in
      for (band, output) in zip(bands, outputs) {
        output.sum.withUnsafeElements { source in
          let first = band.firstRow * columns
          for i in 0..<source.count { target[first + i] += source[i] }
        }
      }
      acrossColumns.withUnsafeBufferPointer { acrossColumns in
        for row in 0..<rows {
          let factor = 1 / Element(acrossRows[row])
          for column in 0..<columns {
            target[row * columns + column] *= factor * acrossColumns[column]
          }
        }
      }
    }
    let sums = outputs.reduce(into: [Double](repeating: 0, count: side)) { sums, output in
      for i in 0..<side { sums[i] += output.singularValueSums[i] }
    }
    return DenoisedBlocks(
      matrix: matrix, ranks: outputs.flatMap(\.ranks),
      meanSingularValues: sums.map { $0 / Double(count) })
  }
}
