public import Tensors

/// A contraction ready to run: the order of its plan, and for each pair the kernel and the copies
/// that its operands' layouts need.
public struct ExecutionPlan: Sendable {
  /// What is contracted in which order.
  public let plan: ContractionPlan
  private let steps: [ExecutionStep]

  /// Decides for each step of `plan.pairSteps` how it runs.
  public init(_ plan: ContractionPlan) {
    self.plan = plan
    let contraction = plan.contraction
    let sizes = contraction.sizes
    var layouts = contraction.operands.map { StridedLayout(contiguous: $0, sizes: sizes) }
    var users = [Int](repeating: 0, count: sizes.count)
    for layout in layouts { for label in layout.labels { users[label] += 1 } }
    for label in contraction.output { users[label] += 1 }
    var steps: [ExecutionStep] = []
    for (index, step) in plan.pairSteps.enumerated() {
      let taken = step.operands.map { layouts[$0] }
      for layout in taken { for label in layout.labels { users[label] -= 1 } }
      let wanted = users.map { $0 > 0 }
      let output = index == plan.pairSteps.count - 1 ? contraction.output : nil
      let next =
        taken.count == 1
        ? ExecutionStep(taken[0], keeping: wanted, output: output, sizes: sizes)
        : ExecutionStep(taken[0], taken[1], keeping: wanted, output: output, sizes: sizes)
      for label in next.result.labels { users[label] += 1 }
      layouts.append(next.result)
      steps.append(next)
    }
    self.steps = steps
  }

  /// What each step of `plan.pairSteps` is called in tables.
  public var kernels: [String] { steps.map(\.kernel) }

  /// The bytes that each step of `plan.pairSteps` takes beside its operands: its result and scratch
  /// memory.
  public func stepBytes(elementBytes: Int) -> [Int] {
    zip(plan.pairSteps, steps).map {
      (Self.elements($0.resultElements) + Self.elements($1.scratchElements)) * elementBytes
    }
  }

  /// The most bytes that `evaluated` holds at one time; its operands do not count, its result does.
  public func peakBytes(elementBytes: Int) -> Int {
    let first = plan.contraction.operands.count
    return plan.peakBytes(elementBytes: elementBytes) { step in
      Self.elements(steps[step.result - first].scratchElements) * elementBytes
    }
  }

  /// Numbers of elements that no memory holds stay countable.
  private static func elements(_ count: Int) -> Int { min(count, Int.countable) }

  /// The result of the contraction [sizes of its output].
  ///
  /// A result of a step is let go as soon as it has been used. Every allocation is reserved with the
  /// budget first; its peak is the measured counterpart of `peakBytes`.
  /// - Parameters:
  ///   - tensors: the operands, of the shapes that their labels say; others trap.
  ///   - stepDone: called after each step of `plan.pairSteps` with its index.
  /// - Throws: `NumericalError.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func evaluated<Element: Scalar>(
    _ tensors: [Tensor<Element>], budget: MemoryBudget = .unlimited(),
    stepDone: (Int) -> Void = { _ in }
  ) throws(NumericalError) -> Tensor<Element> {
    let contraction = plan.contraction
    let sizes = contraction.sizes
    precondition(tensors.count == contraction.operands.count, "\(tensors.count) operands")
    for (tensor, labels) in zip(tensors, contraction.operands) {
      precondition(
        tensor.shape.dimensions.elementsEqual(labels.lazy.map { sizes[$0] }),
        "an operand of \(tensor.shape) for \(contraction.text(labels)) of \(contraction.text)")
    }
    var live: [StridedOperand<Element>?] = zip(tensors, contraction.operands).map {
      StridedOperand($0, labels: $1, sizes: sizes)
    }
    let stride = MemoryLayout<Element>.stride
    var reserved = 0
    defer { budget.release(reserved) }
    for (index, step) in plan.pairSteps.enumerated() {
      let taken = step.operands.compactMap { live[$0] }
      let work = steps[index]
      let scratch = work.scratchElements * stride
      let bytes = step.resultElements.multipliedReportingOverflow(by: stride)
      try budget.reserve(
        bytes.overflow ? .max : bytes.partialValue, for: "the contraction \(plan.text(step))")
      reserved += bytes.partialValue
      let result = try budget.reserving(scratch, for: "the contraction \(plan.text(step))") {
        () throws(NumericalError) in
        Self.performed(work, on: taken, sizes: sizes)
      }
      for operand in step.operands {
        live[operand] = nil
        guard operand >= tensors.count else { continue }
        let freed = plan.pairSteps[operand - tensors.count].resultElements * stride
        budget.release(freed)
        reserved -= freed
      }
      live.append(result)
      stepDone(index)
    }
    guard let last = live.last, let result = last else {
      preconditionFailure("a path without steps")
    }
    return result.tensor
  }

  private static func performed<Element: Scalar>(
    _ step: ExecutionStep, on operands: [StridedOperand<Element>], sizes: [Int]
  ) -> StridedOperand<Element> {
    let labels = step.result.labels
    switch step.work {
    case .none: return operands[0]
    case .permutation: return PairContraction.permuted(operands[0], to: labels, sizes: sizes)
    case .sum: return PairContraction.summed(operands[0], keeping: labels, sizes: sizes)
    case .pair(let first, let second, let plan):
      let left = first.map {
        PairContraction.summed(operands[0], keeping: $0.kept, sizes: sizes)
      }
      let right = second.map {
        PairContraction.summed(operands[1], keeping: $0.kept, sizes: sizes)
      }
      return PairContraction.contracted(
        left ?? operands[0], right ?? operands[1], by: plan, result: labels, sizes: sizes)
    }
  }
}
