public import Tensors

extension Shape {
  /// The shape that two shapes have together, as in NumPy: aligned at their right ends, an axis of
  /// size 1 stretches. Nil where sizes disagree.
  func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    let rank = max(rank, other.rank)
    var sizes: [Int] = []
    for axis in 0..<rank {
      let a = axis + self.rank - rank
      let b = axis + other.rank - rank
      let (p, q) = (a >= 0 ? self[a] : 1, b >= 0 ? other[b] : 1)
      guard p == q || p == 1 || q == 1 else { return nil }
      sizes.append(p == 1 ? q : p)
    }
    return Shape(sizes)
  }

  /// The shape with axes of size 1 in front, up to a rank.
  func padded(to rank: Int) -> Shape {
    Shape([Int](repeating: 1, count: rank - self.rank) + dimensions)
  }

  /// For each axis of `target` the distance of neighbours in an array of this shape, 0 where it is
  /// stretched.
  func strides(broadcastTo target: Shape) -> [Int] {
    let own = strides
    return (0..<target.rank).map { axis in
      let place = axis + rank - target.rank
      return place < 0 || self[place] == 1 && target[axis] != 1 ? 0 : own[place]
    }
  }
}

/// y[…] = x stretched to a shape; x̄ = ȳ summed over what was stretched. Linear: ẏ is ẋ stretched.
struct Broadcast: LinearPrimitive {
  let target: Shape

  var name: String { "broadcast" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard inputs[0].broadcast(with: target) == target else {
      throw .shape("\(inputs[0]) cannot be broadcast to \(target)")
    }
    return [target]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].broadcast(to: target)]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    let count = operands.count
    return StackedCall(
      Broadcast(target: target.stacked(count)),
      operandShapes: [operands.shapes[0].padded(to: target.rank).stacked(count)])
  }

  func transpose(for shape: Shape) -> SumTo { SumTo(target: shape) }
}

/// The sum over axes that a shape lacks or has with size 1: what `Broadcast` undoes.
struct SumTo: LinearPrimitive {
  let target: Shape

  var name: String { "sum" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard target.broadcast(with: inputs[0]) == inputs[0] else {
      throw .shape("\(inputs[0]) cannot be summed to \(target)")
    }
    return [target]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].summed(to: target)]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    let whole = target.padded(to: operands.shapes[0].rank)
    return StackedCall(SumTo(target: whole.stacked(operands.count)), of: operands)
  }

  func transpose(for shape: Shape) -> Broadcast { Broadcast(target: shape) }
}

extension TensorValue {
  /// The value stretched to a shape; the same value where it has it.
  public func broadcast(to target: Shape) -> Self {
    shape == target ? self : Self.total(Broadcast(target: target), self)
  }

  /// The sums over all axes that `target` lacks or has with size 1.
  public func summed(to target: Shape) -> Self {
    shape == target ? self : Self.total(SumTo(target: target), self)
  }

  /// The sum of all elements, a scalar.
  public func sum() -> Self { summed(to: []) }
}
