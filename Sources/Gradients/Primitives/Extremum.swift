public import Tensors

/// The largest or smallest element along one axis, which stays with size 1. Equal ones share the
/// derivative: ẏ = mean of ẋ over them, x̄ = ȳ divided among them.
struct Extremum: Primitive {
  let axis: Int
  let isMaximum: Bool

  var name: String { isMaximum ? "max" : "min" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    var sizes = inputs[0].dimensions
    guard axis >= 0, axis < sizes.count else {
      throw .shape("\(name) of axis \(axis) of \(inputs[0])")
    }
    guard sizes[axis] > 0 || inputs[0].count > 0 else {
      throw .shape("\(name) of no elements: axis \(axis) of \(inputs[0])")
    }
    sizes[axis] = 1
    return [Shape(sizes)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let x = inputs[0]
    return [
      (isMaximum ? x.extremum(axis: axis, .maximum) : x.extremum(axis: axis, .minimum))
        .reshaped(try shapes(of: [x.shape])[0])
    ]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(Extremum(axis: axis + 1, isMaximum: isMaximum), of: operands)
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    [tangents[0].map { ($0 * share(inputs[0], outputs[0])).summed(to: outputs[0].shape) }]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    [adjoints[0].map { $0 * share(inputs[0], outputs[0]) }]
  }

  /// 1/n at each of the n elements that are the extremum, else 0.
  private func share<V: TensorValue>(_ x: V, _ y: V) -> V {
    let isExtremum = V.total(Arithmetic(op: .equal), x, y)
    return isExtremum / isExtremum.summed(to: y.shape)
  }
}

extension Tensor {
  /// Folds an axis with a comparison; NaN stays.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  fileprivate func extremum(axis: Int, _ op: Arithmetic.Operator) -> Tensor {
    op == .maximum
      ? reduced(axis: axis, from: -.infinity) { $0 > $1 || $0 != $0 ? $0 : $1 }
      : reduced(axis: axis, from: .infinity) { $0 < $1 || $0 != $0 ? $0 : $1 }
  }
}

/// y = x, with derivative zero.
struct StopGradient: Primitive {
  var name: String { "stop_gradient" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] { inputs }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] { inputs }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(self, of: operands)
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] { [nil] }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] { [nil] }
}

extension TensorValue {
  /// The same value as a constant.
  public func stoppingGradient() -> Self { Self.total(StopGradient(), self) }

  /// The largest (or smallest) elements along some axes, which stay with size 1.
  ///
  /// - Throws: `NumericalError.shape` for an axis without elements.
  public func extremum(over axes: [Int], isMaximum: Bool) throws(NumericalError) -> Self {
    var result = self
    for axis in axes {
      result = try Self.apply(Extremum(axis: axis, isMaximum: isMaximum), to: [result])[0]
    }
    return result
  }
}
