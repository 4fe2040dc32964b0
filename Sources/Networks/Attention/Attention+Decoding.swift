import RealModule
import Tensors

/// Attention of few queries to many keys, as when a sequence is decoded token by token.
///
/// All queries that share a head of keys go through it together, so that keys and values are read
/// once; the keys are cut into ranges, so that all threads have work (Dao et al. 2023,
/// "Flash-Decoding"). Ranges i with maxima m, sums l and results o are joined at the largest m:
/// O = Σ o·exp(m_i − m) / Σ l·exp(m_i − m).
extension Attention {
  /// Below this a panel of 16 queries costs more than it saves.
  private static var fewestTiledQueries: Int { 4 }
  /// A range of fewer keys costs more to hand out than it takes; measured, docs/benchmarks.md.
  private static var shortestRange: Int { 512 }

  /// Whether there are so few queries that tiles of them would be nearly empty.
  var isDecoding: Bool { queryCount < Self.fewestTiledQueries }

  /// The queries that share a head of keys.
  private var sharingRows: Int { group * queryCount }

  /// The ranges of keys of a head.
  private var decodingRanges: Int {
    let heads = batch * keyHeads
    let wanted = (4 * BLAS.threads + heads - 1) / heads
    return max(1, min(BLAS.threads == 1 ? 1 : wanted, keyCount / Self.shortestRange))
  }

  /// The elements of one range's results, maxima and sums.
  private var decodingPart: Int { sharingRows * (valueWidth + 2) }

  var decodingElements: Int {
    let kernels = AttentionKernels<Double>(self, maskStrides: (0, 0))
    let items = batch * keyHeads * decodingRanges
    return logSumExp.count + items * decodingPart
      + WorkShare.workers(items) * kernels.decodingWorkspace(rows: sharingRows)
  }

  func decodingForward<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>, _ mask: Tensor<Element>?
  ) -> (output: Tensor<Element>, logSumExp: Tensor<Element>) {
    let places = AttentionMask(self)
    let kernels = AttentionKernels<Element>(self, maskStrides: places.step)
    let (rows, part, ranges) = (sharingRows, decodingPart, decodingRanges)
    var output = Tensor<Element>(uninitialized: self.output) { _ in }
    var logSums = Tensor<Element>(uninitialized: logSumExp) { _ in }
    var parts = Tensor<Element>(uninitialized: [batch * keyHeads * ranges, part]) { _ in }
    Pointers.with(q, k, v, mask) { q, k, v, mask in
      Pointers.with(&output, &logSums, &parts) { output, logSums, parts in
        WorkShare.forEach(
          batch * keyHeads * ranges, workspace: kernels.decodingWorkspace(rows: rows)
        ) { (item, memory: UnsafeMutablePointer<Element>) in
          let (shared, range) = (item / ranges, item % ranges)
          let first = places.offset(batch: shared / keyHeads, head: shared % keyHeads * group)
          let results = parts + item * part
          kernels.decode(
            keyCount * range / ranges..<keyCount * (range + 1) / ranges, rows: rows,
            q: q + shared * rows * width, k: k + shared * keyCount * width,
            v: v + shared * keyCount * valueWidth, mask: mask.map { $0 + first },
            maskHead: places.head, results: results,
            maxima: results + rows * valueWidth, sums: results + rows * (valueWidth + 1),
            workspace: memory)
        }
        for shared in 0..<batch * keyHeads {
          for row in 0..<rows {
            logSums[shared * rows + row] = join(
              parts + shared * ranges * part, ranges, row,
              into: output + (shared * rows + row) * valueWidth)
          }
        }
      }
    }
    return (output, logSums)
  }

  /// One row of the output from the ranges' parts.
  ///
  /// - Returns: the logarithm of the softmax's denominator.
  private func join<Element: Scalar>(
    _ parts: UnsafePointer<Element>, _ ranges: Int, _ row: Int,
    into output: UnsafeMutablePointer<Element>
  ) -> Element {
    let (rows, part) = (sharingRows, decodingPart)
    func maximum(_ range: Int) -> Element { parts[range * part + rows * valueWidth + row] }
    var largest = -Element.infinity
    // NaN stays: a comparison with it is false.
    for range in 0..<ranges where !(maximum(range) <= largest) { largest = maximum(range) }
    for c in 0..<valueWidth { output[c] = 0 }
    guard largest != -.infinity else { return largest }
    var sum: Element = 0
    for range in 0..<ranges {
      let factor = Element.exp2(maximum(range) - largest)
      sum += factor * parts[range * part + rows * (valueWidth + 1) + row]
      let results = parts + range * part + row * valueWidth
      for c in 0..<valueWidth { output[c] += factor * results[c] }
    }
    for c in 0..<valueWidth { output[c] /= sum }
    // Maxima are in powers of two.
    return largest / Element(1.442_695_040_888_963_4) + Element.log(sum)
  }
}
