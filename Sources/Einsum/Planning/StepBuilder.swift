/// Works out the steps of a plan one after the other.
struct StepBuilder {
  private let contraction: Contraction
  private let resultOrder: ContractionPlan.ResultOrder?
  /// The labels of each operand and result so far.
  private var labels: [[Int]]
  private var sets: [LabelSet]
  /// In how many operands and results that are still to be used each label stands.
  private var uses: [Int]
  private let output: LabelSet
  private let sizes: [Double]

  init(_ contraction: Contraction, _ resultOrder: ContractionPlan.ResultOrder?) {
    self.contraction = contraction
    self.resultOrder = resultOrder
    labels = contraction.operands
    let network = ContractionNetwork(contraction)
    sets = network.operands
    uses = network.labelUses()
    output = network.output
    sizes = network.sizes
  }

  /// The operands and results that each step of a path contracts.
  func numbers(of path: ContractionPath) -> [[Int]] {
    var present = Array(contraction.operands.indices)
    return path.steps.enumerated().map { index, positions in
      let numbers = positions.map { present[$0] }
      for position in positions.reversed() { present.remove(at: position) }
      present.append(contraction.operands.count + index)
      return numbers
    }
  }

  /// The steps that contract these numbers.
  mutating func steps(_ numbers: [[Int]]) -> [ContractionPlan.Step] {
    numbers.indices.map { step(numbers[$0], isLast: $0 == numbers.count - 1) }
  }

  private mutating func step(_ numbers: [Int], isLast: Bool) -> ContractionPlan.Step {
    var space = LabelSet()
    for number in numbers {
      space = space.union(sets[number])
      for label in sets[number] { uses[label] -= 1 }
    }
    let kept = LabelSet(space.filter { uses[$0] > 0 || output.contains($0) })
    let summed = space.subtracting(kept)
    let operandLabels = numbers.map { labels[$0] }
    let result = isLast ? contraction.output : order(kept, operandLabels)
    for label in kept { uses[label] += 1 }
    labels.append(result)
    sets.append(kept)
    return ContractionPlan.Step(
      operands: numbers, result: labels.count - 1, operandLabels: operandLabels,
      resultLabels: result, summedLabels: Array(summed),
      operations: ContractionCost.operations(
        space: ContractionCost.elements(space, sizes: sizes), operandCount: numbers.count,
        sums: !summed.isEmpty),
      scaling: space.count,
      resultElements: ContractionCost.elementCount(kept, sizes: contraction.sizes))
  }

  private func order(_ kept: LabelSet, _ operands: [[Int]]) -> [Int] {
    var rest = kept
    var result: [Int] = []
    for label in operands.joined() where rest.contains(label) {
      result.append(label)
      rest = rest.subtracting([label])
    }
    guard let resultOrder else { return result }
    let ordered = resultOrder(operands, result)
    precondition(
      ordered.count == result.count && LabelSet(ordered) == kept,
      "the order of a result has other labels than the step keeps")
    return ordered
  }
}
