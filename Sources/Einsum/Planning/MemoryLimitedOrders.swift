/// Orders to try when the cheapest does not fit into memory, the promising ones first.
///
/// Up to ten operands: the cheapest order under the limit, then the one with the smallest peak. Both
/// are exact as far as steps need no scratch memory. Beyond: the orders that the searches find under
/// limits on each result's size that fall by powers of two, then the order from left to right. Which
/// orders these are does not depend on the limit, so that the smallest limit which one failure names
/// does work when it is given.
struct MemoryLimitedOrders {
  /// Pairs of subsets that one rung's dynamic programming may look at: there are dozens of rungs.
  private static let pairsPerRung = ConnectedSubsetSearch.maximumPairs / 8

  private let network: ContractionNetwork
  private let maximumElements: Double
  private var stage = 0
  private var partitions: PartitionSearch?
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
      // What has more elements fits into no memory.
      rung = min(largest.binade, 0x1p60)
    }
  }

  /// The next order to try, nil when there is none left.
  mutating func next() -> ContractionTree? {
    partitions == nil ? nextOfMany() : nextOfFew()
  }

  private mutating func nextOfFew() -> ContractionTree? {
    stage += 1
    if stage == 1, let tree = partitions?.tree(maximumElements: maximumElements) { return tree }
    guard stage <= 2 else { return nil }
    stage = 2
    guard let peak = partitions?.smallestPeak() else { return nil }
    return partitions?.tree(maximumElements: peak)
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
