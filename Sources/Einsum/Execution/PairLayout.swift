/// What becomes of each label when two operands are contracted.
///
/// Every label stands in at least two of left, right and result: what stands in one operand alone
/// has been summed before.
struct PairLabels {
  /// In both operands and in the result.
  var batch: [Int] = []
  /// In the left operand and the result: the rows of a matrix product.
  var rows: [Int] = []
  /// In the right operand and the result: its columns.
  var columns: [Int] = []
  /// In both operands, summed.
  var summed: [Int] = []

  /// Classifies; each list is in the memory order of the operand named first in its description.
  init(_ left: StridedLayout, _ right: StridedLayout, result: Set<Int>) {
    for label in left.memoryOrder {
      let isInRight = right.labels.contains(label)
      switch (isInRight, result.contains(label)) {
      case (true, true): batch.append(label)
      case (true, false): summed.append(label)
      case (false, true): rows.append(label)
      case (false, false): preconditionFailure("label \(label) stands in one operand alone")
      }
    }
    for label in right.memoryOrder where !left.labels.contains(label) {
      precondition(result.contains(label), "label \(label) stands in one operand alone")
      columns.append(label)
    }
  }
}

/// A product of matrices in memory as BLAS takes them: one axis for rows, columns and sum each, and
/// loops around it.
struct GemmLayout: Sendable, Hashable {
  /// The rows (a, c), the columns (b, c) and the sum (a, b); of size 1 where there is none.
  var m: LoopAxis
  var n: LoopAxis
  var k: LoopAxis
  /// Loops whose products go to different places.
  var loops: LoopNest
  /// Loops whose products are added up.
  var sums: LoopNest
  /// An estimate of the time, in units of one multiplication and addition at the peak rate.
  var cost: Double
}

extension GemmLayout {
  /// What a call costs beside its operations: about 0.3 µs at 10 operations per nanosecond.
  private static var callCost: Double { 3000 }
  /// Sides at which a product runs at half its rate.
  private static var halfRateSide: Double { 12 }

  /// The best choice of one axis each for a product of these layouts; nil when BLAS can take none:
  /// each matrix needs one side whose neighbours are neighbours in memory.
  ///
  /// Labels beyond the chosen axes become loops around the product.
  init?(
    _ labels: PairLabels, left: StridedLayout, right: StridedLayout, result: StridedLayout,
    sizes: [Int]
  ) {
    func nest(_ labels: [Int], by order: StridedLayout) -> LoopNest {
      let ordered = order.memoryOrder.filter(labels.contains)
      return LoopNest(
        ordered.map {
          LoopAxis(
            size: sizes[$0], a: left.stride($0) ?? 0, b: right.stride($0) ?? 0,
            c: result.stride($0) ?? 0)
        })
    }
    let rows = nest(labels.rows, by: result)
    let columns = nest(labels.columns, by: result)
    let summed = nest(labels.summed, by: left)
    let batch = nest(labels.batch, by: result)
    let one = LoopAxis(size: 1, a: 0, b: 0, c: 0)
    var best: GemmLayout?
    for i in rows.axes.indices.map(Optional.some) + (rows.axes.isEmpty ? [nil] : []) {
      for j in columns.axes.indices.map(Optional.some) + (columns.axes.isEmpty ? [nil] : []) {
        for l in summed.axes.indices.map(Optional.some) + (summed.axes.isEmpty ? [nil] : []) {
          var (restRows, restColumns, restSummed) = (rows, columns, summed)
          let m = i.map { restRows.remove(at: $0) } ?? one
          let n = j.map { restColumns.remove(at: $0) } ?? one
          let k = l.map { restSummed.remove(at: $0) } ?? one
          // A vector may lie at any stride.
          guard m.size == 1 || Self.takes(m.size, m.a, k.size, k.a),
            n.size == 1 || Self.takes(k.size, k.b, n.size, n.b),
            m.size == 1 || n.size == 1 || Self.takes(m.size, m.c, n.size, n.c)
          else { continue }
          let loops = LoopNest(batch.axes + restRows.axes + restColumns.axes)
          let calls = Double(loops.count * restSummed.count)
          let cost = calls * (Self.callCost + Self.cost(m.size, n.size, k.size))
          guard best.map({ cost < $0.cost }) ?? true else { continue }
          best = GemmLayout(
            m: m, n: n, k: k, loops: loops, sums: LoopNest(restSummed.axes), cost: cost)
        }
      }
    }
    guard let best else { return nil }
    self = best
  }

  /// Whether BLAS takes a matrix with these sides and strides: one stride is 1, the other at least
  /// as long as the row it steps over. Along a side of 1 the stride does not matter.
  private static func takes(_ p: Int, _ pStride: Int, _ q: Int, _ qStride: Int) -> Bool {
    let rowsByRows = (q == 1 || qStride == 1) && (p == 1 || pStride >= q)
    let columnsByColumns = (p == 1 || pStride == 1) && (q == 1 || qStride >= p)
    return rowsByRows || columnsByColumns
  }

  /// Operations, weighted by the rate that a product with such sides reaches.
  private static func cost(_ m: Int, _ n: Int, _ k: Int) -> Double {
    [m, n, k].reduce(1) { $0 * (Double($1) + halfRateSide) }
  }
}
