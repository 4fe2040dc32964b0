/// Orders of a few operands under a limit on the memory that is live at the same time.
///
/// What is live depends on the order of steps, not only on the tree. A state is therefore a
/// partition of the operands into what is contracted already; there are 115,975 for ten operands
/// (Bell numbers), and each is reached by a pair from one with a block more. Both answers are exact.
struct PartitionSearch {
  private struct State {
    /// Each operand's block, 4 bits each, blocks numbered by their first operand.
    let key: UInt64
    /// The elements of all results that exist.
    let live: Double
    /// The most elements that were live in a step up to here.
    let peak: Double
    let cost: SearchCost
    /// The state before, as an index into the level before, and the two blocks that were joined.
    let parent: Int
    let joined: (Int, Int)
  }

  private let table: SubsetTable
  private var operations: [Int: Double] = [:]

  /// A search over at most 16 operands, ten in reasonable time.
  init(_ network: ContractionNetwork) {
    precondition(network.count <= 16, "\(network.count) operands do not fit into a state")
    table = SubsetTable(network)
  }

  /// The smallest possible maximum of live elements over all pairwise orders: of each step the
  /// results before it and its own.
  mutating func smallestPeak() -> Double {
    let end = search { _ in
      true
    } isBetter: {
      $0.peak < $1.peak
    }
    return end.last?.first?.peak ?? table.elements[table.full]
  }

  /// The cheapest order that keeps no more than `maximumElements` live, and how many it does keep;
  /// nil when there is none.
  mutating func order(maximumElements: Double) -> (tree: ContractionTree, peak: Double)? {
    guard table.count > 1 else { return (ContractionTree(leafCount: table.count), 0) }
    let levels = search {
      $0 <= maximumElements
    } isBetter: {
      $0.cost < $1.cost
    }
    guard levels.count == table.count, let end = levels[table.count - 1].first else { return nil }
    var joins: [(Int, Int)] = []
    var index = 0
    for level in levels.dropFirst().reversed() {
      joins.append(level[index].joined)
      index = level[index].parent
    }
    var tree = ContractionTree(leafCount: table.count)
    var numbers: [Int: Int] = [:]
    for operand in 0..<table.count { numbers[1 << (table.count - 1 - operand)] = operand }
    for (a, b) in joins.reversed() {
      guard let left = numbers[a], let right = numbers[b] else { return nil }
      numbers[a | b] = tree.join(left, right)
    }
    return (tree, end.peak)
  }

  /// All states by the number of steps done, the best way into each.
  private mutating func search(
    allows: (Double) -> Bool, isBetter: (State, State) -> Bool
  ) -> [[State]] {
    let start = (0..<table.count).reduce(UInt64(0)) { $0 | UInt64($1) << UInt64(4 * $1) }
    var levels = [
      [State(key: start, live: 0, peak: 0, cost: .zero, parent: 0, joined: (0, 0))]
    ]
    while levels.count < table.count {
      var next: [State] = []
      var places: [UInt64: Int] = [:]
      for (parent, state) in levels[levels.count - 1].enumerated() {
        let blocks = blocks(of: state.key)
        for second in blocks.indices.dropFirst() {
          for first in 0..<second {
            guard
              let new = join(state, parent, blocks, (first, second)), allows(new.peak)
            else { continue }
            if let place = places[new.key] {
              if isBetter(new, next[place]) { next[place] = new }
            } else {
              places[new.key] = next.count
              next.append(new)
            }
          }
        }
      }
      levels.append(next)
    }
    return levels
  }

  private mutating func join(
    _ state: State, _ parent: Int, _ blocks: [Int], _ pair: (first: Int, second: Int)
  ) -> State? {
    let (a, b) = (blocks[pair.first], blocks[pair.second])
    let elements = table.elements[a | b]
    let atPeak = state.live + elements
    let live = atPeak - freed(a) - freed(b)
    let place = a << 16 | b
    let known = operations[place]
    let cost = known ?? table.operations(a, b)
    if known == nil { operations[place] = cost }
    return State(
      key: merged(state.key, pair), live: live, peak: max(state.peak, atPeak),
      cost: state.cost + SearchCost(cost, elements), parent: parent, joined: (a, b))
  }

  /// What the step that uses a block frees: its elements, nothing for an operand of the caller.
  private func freed(_ mask: Int) -> Double {
    mask & (mask - 1) == 0 ? 0 : table.elements[mask]
  }

  private func blocks(of key: UInt64) -> [Int] {
    var masks: [Int] = []
    for operand in 0..<table.count {
      let block = Int(key >> UInt64(4 * operand) & 15)
      if block == masks.count { masks.append(0) }
      masks[block] |= 1 << (table.count - 1 - operand)
    }
    return masks
  }

  private func merged(_ key: UInt64, _ pair: (first: Int, second: Int)) -> UInt64 {
    var result: UInt64 = 0
    for operand in 0..<table.count {
      var block = Int(key >> UInt64(4 * operand) & 15)
      if block == pair.second { block = pair.first } else if block > pair.second { block -= 1 }
      result |= UInt64(block) << UInt64(4 * operand)
    }
    return result
  }
}
