import Tensors

/// How two operands are contracted: by one kernel that takes them as they lie, but where the
/// innermost axis is one of a batch of products.
struct PairPlan: Sendable {
  /// The kernels for a pair.
  enum Kernel: Sendable, Hashable {
    /// A loop of multiplications without a sum.
    case elementwise(LoopNest)
    /// Sums of products in loops: dot products and products of matrices with vectors.
    case sum(SumKernel)
    /// One product of matrices by BLAS.
    case matrix(MatrixProduct)
    /// Products of matrices in any strides.
    case packed(PackedProduct)
  }

  let kernel: Kernel
  /// The layout that the left operand is copied to first; nil to read it where it is.
  let left: StridedLayout?
  /// The same for the right operand.
  let right: StridedLayout?
  /// The labels of what the kernel writes, contiguous.
  let written: [Int]
  /// Whether what is written has to be permuted to the result's order.
  let permutesResult: Bool
  /// Elements that the kernel works in.
  let scratchElements: Int

  /// Sides of a product up to which a batch that lies innermost is walked along its rows instead of
  /// being gathered product by product.
  private static var smallSide: Int { 16 }

  /// Plans a pair.
  ///
  /// - Parameters:
  ///   - left: with right: each label stands in the other one or in the result.
  ///   - result: the labels of the result, in order.
  ///   - isOrderFree: whether the result may have them in another order, which `written` tells.
  init(
    _ left: StridedLayout, _ right: StridedLayout, result: [Int], isOrderFree: Bool, sizes: [Int]
  ) {
    let labels = PairLabels(left, right, result: result)
    let natural = labels.batch + labels.rows + labels.columns
    let wanted = isOrderFree ? natural : result
    func isBatch(_ label: Int?) -> Bool { label.map(labels.batch.contains) ?? false }
    func nest(
      _ chosen: [Int], _ left: StridedLayout, _ right: StridedLayout, _ result: [Int]
    ) -> LoopNest {
      let target = StridedLayout(contiguous: result, sizes: sizes)
      return LoopNest(
        chosen.map {
          LoopAxis(
            size: sizes[$0], a: left.stride($0) ?? 0, b: right.stride($0) ?? 0,
            c: target.stride($0) ?? 0)
        })
    }
    func count(_ labels: [Int]) -> Int { labels.reduce(1) { $0.multipliedOrMax(sizes[$1]) } }
    let (m, n, k) = (count(labels.rows), count(labels.columns), count(labels.summed))
    // The batch is innermost everywhere, in long runs: its products are computed side by side.
    let runsAlongBatch =
      isBatch(left.innermost(sizes)) && isBatch(right.innermost(sizes))
      && (isOrderFree || isBatch(result.last { sizes[$0] > 1 }))
      && min(m, n, k) <= Self.smallSide && count(labels.batch) >= Self.smallSide
    if labels.summed.isEmpty {
      (kernel, scratchElements) = (.elementwise(nest(wanted, left, right, wanted)), 0)
    } else if m == 1 || n == 1 || runsAlongBatch {
      let order =
        isOrderFree && runsAlongBatch ? labels.rows + labels.columns + labels.batch : wanted
      let larger = count(left.labels) >= count(right.labels) ? left : right
      kernel = .sum(
        SumKernel(
          kept: nest(order, left, right, order),
          summed: nest(larger.memoryOrder.filter(labels.summed.contains), left, right, order)))
      (self.left, self.right, scratchElements) = (nil, nil, 0)
      (written, permutesResult) = (order, false)
      return
    } else {
      // Products are gathered where a batch lies innermost: element by element would fetch each
      // line of the cache once per product.
      func gathered(_ layout: StridedLayout) -> StridedLayout? {
        guard isBatch(layout.innermost(sizes)) else { return nil }
        let order = layout.memoryOrder
        return StridedLayout(
          contiguous: order.filter(labels.batch.contains)
            + order.filter { !labels.batch.contains($0) }, sizes: sizes)
      }
      (self.left, self.right) = (gathered(left), gathered(right))
      let (a, b) = (self.left ?? left, self.right ?? right)
      written = isBatch(wanted.last { sizes[$0] > 1 }) ? natural : wanted
      permutesResult = written != wanted
      let batch = nest(written.filter(labels.batch.contains), a, b, written)
      let rows = nest(written.filter(labels.rows.contains), a, b, written)
      let columns = nest(written.filter(labels.columns.contains), a, b, written)
      let sums = nest(a.memoryOrder.filter(labels.summed.contains), a, b, written)
      if batch.axes.isEmpty,
        let product = MatrixProduct(rows: rows, columns: columns, sums: sums)
      {
        (kernel, scratchElements) = (.matrix(product), 0)
      } else {
        let product = PackedProduct(batch: batch, rows: rows, columns: columns, sums: sums)
        (kernel, scratchElements) = (.packed(product), product.scratchElements)
      }
      return
    }
    (self.left, self.right) = (nil, nil)
    (written, permutesResult) = (wanted, false)
  }
}

extension StridedLayout {
  /// The label whose neighbours are neighbours in memory; nil where there is none.
  func innermost(_ sizes: [Int]) -> Int? {
    labels.indices.first { strides[$0] == 1 && sizes[labels[$0]] > 1 }.map { labels[$0] }
  }
}
