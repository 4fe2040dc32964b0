import Tensors

/// Attention tile by tile (Dao et al. 2022, "FlashAttention").
///
/// Forward: a block of queries meets all keys, block after block; per query the largest score m and
/// the sum l of exponentials are kept up to date, what was summed is multiplied by exp(m − m′) when
/// m grows. L = m + log l is all that the way back needs: P = exp(S − L), and with
/// D = rowsum(Ō⊙O) = rowsum(P⊙P̄): S̄ = P⊙(ŌVᵀ − D), Q̄ = S̄K·scale, K̄ = S̄ᵀQ·scale, V̄ = PᵀŌ.
extension Attention {
  /// The blocks of queries of a head.
  private func queryBlocks(_ size: Int) -> Int { (queryCount + size - 1) / size }

  func flashForward<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>, _ mask: Tensor<Element>?
  ) -> (output: Tensor<Element>, logSumExp: Tensor<Element>) {
    let places = AttentionMask(self)
    let kernels = AttentionKernels<Element>(self, maskStrides: places.step)
    let size = AttentionKernels<Element>.queryBlock
    let (heads, blocks) = (batch * self.heads, queryBlocks(size))
    var logSums = Tensor<Element>(uninitialized: logSumExp) { _ in }
    let result = Tensor<Element>(uninitialized: output) { output in
      Pointers.with(q, k, v, mask) { q, k, v, mask in
        logSums.withUnsafeMutableElements { logSums in
          guard let output = output.baseAddress, let logSums = logSums.baseAddress else { return }
          WorkShare.forEach(heads * blocks, workspace: kernels.forwardWorkspace) {
            (item, memory: UnsafeMutablePointer<Element>) in
            // Causal: the last queries see the most keys and come first. Else the keys of one head
            // stay in the cache from block to block.
            let head = isCausal ? item % heads : item / blocks
            let block = isCausal ? blocks - 1 - item / heads : item % blocks
            let rows = block * size..<min(queryCount, (block + 1) * size)
            let shared = head / group
            let offset = places.offset(batch: head / self.heads, head: head % self.heads)
            kernels.forward(
              rows, q: q + head * queryCount * width, k: k + shared * keyCount * width,
              v: v + shared * keyCount * valueWidth, mask: mask.map { $0 + offset },
              output: output + head * queryCount * valueWidth, logSums: logSums + head * queryCount,
              workspace: memory)
          }
        }
      }
    }
    return (result, logSums)
  }

  var flashForwardElements: Int {
    // The workspace does not depend on the precision.
    let kernels = AttentionKernels<Double>(self, maskStrides: (0, 0))
    let items = batch * heads * queryBlocks(AttentionKernels<Double>.queryBlock)
    return logSumExp.count + WorkShare.workers(items) * kernels.forwardWorkspace
  }

  /// How many ranges of keys the backward pass of a head is cut into, so that all threads have work.
  /// Each range has a Q̄ of its own; their sum does not depend on who was first.
  private var ranges: Int {
    let heads = batch * keyHeads
    let wanted = heads >= 2 * BLAS.threads ? 1 : (2 * BLAS.threads + heads - 1) / heads
    return BLAS.threads == 1 ? 1 : min(wanted, (keyCount + 95) / 96)
  }

  /// The elements that a thread works in: the adjoints of a range's keys and values, then the
  /// kernel's own.
  private func backwardWorkspace<Element>(
    _ kernels: AttentionKernels<Element>
  ) -> (adjoints: Int, all: Int) {
    let longest = (keyCount + ranges - 1) / ranges
    typealias Kernels = AttentionKernels<Element>
    let adjoints = longest * (Kernels.row(width) + Kernels.row(valueWidth))
    return (adjoints, adjoints + kernels.backwardWorkspace(keys: longest))
  }

  var flashBackwardElements: Int {
    let kernels = AttentionKernels<Double>(self, maskStrides: (0, 0))
    let ranges = self.ranges
    return logSumExp.count + (ranges > 1 ? ranges * queries.count : 0)
      + WorkShare.workers(batch * keyHeads * ranges) * backwardWorkspace(kernels).all
  }

  func flashBackward<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>,
    _ mask: Tensor<Element>?, _ forward: (output: Tensor<Element>, logSumExp: Tensor<Element>)
  ) -> AttentionAdjoints<Element> {
    let places = AttentionMask(self)
    let kernels = AttentionKernels<Element>(self, maskStrides: places.step)
    let workspace = backwardWorkspace(kernels)
    let ranges = self.ranges
    let dots = adjoint.rowDots(forward.output)
    // One Q̄ per range of keys.
    var dq = Tensor<Element>(uninitialized: ranges > 1 ? [ranges, queries.count] : queries) { _ in }
    var dk = Tensor<Element>(uninitialized: keys) { _ in }
    var dv = Tensor<Element>(uninitialized: values) { _ in }
    Pointers.with(q, k, v, mask) { q, k, v, mask in
      Pointers.with(adjoint, forward.logSumExp, dots, nil) { adjoint, logSums, dots, _ in
        Pointers.with(&dq, &dk, &dv) { dq, dk, dv in
          WorkShare.forEach(batch * keyHeads * ranges, workspace: workspace.all) {
            (item, memory: UnsafeMutablePointer<Element>) in
            let (shared, range) = (item / ranges, item % ranges)
            let rows = keyCount * range / ranges..<keyCount * (range + 1) / ranges
            let keySums = PaddedRows(memory, count: rows.count, width: width)
            let valueSums = PaddedRows(keySums.end, count: rows.count, width: valueWidth)
            for head in shared * group..<(shared + 1) * group {
              let offset = places.offset(batch: head / heads, head: head % heads)
              let first = head * queryCount
              kernels.backward(
                rows, q: q + first * width, k: k + shared * keyCount * width,
                v: v + shared * keyCount * valueWidth, mask: mask.map { $0 + offset },
                logSums: logSums + first, dots: dots + first, adjoint: adjoint + first * valueWidth,
                dq: dq + range * queries.count + first * width, dk: keySums.start,
                dv: valueSums.start, workspace: memory + workspace.adjoints)
            }
            let place = shared * keyCount + rows.lowerBound
            keySums.write(to: dk + place * width, times: Element(scale))
            valueSums.write(to: dv + place * valueWidth, times: 1)
          }
        }
      }
    }
    return AttentionAdjoints(
      queries: ranges > 1 ? dq.columnSums().reshaped(queries) : dq, keys: dk, values: dv, mask: nil)
  }
}

/// Rows with a gap behind each, which the backward kernel adds to.
private struct PaddedRows<Element: Scalar> {
  let start: UnsafeMutablePointer<Element>
  private let count: Int
  private let width: Int
  private let row: Int

  /// Zeros in memory that is not initialised.
  init(_ memory: UnsafeMutablePointer<Element>, count: Int, width: Int) {
    (start, self.count, self.width) = (memory, count, width)
    row = AttentionKernels<Element>.row(width)
    start.initialize(repeating: 0, count: count * row)
  }

  /// What follows.
  var end: UnsafeMutablePointer<Element> { start + count * row }

  /// The rows without gaps, times a factor.
  func write(to target: UnsafeMutablePointer<Element>, times factor: Element) {
    for i in 0..<count {
      Element.vectorMultiply(
        width, start + i * row, by: factor, into: target + i * width, streams: false)
    }
  }
}
