/// The cheapest order without outer products, for more operands than `OptimalSearch` takes: dynamic
/// programming over connected subsets (Pfeifer, Haegeman & Verstraete 2014, arXiv:1304.6112).
///
/// Subsets are completed in the order of what they cost (Knuth 1977, a generalisation of Dijkstra's
/// algorithm), so that a subset which costs more than the whole is never touched, and those that
/// cost more than the greedy order are not even stored.
struct ConnectedSubsetSearch {
  /// The most operands of one connected part: subsets are 128-bit masks.
  static let maximumOperands = 128
  /// Pairs of subsets looked at before the search gives up, 0.05 to 0.1 s (measured). Counting work
  /// instead of time keeps the answer the same on every machine.
  static let maximumPairs = 3_000_000
  /// What a pair whose union is worked out counts, against 1 for one that is merely seen (measured).
  private static let pairsPerUnion = 10

  private struct Subset {
    let mask: UInt128
    /// The operands outside that share a linking label with one inside.
    let neighbours: UInt128
    let labels: LabelSet
    let elements: Double
    var cost: SearchCost
    var left: Int
    var right: Int
    var isDone = false
  }

  private struct Entry: Comparable {
    let cost: SearchCost
    /// Of equally costly subsets the larger comes first, which matters where all costs are zero.
    let missing: Int
    let subset: Int

    static func < (a: Entry, b: Entry) -> Bool {
      a.cost < b.cost
        || a.cost == b.cost && (a.missing, a.subset) < (b.missing, b.subset)
    }
  }

  private let network: ContractionNetwork
  private let maximumElements: Double
  /// Nothing dearer than this is stored.
  private let costCap: Double
  private let adjacency: [UInt128]
  private let holders: [UInt128]
  private var pairsLeft: Int
  private var subsets: [Subset] = []
  private var numbers: [UInt128: Int] = [:]
  private var queue = BinaryHeap<Entry>()
  /// For each operand the completed subsets that hold it and have a neighbour of it outside.
  private var done: [[Int]]

  /// The cheapest order of a connected network in which every step joins two parts with a linking
  /// label in common; nil when none fits or the search gives up.
  ///
  /// - Parameter pairs: how many pairs may be looked at; what is left comes back.
  static func tree(
    connected network: ContractionNetwork, links: LabelSet, maximumElements: Double,
    pairs: inout Int
  ) -> ContractionTree? {
    guard network.count > 2 else {
      return GreedySearch.tree(network, maximumElements: maximumElements)
    }
    guard network.count <= maximumOperands else { return nil }
    var search = Self(network, links, maximumElements, pairs)
    defer { pairs = max(0, search.pairsLeft) }
    return search.run()
  }

  private init(
    _ network: ContractionNetwork, _ links: LabelSet, _ maximumElements: Double, _ pairs: Int
  ) {
    self.network = network
    self.maximumElements = maximumElements
    pairsLeft = pairs
    let greedy = GreedySearch.tree(network, maximumElements: maximumElements)
    // Beyond 2⁵³ sums depend on their order: the margin keeps the greedy tree itself within the cap.
    costCap = greedy.map { network.cost(of: $0).total.operations * (1 + 1e-9) } ?? .infinity
    var holders = [UInt128](repeating: 0, count: network.sizes.count)
    for (index, operand) in network.operands.enumerated() {
      for label in operand { holders[label] |= 1 << UInt128(index) }
    }
    adjacency = network.operands.enumerated().map { index, operand in
      let near = operand.reduce(UInt128(0)) { links.contains($1) ? $0 | holders[$1] : $0 }
      return near & ~(1 << UInt128(index))
    }
    self.holders = holders
    done = [[Int]](repeating: [], count: network.count)
  }

  private mutating func run() -> ContractionTree? {
    for (index, operand) in network.operands.enumerated() {
      store(
        Subset(
          mask: 1 << UInt128(index), neighbours: adjacency[index], labels: operand,
          elements: network.elements(operand), cost: .zero, left: index, right: index))
    }
    while let entry = queue.pop() {
      let subset = subsets[entry.subset]
      guard !subset.isDone, subset.cost == entry.cost else { continue }
      subsets[entry.subset].isDone = true
      if entry.missing == 0 { return tree(root: entry.subset) }
      guard extend(entry.subset) else { return nil }
    }
    return nil
  }

  private mutating func store(_ subset: Subset) {
    let number = numbers[subset.mask] ?? subsets.count
    if number == subsets.count {
      numbers[subset.mask] = number
      subsets.append(subset)
    } else {
      subsets[number] = subset
    }
    let missing = network.count - subset.mask.nonzeroBitCount
    queue.push(Entry(cost: subset.cost, missing: missing, subset: number))
  }

  /// Joins a subset that was just completed with all completed ones beside it. False when the work
  /// exceeds the limit.
  private mutating func extend(_ number: Int) -> Bool {
    let (mask, neighbours) = (subsets[number].mask, subsets[number].neighbours)
    for operand in Self.members(neighbours) {
      pairsLeft -= done[operand].count
      guard pairsLeft >= 0 else { return false }
      for other in done[operand] {
        let otherMask = subsets[other].mask
        guard otherMask & mask == 0 else { continue }
        // Several operands of the other subset may be neighbours: it is taken at the first.
        guard (otherMask & neighbours).trailingZeroBitCount == operand else { continue }
        combine(other, number)
      }
    }
    for operand in Self.members(mask) where adjacency[operand] & ~mask != 0 {
      done[operand].append(number)
    }
    return true
  }

  private mutating func combine(_ a: Int, _ b: Int) {
    let mask = subsets[a].mask | subsets[b].mask
    let parts = subsets[a].cost + subsets[b].cost
    let known = numbers[mask]
    guard parts.operations <= costCap else { return }
    if let known, subsets[known].isDone || subsets[known].cost < parts { return }
    pairsLeft -= Self.pairsPerUnion
    var (space, result, kept) = (1.0, 1.0, LabelSet())
    let involved = subsets[a].labels.union(subsets[b].labels)
    for label in involved {
      let size = network.sizes[label]
      space = min(space * size, .greatestFiniteMagnitude)
      guard holders[label] & ~mask != 0 || network.output.contains(label) else { continue }
      kept.insert(label)
      result = min(result * size, .greatestFiniteMagnitude)
    }
    let operations = ContractionCost.operations(
      space: space, operandCount: 2, sums: kept != involved)
    let cost = parts + SearchCost(operations, result)
    guard result <= maximumElements, cost.operations <= costCap else { return }
    if let known, !(cost < subsets[known].cost) { return }
    let neighbours = (subsets[a].neighbours | subsets[b].neighbours) & ~mask
    // A result is read by a later step, which costs no less than its size.
    guard neighbours == 0 || cost.operations + result <= costCap else { return }
    store(
      Subset(
        mask: mask, neighbours: neighbours, labels: kept, elements: result, cost: cost, left: a,
        right: b))
  }

  private func tree(root: Int) -> ContractionTree {
    var order: [Int] = []
    var stack = [root]
    while let number = stack.popLast() {
      guard number >= network.count else { continue }
      order.append(number)
      stack += [subsets[number].left, subsets[number].right]
    }
    var result = ContractionTree(leafCount: network.count)
    var nodes = Array(0..<subsets.count)
    for number in order.reversed() {
      nodes[number] = result.join(nodes[subsets[number].left], nodes[subsets[number].right])
    }
    return result
  }

  private static func members(_ mask: UInt128) -> [Int] {
    var (rest, result) = (mask, [Int]())
    while rest != 0 {
      result.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return result
  }
}
