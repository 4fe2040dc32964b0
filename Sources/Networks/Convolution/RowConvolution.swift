import Tensors

/// Results in rows, each a sum over taps: weights times shifted rows of planes. The direct way, with
/// neighbouring results side by side in a vector.
struct RowConvolution<Element: Scalar> {
  let planes: PhasedPlanes
  /// Outputs by taps.
  let weights: PackedWeights<Element>
  /// Where each tap of the first result lies.
  let offsets: [Int]
  /// The distance in the planes of two rows of results.
  let rowStep: Int
  /// The columns of results.
  let columns: Int

  /// Where results are written.
  struct Target {
    let base: UnsafeMutablePointer<Element>
    /// The distances of channels, rows and columns.
    let channel: Int
    let row: Int
    let column: Int
  }

  /// Writes some rows of results.
  @inline(__always)
  func run(
    rows: Range<Int>, from source: UnsafePointer<Element>, initial: UnsafePointer<Element>?,
    into target: Target
  ) {
    typealias Kernels = ConvolutionKernels<Element>
    let (panel, block, terms) = (Kernels.panel, PackedWeights<Element>.block, offsets.count)
    weights.elements.withUnsafeElements { packed in
      offsets.withUnsafeBufferPointer { offsets in
        // Without taps there are no addresses, and nothing is read.
        let a = packed.baseAddress ?? source
        var first = 0
        repeat {
          let count = min(block, terms - first)
          for row in rows {
            for column in stride(from: 0, to: columns, by: panel) {
              withUnsafePointer(to: 0) { none in
                Kernels.multiply(
                  rows: weights.rows, terms: count, a + weights.offset(ofTerm: first),
                  source + row * rowStep + column,
                  offsets: offsets.baseAddress.map { $0 + first } ?? none, initial: initial,
                  Kernels.Target(
                    base: target.base + row * target.row + column * target.column,
                    rowStride: target.channel, step: target.column,
                    columns: min(panel, columns - column), adds: first > 0))
              }
            }
          }
          first += block
        } while first < terms
      }
    }
  }
}

/// How rows of results are shared among threads.
enum RowShares {
  /// Results of a channel that one part is worth: the weights are read again for each.
  private static var results: Int { 1024 }

  /// Rows per part.
  static func height(_ size: PlaneSize) -> Int {
    min(size.down, max(1, results / max(1, size.across)))
  }

  /// Calls `body` with each index of `count` and ranges of rows that cover the size, on all threads.
  static func forEach(_ count: Int, _ size: PlaneSize, _ body: (Int, Range<Int>) -> Void) {
    let height = height(size)
    let parts = size.down.parts(of: height)
    Parallel.forEachItem(count * parts) { item in
      let first = item % parts * height
      body(item / parts, first..<min(first + height, size.down))
    }
  }
}
