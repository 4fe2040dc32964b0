/// Orders to try when the cheapest does not fit into memory, the promising ones first.
///
/// Up to eight operands: all orders than which none is cheaper and needs less, from the cheapest to
/// the one that needs the least, as far as that is told without the scratch memory of steps; of nine
/// and ten operands some of them, those that need the least among them, and the cheapest under the
/// limit. Beyond: the orders that the searches find under limits on each result's size that fall by
/// powers of two, then the order from left to right. Which orders these are does not depend on the
/// limit (but for the one cheapest of nine and ten operands), so that the smallest limit which one
/// failure names does work when it is given.
struct MemoryLimitedOrders {
  /// Pairs of subsets that one rung's dynamic programming may look at: there are dozens of rungs.
  private static let pairsPerRung = ConnectedSubsetSearch.maximumPairs / 8
  /// What has more elements fits into no memory.
  private static let unreachable = 0x1p60
  /// Operands up to which all orders worth a try are found within a second.
  private static let fewOperands = 8

  private let network: ContractionNetwork
  private let maximumElements: Double
  private var stage = 0
  private var partitions: PartitionSearch?
  /// The most elements that the next order of few operands may keep live.
  private var bound = MemoryLimitedOrders.unreachable
  /// The next limit on each result's size, in elements.
  private var rung = 0.0
  private var waiting: [ContractionTree] = []

  /// - Parameter maximumElements: the most elements that may be live in a step.
  init(_ network: ContractionNetwork, maximumElements: Double) {
    self.network = network
    self.maximumElements = maximumElements
    if network.count <= OptimalSearch.automaticOperands {
      partitions = PartitionSearch(network)
    } else {
      let largest = GreedySearch.tree(network).map { network.cost(of: $0).largest } ?? 0
      rung = min(largest.binade, Self.unreachable)
    }
  }

  /// The next order to try, nil when there is none left.
  mutating func next() -> ContractionTree? {
    partitions == nil ? nextOfMany() : nextOfFew()
  }

  private mutating func nextOfFew() -> ContractionTree? {
    let isComplete = network.count <= Self.fewOperands
    if stage == 0 {
      stage = 1
      if !isComplete, let found = partitions?.order(maximumElements: maximumElements) {
        return found.tree
      }
    }
    guard stage == 1 else { return nil }
    if bound >= 0, let found = partitions?.order(maximumElements: bound) {
      bound = isComplete ? found.peak.nextDown : min(found.peak / 4, found.peak.nextDown)
      return found.tree
    }
    stage = 2
    guard !isComplete, let least = partitions?.smallestPeak() else { return nil }
    return partitions?.order(maximumElements: least)?.tree
  }

  private mutating func nextOfMany() -> ContractionTree? {
    while waiting.isEmpty {
      let output = network.elements(network.output)
      guard rung >= max(1, output) else {
        guard stage == 0 else { return nil }
        stage = 1
        return .leftToRight(network.count)
      }
      let trees = [
        PathSearch.dynamicTree(network, rung, maximumPairs: Self.pairsPerRung)?.tree,
        GreedySearch.tree(network, maximumElements: rung),
      ]
      waiting = trees.compactMap { $0 }.map { PathSearch.ordered($0, network) }
      rung /= 2
    }
    return waiting.removeFirst()
  }
}
