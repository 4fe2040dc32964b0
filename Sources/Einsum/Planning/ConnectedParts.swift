/// Splits a network into parts that no linking label connects, solves each with
/// `ConnectedSubsetSearch` and joins the results.
enum ConnectedParts {
  /// The cheapest order in which outer products come last, nil when the search gives up or nothing
  /// fits. Up to ten parts are joined exhaustively, more of them greedily.
  static func tree(
    _ network: ContractionNetwork, maximumElements: Double = .infinity,
    maximumPairs: Int = ConnectedSubsetSearch.maximumPairs
  ) -> ContractionTree? {
    var tree = ContractionTree(leafCount: network.count)
    var pairs = maximumPairs
    let links = linkingLabels(network)
    var roots: [Int] = []
    var rootLabels: [LabelSet] = []
    for members in parts(network, links) {
      let part = network.part(members)
      guard
        let solved = ConnectedSubsetSearch.tree(
          connected: part, links: links, maximumElements: maximumElements, pairs: &pairs)
      else { return nil }
      roots.append(tree.append(solved, leaves: members))
      rootLabels.append(part.results(of: solved).last?.labels ?? network.operands[members[0]])
    }
    let joined = ContractionNetwork(
      operands: rootLabels, output: network.output, sizes: network.sizes)
    let end =
      roots.count <= OptimalSearch.automaticOperands
      ? OptimalSearch.tree(joined, maximumElements: maximumElements)
      : GreedySearch.tree(joined, maximumElements: maximumElements)
    guard let end else { return nil }
    _ = tree.append(end, leaves: roots)
    return tree
  }

  /// Labels that are summed and stand in several operands. One that stands in all of them cannot be
  /// summed before the end and would connect everything with everything.
  static func linkingLabels(_ network: ContractionNetwork) -> LabelSet {
    let uses = network.labelUses()
    let links = uses.indices.filter { uses[$0] > 1 && uses[$0] < network.count }
    return LabelSet(links).subtracting(network.output)
  }

  /// The operands of each part in ascending order, parts by their first operand.
  private static func parts(_ network: ContractionNetwork, _ links: LabelSet) -> [[Int]] {
    var holders = [[Int]](repeating: [], count: network.sizes.count)
    for (index, operand) in network.operands.enumerated() {
      for label in operand where links.contains(label) { holders[label].append(index) }
    }
    var isTaken = [Bool](repeating: false, count: network.count)
    var result: [[Int]] = []
    for start in 0..<network.count where !isTaken[start] {
      var members = [start]
      isTaken[start] = true
      var next = 0
      while next < members.count {
        for label in network.operands[members[next]] {
          for other in holders[label] where !isTaken[other] {
            isTaken[other] = true
            members.append(other)
          }
          // Each label is followed once.
          holders[label] = []
        }
        next += 1
      }
      result.append(members.sorted())
    }
    return result
  }
}
