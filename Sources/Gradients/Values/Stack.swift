public import Tensors

/// Many values of one shape that go through a function together, one along a leading axis for each;
/// what is equal in all of them is there, and computed, once.
///
/// A function of small tensors costs mostly the handling of its steps; a stack shares that. Layers go
/// by their definitions, whose steps stacks go through.
public struct Stack<Element: Scalar>: TensorValue {
  /// The shape of each value.
  public let shape: Shape
  /// What all have, of that shape, or all of them, [n, shape].
  let tensor: Tensor<Element>
  /// n; nil for a value that all have.
  let count: Int?

  /// Values that all have along a leading axis.
  public init(_ tensor: Tensor<Element>) {
    precondition(tensor.shape.rank > 0, "a stack without an axis that numbers it")
    self.init(
      tensor, of: Shape(Array(tensor.shape.dimensions.dropFirst())), count: tensor.shape[0])
  }

  private init(_ tensor: Tensor<Element>, of shape: Shape, count: Int?) {
    (self.tensor, self.shape, self.count) = (tensor, shape, count)
  }

  public init(constant: Tensor<Element>) { self.init(constant, of: constant.shape, count: nil) }

  /// The values one after the other along a leading axis of a count that a shared value takes on.
  public func values(_ count: Int) -> Tensor<Element> {
    precondition((self.count ?? count) == count, "\(self.count ?? 0) values, not \(count)")
    return self.count == nil ? tensor.broadcast(to: shape.stacked(count)) : tensor
  }

  public static func apply(
    _ primitive: some Primitive, to inputs: [Stack]
  ) throws(NumericalError) -> [Stack] {
    guard let count = inputs.lazy.compactMap(\.count).first else {
      return try primitive.values(of: inputs.map { $0.tensor }).map { Stack(constant: $0) }
    }
    let operands = StackedOperands(
      count: count, shapes: inputs.map { $0.shape }, areStacked: inputs.map { $0.count != nil })
    guard let call = primitive.stacked(over: operands) else {
      return try oneByOne(primitive, inputs, count)
    }
    let tensors = zip(inputs, call.operandShapes).map { input, shape in
      let shape = shape ?? (input.count == nil ? input.shape : input.shape.stacked(count))
      return input.tensor.shape == shape
        ? input.tensor
        : (input.tensor.count == shape.count
          ? input.tensor.reshaped(shape) : input.tensor.broadcast(to: shape))
    }
    let shapes = try primitive.shapes(of: operands.shapes)
    return zip(try call.primitive.values(of: tensors), shapes).map {
      Stack($0.reshaped($1.stacked(count)), of: $1, count: count)
    }
  }

  /// The results of a primitive for each value.
  private static func oneByOne(
    _ primitive: some Primitive, _ inputs: [Stack], _ count: Int
  ) throws(NumericalError) -> [Stack] {
    var results: [[Tensor<Element>]] = []
    for index in 0..<count {
      let own = inputs.map { input in
        guard input.count != nil else { return input.tensor }
        return input.tensor.strided(
          input.shape, origin: index * input.shape.count, strides: input.shape.strides)
      }
      results.append(try primitive.values(of: own))
    }
    return (results.first ?? []).indices.map { place in
      let each = results[0][place].shape
      return Stack(.stacked(results.map { $0[place] }, batch: [count], each: each))
    }
  }
}

/// The operands of a primitive of which some are stacks.
public struct StackedOperands: Sendable {
  /// The height of the stacks.
  public let count: Int
  /// The shapes of single values.
  public let shapes: [Shape]
  public let areStacked: [Bool]
}

/// A primitive that does for whole stacks what another does for single values.
public struct StackedCall<Stacked: Primitive> {
  let primitive: Stacked
  /// What the operands are reshaped or stretched to before; nil leaves one as it is: with the leading
  /// axis where it is a stack.
  let operandShapes: [Shape?]

  init(_ primitive: Stacked, operandShapes: [Shape?]) {
    (self.primitive, self.operandShapes) = (primitive, operandShapes)
  }

  /// A call of operands as they are; with `allStacked` shared ones are stretched.
  init(_ primitive: Stacked, of operands: StackedOperands, allStacked: Bool = false) {
    self.init(
      primitive,
      operandShapes: operands.shapes.map { allStacked ? $0.stacked(operands.count) : nil })
  }
}

extension Shape {
  /// The shape of a stack.
  func stacked(_ count: Int) -> Shape { Shape([count] + dimensions) }
}
