/// One step of an execution: what is summed before, which kernel runs, and what has to be copied.
///
/// All of it follows from labels and sizes, so that a plan can tell it without data.
struct ExecutionStep: Sendable {
  /// A sum over labels that nothing else needs, before a product.
  struct Reduction: Sendable {
    /// The labels that stay, in the order of the operand's memory.
    let kept: [Int]
  }

  /// What the step does.
  enum Work: Sendable {
    /// One operand stays as it is: nothing to do but to take it over.
    case none
    /// One operand in the order of `result`, contiguous.
    case permutation
    /// One operand summed over all labels but those of `result`.
    case sum
    /// Two operands, summed beforehand where a label stands in one of them alone.
    case pair(Reduction?, Reduction?, PairPlan)
  }

  let work: Work
  /// The labels of what the step leaves, contiguous in this order but for `.none`.
  let result: StridedLayout
  /// Elements that the step holds beside its operands and its result.
  let scratchElements: Int

  /// What a single operand needs, where it is told of each label whether something else needs it.
  init(_ operand: StridedLayout, keeping wanted: [Bool], output: [Int]?, sizes: [Int]) {
    let labels = output ?? operand.memoryOrder.filter { wanted[$0] }
    let contiguous = StridedLayout(contiguous: labels, sizes: sizes)
    scratchElements = 0
    if labels.count < operand.labels.count {
      (work, result) = (.sum, contiguous)
    } else if output != nil {
      (work, result) = (.permutation, contiguous)
    } else {
      (work, result) = (.none, operand)
    }
  }

  /// What two operands need.
  init(
    _ left: StridedLayout, _ right: StridedLayout, keeping wanted: [Bool], output: [Int]?,
    sizes: [Int]
  ) {
    func elements(_ labels: [Int]) -> Int {
      labels.reduce(1) { $0.multipliedOrMax(sizes[$1]) }
    }
    func reduction(_ one: StridedLayout, beside other: StridedLayout) -> Reduction? {
      let kept = one.memoryOrder.filter { wanted[$0] || other.labels.contains($0) }
      return kept.count < one.labels.count ? Reduction(kept: kept) : nil
    }
    let (first, second) = (reduction(left, beside: right), reduction(right, beside: left))
    let a = first.map { StridedLayout(contiguous: $0.kept, sizes: sizes) } ?? left
    let b = second.map { StridedLayout(contiguous: $0.kept, sizes: sizes) } ?? right
    let labels =
      output
      ?? (a.labels + b.labels.filter { !a.labels.contains($0) }).filter { wanted[$0] }.sorted()
    let plan = PairPlan(a, b, result: labels, isOrderFree: output == nil, sizes: sizes)
    work = .pair(first, second, plan)
    result = StridedLayout(contiguous: output ?? plan.written, sizes: sizes)
    scratchElements =
      (first.map { elements($0.kept) } ?? 0) + (second.map { elements($0.kept) } ?? 0)
      + (plan.left.map { elements($0.labels) } ?? 0)
      + (plan.right.map { elements($0.labels) } ?? 0)
      + (plan.permutesResult ? elements(plan.written) : 0) + plan.scratchElements
  }

  /// What the step is called in tables: `gemm ×16`, `sum`, `elementwise`, with what is copied first.
  var kernel: String {
    switch work {
    case .none: return "none"
    case .permutation: return "copy"
    case .sum: return "sum"
    case .pair(let first, let second, let plan):
      var words: [String] = []
      if first != nil || second != nil { words.append("sum") }
      if plan.left != nil { words.append("permute left") }
      if plan.right != nil { words.append("permute right") }
      words.append(plan.kernel.name)
      if plan.permutesResult { words.append("permute") }
      return words.joined(separator: ", ")
    }
  }
}

extension PairPlan.Kernel {
  /// `dot`, `gemv`, `gemm` …, with the number of products where there is more than one.
  var name: String {
    func times(_ count: Int) -> String { count > 1 ? " ×\(count)" : "" }
    switch self {
    case .elementwise(let nest):
      let isOuter = nest.axes.contains { $0.a == 0 } && nest.axes.contains { $0.b == 0 }
      return isOuter ? "outer" : "elementwise"
    case .sum(let sum):
      // Loops over one of the operands alone are the sides of matrices.
      let sides = sum.kept.axes.filter { ($0.a == 0) != ($0.b == 0) }
      let batch = sum.kept.axes.filter { $0.a != 0 && $0.b != 0 }.reduce(1) { $0 * $1.size }
      let isFused = sides.contains { $0.a == 0 } && sides.contains { $0.b == 0 }
      return isFused ? "fused" : (sides.isEmpty ? "dot" : "gemv") + times(batch)
    case .matrix: return "gemm"
    case .packed(let product): return "packed gemm" + times(product.batch.count)
    }
  }
}
