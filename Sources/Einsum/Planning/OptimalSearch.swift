/// The cheapest order over all pairwise orders, outer products included: dynamic programming over
/// the 2ⁿ subsets of operands, each split in every way, 3ⁿ/2 splits in all.
enum OptimalSearch {
  /// The most operands for which the search is offered by name; 3ⁿ/2 splits are then 21 million,
  /// 0.7 s (measured).
  static let maximumOperands = 16
  /// The most operands for which `auto` searches exhaustively, 3ⁿ/2 = 30 thousand splits
  /// in 1 ms (measured).
  static let automaticOperands = 10

  /// The cheapest tree in which no result has more than `maximumElements`, nil when there is none.
  ///
  /// Equal operations are told apart by elements written, then by position.
  static func tree(
    _ network: ContractionNetwork, maximumElements: Double = .infinity
  ) -> ContractionTree? {
    guard network.count > 1 else { return ContractionTree(leafCount: network.count) }
    let table = SubsetTable(network)
    var best = [SearchCost](repeating: .zero, count: table.full + 1)
    var split = [Int](repeating: 0, count: table.full + 1)
    for mask in 1...table.full where mask & (mask - 1) != 0 {
      best[mask] = .unreachable
      guard table.elements[mask] <= maximumElements else { continue }
      let top = 1 << (Int.bitWidth - 1 - mask.leadingZeroBitCount)
      let rest = mask ^ top
      var others = rest
      repeat {
        others = (others - 1) & rest
        let (a, b) = (top | others, rest ^ others)
        let parts = best[a] + best[b]
        guard parts.isReachable, parts.operations <= best[mask].operations else { continue }
        let cost = parts + SearchCost(table.operations(a, b), table.elements[mask])
        if cost < best[mask] { (best[mask], split[mask]) = (cost, a) }
      } while others != 0
    }
    guard best[table.full].isReachable else { return nil }
    return tree(splits: split, table)
  }

  private static func tree(splits: [Int], _ table: SubsetTable) -> ContractionTree {
    // Parents before children; the reverse is an order of execution.
    var masks: [Int] = []
    var stack = [table.full]
    while let mask = stack.popLast() {
      guard mask & (mask - 1) != 0 else { continue }
      masks.append(mask)
      stack += [splits[mask], mask ^ splits[mask]]
    }
    var result = ContractionTree(leafCount: table.count)
    var numbers = (0...table.full).map { table.operand($0) }
    for mask in masks.reversed() {
      numbers[mask] = result.join(numbers[splits[mask]], numbers[mask ^ splits[mask]])
    }
    return result
  }
}
