/// How two operands are contracted: in place where a kernel takes their layouts, after permuting
/// one or both where it does not, or where permuting pays.
struct PairPlan: Sendable {
  /// The kernels for a pair.
  enum Kernel: Sendable, Hashable {
    /// A loop of multiplications without a sum.
    case elementwise(LoopNest)
    /// A matrix product in loops; dot and matrix–vector products are its cases with sides of 1.
    case gemm(GemmLayout)
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

  /// What moving one element costs, in multiplications and additions at the peak rate: about a
  /// nanosecond.
  private static var moveCost: Double { 12 }

  /// Plans a pair.
  ///
  /// - Parameters:
  ///   - left: with right: each label stands in the other one or in the result.
  ///   - result: the labels of the result, in order.
  ///   - isOrderFree: whether the result may have them in another order, which `written` tells.
  init(
    _ left: StridedLayout, _ right: StridedLayout, result: [Int], isOrderFree: Bool, sizes: [Int]
  ) {
    let labels = PairLabels(left, right, result: Set(result))
    func count(_ labels: [Int]) -> Double { labels.reduce(1) { $0 * Double(sizes[$1]) } }
    func contiguous(_ labels: [Int]) -> StridedLayout {
      StridedLayout(contiguous: labels, sizes: sizes)
    }
    let natural = labels.batch + labels.rows + labels.columns
    guard !labels.summed.isEmpty else {
      let order = isOrderFree ? natural : result
      let target = contiguous(order)
      let nest = LoopNest(
        order.map {
          LoopAxis(
            size: sizes[$0], a: left.stride($0) ?? 0, b: right.stride($0) ?? 0,
            c: target.stride($0) ?? 0)
        })
      (kernel, self.left, self.right) = (.elementwise(nest), nil, nil)
      (written, permutesResult) = (order, false)
      return
    }

    var best: (plan: Choice, cost: Double)?
    // Results that are tried: the wanted order, and those that the operands suggest.
    let swapped = labels.batch + labels.columns + labels.rows
    let results = isOrderFree ? [natural, swapped] : [result, natural, swapped]
    for order in results {
      let target = contiguous(order)
      let resultCost = !isOrderFree && order != result ? Self.moveCost * count(order) : 0
      let rows = order.filter(labels.rows.contains)
      let columns = order.filter(labels.columns.contains)
      let batch = order.filter(labels.batch.contains)
      let rightSum = right.memoryOrder.filter(labels.summed.contains)
      // The sum runs in the order of an operand that stays.
      for (sum, copies) in [
        (labels.summed, [false, false]), (rightSum, [true, false]), (labels.summed, [false, true]),
        (labels.summed, [true, true]),
      ] {
        let newLeft = copies[0] ? contiguous(batch + rows + sum) : nil
        let newRight = copies[1] ? contiguous(batch + sum + columns) : nil
        guard
          let layout = GemmLayout(
            labels, left: newLeft ?? left, right: newRight ?? right, result: target, sizes: sizes)
        else { continue }
        let cost =
          layout.cost + resultCost + (copies[0] ? Self.moveCost * count(left.labels) : 0)
          + (copies[1] ? Self.moveCost * count(right.labels) : 0)
        guard best.map({ cost < $0.cost }) ?? true else { continue }
        best = (Choice(layout: layout, left: newLeft, right: newRight, order: order), cost)
      }
    }
    guard let choice = best?.plan else {
      preconditionFailure("two contiguous operands always have a product")
    }
    (kernel, self.left, self.right) = (.gemm(choice.layout), choice.left, choice.right)
    (written, permutesResult) = (choice.order, !isOrderFree && choice.order != result)
  }

  private struct Choice {
    let layout: GemmLayout
    let left: StridedLayout?
    let right: StridedLayout?
    let order: [Int]
  }
}
