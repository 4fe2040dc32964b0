import Einsum
public import Tensors

/// The same elements under another shape; its derivative and its adjoint are reshapes too.
struct Reshape: LinearPrimitive {
  let target: Shape

  var name: String { "reshape" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard inputs[0].count == target.count else {
      throw .shape("\(inputs[0]) cannot be reshaped to \(target)")
    }
    return [target]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].reshaped(target) as Tensor<Element>]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(Reshape(target: target.stacked(operands.count)), of: operands)
  }

  func transpose(for shape: Shape) -> Reshape { Reshape(target: shape) }
}

/// The axes in another order: axis i of the result is axis `axes[i]` of the operand. The adjoint is
/// the inverse permutation.
struct Permutation: LinearPrimitive {
  let axes: [Int]

  var name: String { "permute" }

  private var inverse: [Int] {
    var result = axes
    for (place, axis) in axes.enumerated() { result[axis] = place }
    return result
  }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard axes.sorted() == Array(inputs[0].dimensions.indices) else {
      throw .shape("\(axes) is no order of the \(inputs[0].rank) axes of \(inputs[0])")
    }
    return [Shape(axes.map { inputs[0][$0] })]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].permuted(axes) as Tensor<Element>]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    StackedCall(Permutation(axes: [0] + axes.map { $0 + 1 }), of: operands)
  }

  func transpose(for shape: Shape) -> Permutation { Permutation(axes: inverse) }
}

extension TensorValue {
  /// The same elements under another shape of equal count.
  public func reshaped(_ target: Shape) -> Self {
    shape == target ? self : Self.total(Reshape(target: target), self)
  }

  /// The axes in another order.
  public func permuted(_ axes: [Int]) -> Self {
    axes == Array(axes.indices) ? self : Self.total(Permutation(axes: axes), self)
  }

  /// The last two axes changed about; a vector stays as it is.
  public func transposed() -> Self {
    guard shape.rank > 1 else { return self }
    return permuted(Array(0..<shape.rank - 2) + [shape.rank - 1, shape.rank - 2])
  }

  /// The product of matrices and vectors as NumPy's `@`: the last axis of the left operand with the
  /// last but one (or only) axis of the right one, the axes before broadcast.
  public func matrixProduct(_ other: Self) -> Self {
    precondition(shape.rank > 0 && other.shape.rank > 0, "@ of a scalar")
    var sizes = [shape[shape.rank - 1]]
    var names = ["k"]
    func label(_ size: Int, _ name: String) -> Int {
      sizes.append(size)
      names.append(name)
      return sizes.count - 1
    }
    var (left, right) = ([0], [0])
    var output: [Int] = []
    let batch = Shape(Array(shape.dimensions.dropLast(2)))
    let otherBatch = Shape(Array(other.shape.dimensions.dropLast(2)))
    guard let common = batch.broadcast(with: otherBatch) else {
      preconditionFailure("\(shape) @ \(other.shape): the shapes do not fit")
    }
    if other.shape.rank > 1 {
      let column = label(other.shape[other.shape.rank - 1], "j")
      right.append(column)
      output = [column]
    }
    if shape.rank > 1 {
      let row = label(shape[shape.rank - 2], "i")
      left.insert(row, at: 0)
      output.insert(row, at: 0)
    }
    // Axes of size 1 that are stretched have no label in their operand.
    var (leftShape, rightShape) = (
      Array(shape.dimensions.suffix(2)), Array(other.shape.dimensions.suffix(2))
    )
    for axis in (0..<common.rank).reversed() {
      let one = label(common[axis], "b\(axis)")
      output.insert(one, at: 0)
      let (p, q) = (axis + batch.rank - common.rank, axis + otherBatch.rank - common.rank)
      if p >= 0, batch[p] == common[axis] {
        left.insert(one, at: 0)
        leftShape.insert(common[axis], at: 0)
      }
      if q >= 0, otherBatch[q] == common[axis] {
        right.insert(one, at: 0)
        rightShape.insert(common[axis], at: 0)
      }
    }
    return Self.einsum(
      Contraction(operands: [left, right], output: output, sizes: sizes, names: names),
      [reshaped(Shape(leftShape)), other.reshaped(Shape(rightShape))])
  }
}
