public import Tensors

extension Contraction {
  /// The result of contracting operands along a path, [sizes of `output`].
  ///
  /// Each step sums what stands in one operand alone, then contracts pairs from left to right; an
  /// operand is let go as soon as it is used. Operands of other shapes than their labels say trap.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func evaluated<Element: Scalar>(
    _ tensors: [Tensor<Element>], along path: ContractionPath
  ) -> Tensor<Element> {
    precondition(tensors.count == operands.count, "\(tensors.count) operands for \(text)")
    var current = zip(tensors, operands).map { tensor, labels in
      precondition(tensor.shape == shape(labels), "an operand of \(tensor.shape) in \(text)")
      return StridedOperand(tensor, labels: labels, sizes: sizes)
    }
    for step in path.steps {
      var taken = step.map { current[$0] }
      for position in step.reversed() { current.remove(at: position) }
      let isLast = current.isEmpty
      let rest = Set(output).union(current.flatMap(\.layout.labels))
      while taken.count > 1 {
        let right = taken.remove(at: 1)
        let wanted = rest.union(taken.dropFirst().flatMap(\.layout.labels))
        taken[0] = pair(taken[0], right, keeping: wanted, isLast: isLast && taken.count == 1)
      }
      taken[0] = single(taken[0], keeping: rest, isLast: isLast)
      current.append(taken[0])
    }
    precondition(current.count == 1, "a path that leaves \(current.count) operands")
    return current[0].tensor
  }

  /// Sums the labels of one operand that nothing else needs.
  private func single<Element: Scalar>(
    _ operand: StridedOperand<Element>, keeping wanted: Set<Int>, isLast: Bool
  ) -> StridedOperand<Element> {
    let labels = isLast ? output : operand.layout.memoryOrder.filter(wanted.contains)
    if labels.count < operand.layout.labels.count {
      return PairContraction.summed(operand, keeping: labels, sizes: sizes)
    }
    return isLast ? PairContraction.permuted(operand, to: labels, sizes: sizes) : operand
  }

  private func pair<Element: Scalar>(
    _ left: StridedOperand<Element>, _ right: StridedOperand<Element>, keeping wanted: Set<Int>,
    isLast: Bool
  ) -> StridedOperand<Element> {
    let left = single(left, keeping: wanted.union(right.layout.labels), isLast: false)
    let right = single(right, keeping: wanted.union(left.layout.labels), isLast: false)
    let result =
      isLast
      ? output : Set(left.layout.labels).union(right.layout.labels).intersection(wanted).sorted()
    let plan = PairPlan(
      left.layout, right.layout, result: result, isOrderFree: !isLast, sizes: sizes)
    return PairContraction.contracted(left, right, by: plan, result: result, sizes: sizes)
  }
}
