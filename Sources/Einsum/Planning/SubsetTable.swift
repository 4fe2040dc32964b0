/// What the contraction of each subset of a few operands leaves.
///
/// A subset is a mask in which operand i is bit count − 1 − i: descending masks then keep the first
/// operands together, which is the order in which opt_einsum finds equally good paths.
struct SubsetTable {
  /// The labels of each subset's result; an operand alone has all of its own.
  let labels: [LabelSet]
  /// The elements of each subset's result.
  let elements: [Double]
  /// The number of operands.
  let count: Int
  private let network: ContractionNetwork

  /// The table over all 2ⁿ subsets.
  init(_ network: ContractionNetwork) {
    let count = network.count
    let full = 1 << count - 1
    var unions = [LabelSet](repeating: [], count: full + 1)
    for mask in stride(from: 1, through: full, by: 1) {
      let bit = mask.trailingZeroBitCount
      unions[mask] = unions[mask & (mask - 1)].union(network.operands[count - 1 - bit])
    }
    labels = (0...full).map { mask in
      if mask & (mask - 1) == 0 { return unions[mask] }
      return unions[mask].intersection(network.output.union(unions[full ^ mask]))
    }
    elements = labels.map(network.elements)
    self.count = count
    self.network = network
  }

  /// The mask of all operands.
  var full: Int { 1 << count - 1 }

  /// The operand of a mask with one bit.
  func operand(_ mask: Int) -> Int { count - 1 - mask.trailingZeroBitCount }

  /// The operations of contracting two disjoint subsets' results.
  func operations(_ a: Int, _ b: Int) -> Double {
    let space = labels[a].union(labels[b])
    return ContractionCost.operations(
      space: network.elements(space), operandCount: 2, sums: !space.isSubset(of: labels[a | b]))
  }
}
