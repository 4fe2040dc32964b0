import Tensors

/// A matrix [rows, terms] as the kernels read it: blocks of terms that stay in cache, in each the rows
/// in sixes.
struct PackedWeights<Element: Scalar> {
  /// Terms of a block: a panel of so many rows of a picture fills half of the first-level cache.
  static var block: Int { 256 }

  let rows: Int
  let terms: Int
  let elements: Tensor<Element>

  private static func paddedRows(_ rows: Int) -> Int {
    rows.roundedUp(to: ConvolutionKernels<Element>.rows)
  }

  /// The elements that packing takes.
  static func elementCount(rows: Int, terms: Int) -> Int { paddedRows(rows) * terms }

  /// - Parameter offsets: where the terms of row 0 lie; those of row r lie r·`rowStride` further.
  init(
    rows: Int, _ source: UnsafePointer<Element>, rowStride: Int, offsets: [Int]
  ) {
    self.rows = rows
    terms = offsets.count
    let (height, padded) = (ConvolutionKernels<Element>.rows, Self.paddedRows(rows))
    let count = offsets.count
    elements = Tensor(uninitialized: [padded * count]) { target in
      guard var place = target.baseAddress else { return }
      for start in stride(from: 0, to: count, by: Self.block) {
        let end = min(start + Self.block, count)
        for row in stride(from: 0, to: padded, by: height) {
          for term in start..<end {
            for r in row..<row + height {
              place.initialize(to: r < rows ? source[r * rowStride + offsets[term]] : 0)
              place += 1
            }
          }
        }
      }
    }
  }

  /// Where a block of terms begins.
  func offset(ofTerm term: Int) -> Int { Self.paddedRows(rows) * term }
}
