public import Tensors

/// Arrays one behind the other along an axis. Linear; the adjoint of each is its part of ȳ.
struct Concatenation: Primitive {
  let axis: Int

  var name: String { "concatenate" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard let first = inputs.first else { throw .shape("concatenate of nothing") }
    guard axis >= 0, axis < first.rank else {
      throw .shape("concatenate along axis \(axis) of \(first)")
    }
    var sizes = first.dimensions
    sizes[axis] = 0
    for shape in inputs {
      guard shape.rank == first.rank,
        shape.dimensions.indices.allSatisfy({ $0 == axis || shape[$0] == first[$0] })
      else { throw .shape("concatenate of \(first) and \(shape) along axis \(axis)") }
      let (sum, overflow) = sizes[axis].addingReportingOverflow(shape[axis])
      guard !overflow else { throw .tooLarge("concatenate of \(first) and \(shape)") }
      sizes[axis] = sum
    }
    return [try Shape(checking: sizes)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let result = try shapes(of: inputs.map { $0.shape })[0]
    // One block of each input for every index of the axes before.
    let blocks = result.dimensions[..<axis].reduce(1, *)
    let inner = result.dimensions[(axis + 1)...].reduce(1, *)
    let target = Tensor<Element>(uninitialized: result) { target in
      guard var place = target.baseAddress else { return }
      for block in 0..<blocks {
        for input in inputs {
          let count = input.shape[axis] * inner
          input.withUnsafeElements { source in
            guard count > 0, let base = source.baseAddress else { return }
            place.initialize(from: base + block * count, count: count)
          }
          place += count
        }
      }
    }
    return [target]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(Concatenation(axis: axis + 1), of: operands, allStacked: true)
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    try V.apply(self, to: zip(inputs, tangents).map { $1 ?? $0.zeros() })
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return inputs.map { _ in nil } }
    var start = 0
    var result: [V?] = []
    for (input, isNeeded) in zip(inputs, needed) {
      let size = input.shape[axis]
      let slices = adjoint.shape.dimensions.enumerated().map {
        $0.offset == axis
          ? AxisSlice(start: start, count: size) : AxisSlice(start: 0, count: $0.element)
      }
      result.append(isNeeded ? try adjoint.sliced(slices) : nil)
      start += size
    }
    return result
  }
}

extension TensorValue {
  /// The values one behind the other along an axis.
  ///
  /// - Throws: `NumericalError.shape` where the other axes differ.
  public static func concatenated(_ values: [Self], axis: Int) throws(NumericalError) -> Self {
    try apply(Concatenation(axis: axis), to: values)[0]
  }
}
