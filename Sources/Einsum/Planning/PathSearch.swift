/// What found a path.
public enum SearchMethod: String, Sendable, Hashable {
  /// Over all pairwise orders.
  case optimal
  /// Over connected subsets.
  case dynamic = "dp"
  /// One pair after the other.
  case greedy
  /// The path came from outside.
  case given
  /// A search for orders that fit into a memory limit.
  case limited = "memory-limited"
}

/// Searches for the order of a contraction that takes the fewest operations, without a limit on
/// memory other than on each result's size.
public enum PathSearch {
  /// The path that takes the fewest operations over all pairwise orders, outer products included;
  /// equally costly ones by the elements they write, then by position. Time 3ⁿ: at most 16 operands,
  /// more trap.
  ///
  /// - Parameter maximumElements: the most elements that any result, the output included, may have.
  /// - Returns: nil when no order stays within the limit.
  public static func optimal(
    _ contraction: Contraction, maximumElements: Double = .infinity
  ) -> ContractionPath? {
    precondition(contraction.operands.count <= OptimalSearch.maximumOperands, "too many operands")
    let network = ContractionNetwork(contraction)
    return OptimalSearch.tree(network, maximumElements: maximumElements).map {
      finished($0, network)
    }
  }

  /// The cheapest path in which every step joins parts that share a summed label, until only parts
  /// without common summed labels are left, which are joined last; greed's path where that one is
  /// cheaper or the search would look at too many pairs of subsets.
  ///
  /// - Parameter maximumElements: the most elements that any result, the output included, may have.
  /// - Returns: nil when no order was found that stays within the limit.
  public static func dynamic(
    _ contraction: Contraction, maximumElements: Double = .infinity
  ) -> ContractionPath? {
    let network = ContractionNetwork(contraction)
    return dynamicTree(network, maximumElements).map { finished($0.tree, network) }
  }

  /// The path that always contracts the pair which frees the most elements, or the one from left to
  /// right where that is cheaper.
  ///
  /// - Parameter maximumElements: the most elements that any result, the output included, may have.
  /// - Returns: nil when no order was found that stays within the limit.
  public static func greedy(
    _ contraction: Contraction, maximumElements: Double = .infinity
  ) -> ContractionPath? {
    let network = ContractionNetwork(contraction)
    return GreedySearch.tree(network, maximumElements: maximumElements).map {
      finished($0, network)
    }
  }

  /// The path of `optimal` for up to ten operands, that of `dynamic` beyond.
  ///
  /// - Parameter maximumElements: the most elements that any result, the output included, may have.
  /// - Returns: nil when no order was found that stays within the limit.
  public static func auto(
    _ contraction: Contraction, maximumElements: Double = .infinity
  ) -> ContractionPath? {
    contraction.operands.count <= OptimalSearch.automaticOperands
      ? optimal(contraction, maximumElements: maximumElements)
      : dynamic(contraction, maximumElements: maximumElements)
  }

  /// The cheaper of what dynamic programming and greed find.
  static func dynamicTree(
    _ network: ContractionNetwork, _ maximumElements: Double,
    maximumPairs: Int = ConnectedSubsetSearch.maximumPairs
  ) -> (tree: ContractionTree, method: SearchMethod)? {
    let greedy = GreedySearch.tree(network, maximumElements: maximumElements)
    let connected = ConnectedParts.tree(
      network, maximumElements: maximumElements, maximumPairs: maximumPairs)
    guard let connected else { return greedy.map { ($0, .greedy) } }
    guard let greedy else { return (connected, .dynamic) }
    let isCheaper = network.cost(of: greedy).total < network.cost(of: connected).total
    return isCheaper ? (greedy, .greedy) : (connected, .dynamic)
  }

  /// The order of steps that a tree leaves open is the one that needs the least memory.
  static func ordered(_ tree: ContractionTree, _ network: ContractionNetwork) -> ContractionTree {
    tree.orderedForMemory(network.results(of: tree).map(\.elements))
  }

  private static func finished(
    _ tree: ContractionTree, _ network: ContractionNetwork
  ) -> ContractionPath {
    ordered(tree, network).path
  }
}
