/// A contraction as the searches see it: label sets and sizes.
///
/// Its operands may also be intermediates of a larger network, which is how parts that were
/// contracted on their own are joined.
struct ContractionNetwork: Sendable {
  /// The labels of each operand, those that are summed in its first step included.
  let operands: [LabelSet]
  /// The labels that the result keeps.
  let output: LabelSet
  /// The size of each label.
  let sizes: [Double]

  /// The number of operands.
  var count: Int { operands.count }

  /// A network from its parts.
  init(operands: [LabelSet], output: LabelSet, sizes: [Double]) {
    self.operands = operands
    self.output = output
    self.sizes = sizes
  }

  /// The network of a contraction; diagonals are taken on the way and cost nothing.
  init(_ contraction: Contraction) {
    precondition(!contraction.operands.isEmpty, "a contraction without operands")
    operands = contraction.operands.map { LabelSet($0) }
    output = LabelSet(contraction.output)
    sizes = contraction.sizes.map(Double.init)
  }

  /// The number of elements of an array with these labels.
  func elements(_ labels: LabelSet) -> Double { ContractionCost.elements(labels, sizes: sizes) }

  /// In how many operands each label stands.
  func labelUses() -> [Int] {
    var uses = [Int](repeating: 0, count: sizes.count)
    for operand in operands {
      for label in operand { uses[label] += 1 }
    }
    return uses
  }

  /// Some of the operands as a network of their own: what the others hold counts as output.
  func part(_ members: [Int]) -> ContractionNetwork {
    var kept = output
    var isMember = [Bool](repeating: false, count: count)
    for member in members { isMember[member] = true }
    for index in 0..<count where !isMember[index] { kept = kept.union(operands[index]) }
    return ContractionNetwork(operands: members.map { operands[$0] }, output: kept, sizes: sizes)
  }

  /// The cost of a tree and the size of its largest result, in elements.
  func cost(of tree: ContractionTree) -> (total: SearchCost, largest: Double) {
    var total = SearchCost.zero
    var largest = 0.0
    for step in results(of: tree) {
      total = total + SearchCost(step.operations, step.elements)
      largest = max(largest, step.elements)
    }
    return (total, largest)
  }

  /// What each step of a tree leaves and costs.
  func results(
    of tree: ContractionTree
  ) -> [(labels: LabelSet, elements: Double, operations: Double)] {
    var held = operands
    var uses = labelUses()
    return tree.pairs.map { pair in
      let space = held[pair.left].union(held[pair.right])
      for label in held[pair.left] { uses[label] -= 1 }
      for label in held[pair.right] { uses[label] -= 1 }
      var kept = LabelSet()
      for label in space where uses[label] > 0 || output.contains(label) {
        kept.insert(label)
        uses[label] += 1
      }
      held.append(kept)
      let operations = ContractionCost.operations(
        space: elements(space), operandCount: 2, sums: kept != space)
      return (kept, elements(kept), operations)
    }
  }
}
