extension Contraction {
  /// Chooses the order of the contraction and works out its steps.
  ///
  /// - Parameters:
  ///   - strategy: how the order is chosen.
  ///   - elementBytes: the bytes of one element.
  ///   - maximumBytes: the most that `ContractionPlan.peakBytes` may come to, nil for no limit. When
  ///     the strategy's own order takes more, the cheapest that fits is looked for: over all pairwise
  ///     orders of up to ten operands (exactly, as far as steps need no scratch memory), among those
  ///     of the searches under ever smaller limits on each result's size beyond.
  ///   - peakBytes: the most bytes that a plan needs, where that is more than its
  ///     `peakBytes(elementBytes:)` because steps need scratch memory.
  ///   - resultOrder: the order of intermediates' axes, see `ContractionPlan.init`.
  /// - Throws: `PlanningError.memory` with the smallest limit that would do, `.path` for a given path
  ///   that does not suit, `.tooManyOperands` for `optimal` beyond 16 operands.
  public func plan(
    strategy: PathStrategy = .auto, elementBytes: Int = 8, maximumBytes: Int? = nil,
    peakBytes: ((ContractionPlan) -> Int)? = nil,
    resultOrder: ContractionPlan.ResultOrder? = nil
  ) throws(PlanningError) -> ContractionPlan {
    let network = ContractionNetwork(self)
    let first: ContractionPlan
    switch strategy {
    case .given(let path):
      do throws(PathError) {
        first = try ContractionPlan(self, path: path, resultOrder: resultOrder)
      } catch {
        throw .path(error)
      }
    default:
      let (tree, method) = try Self.tree(network, strategy)
      first = plan(tree, method, resultOrder)
    }
    guard let maximumBytes else { return first }
    let peakBytes = peakBytes ?? { $0.peakBytes(elementBytes: elementBytes) }
    let peak = peakBytes(first)
    if peak <= maximumBytes { return first }
    if case .given = strategy { throw .memory(smallestLimit: peak) }

    var smallest = peak
    var orders = MemoryLimitedOrders(
      network, maximumElements: Double(maximumBytes / max(1, elementBytes)))
    while let tree = orders.next() {
      let other = plan(tree, .limited, resultOrder)
      let peak = peakBytes(other)
      if peak <= maximumBytes { return other }
      smallest = min(smallest, peak)
    }
    throw .memory(smallestLimit: smallest)
  }

  private static func tree(
    _ network: ContractionNetwork, _ strategy: PathStrategy
  ) throws(PlanningError) -> (ContractionTree, SearchMethod) {
    let limit = OptimalSearch.maximumOperands
    let found: (tree: ContractionTree, method: SearchMethod)?
    switch strategy {
    case .optimal where network.count > limit:
      throw .tooManyOperands(count: network.count, maximum: limit)
    case .greedy:
      found = GreedySearch.tree(network).map { ($0, .greedy) }
    case .auto where network.count > OptimalSearch.automaticOperands, .dynamic:
      found = PathSearch.dynamicTree(network, .infinity)
    case .auto, .optimal, .given:
      found = OptimalSearch.tree(network).map { ($0, .optimal) }
    }
    guard let found else { preconditionFailure("no order although every result fits") }
    return (PathSearch.ordered(found.tree, network), found.method)
  }

  private func plan(
    _ tree: ContractionTree, _ method: SearchMethod, _ resultOrder: ContractionPlan.ResultOrder?
  ) -> ContractionPlan {
    do throws(PathError) {
      return try ContractionPlan(self, path: tree.path, method: method, resultOrder: resultOrder)
    } catch {
      preconditionFailure("a search found the path \(tree.path.text): \(error)")
    }
  }
}
