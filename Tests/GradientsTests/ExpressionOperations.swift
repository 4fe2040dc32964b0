import Tensors

@testable import Gradients

/// sin x.
private struct Sine: Operation {
  let name = "sin"
  let summary = "sin x"
  let parameters = [OperationParameter.operand("x")]
  let samples: [OperationSample] = []

  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { [arguments[0].sin()] }
}

/// The sum over some axes or all.
private struct Sum: Operation {
  let name = "sum"
  let summary = "the sum over axes"
  let parameters: [OperationParameter] = [
    .operand("x"), .attribute("axis", .axes, default: AttributeValue.none),
    .attribute("keepdims", .boolean, default: .boolean(false)),
  ]
  let samples: [OperationSample] = []

  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let rank = x.shape.rank
    let axes = try (arguments.axes("axis") ?? Array(0..<rank)).map { axis throws(NumericalError) in
      guard axis >= -rank, axis < rank else { throw .shape("no axis \(axis)") }
      return axis < 0 ? axis + rank : axis
    }
    let kept = (0..<rank).map { axes.contains($0) ? 1 : x.shape[$0] }
    let left = (0..<rank).filter { !axes.contains($0) }.map { x.shape[$0] }
    let sum = x.summed(to: Shape(kept))
    return [arguments.boolean("keepdims") ? sum : sum.reshaped(Shape(left))]
  }
}

/// x/2 and 2x.
private struct HalfAndDouble: Operation {
  let name = "half_and_double"
  let summary = "x/2 and 2x"
  let parameters = [OperationParameter.operand("x")]
  let results = ["half", "double"]
  let samples: [OperationSample] = []

  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { [arguments[0] * V(0.5), arguments[0] * V(2)] }
}

/// The sum of all operands, and of an offset if there is one.
private struct Total: Operation {
  let name = "total"
  let summary = "x₀ + x₁ + …"
  let parameters: [OperationParameter] = [
    .optional("offset"), .operands("tensors"), .attribute("times", .number, default: .number(1)),
  ]
  let samples: [OperationSample] = []

  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let operands = arguments.operands.compactMap(\.self)
    return [operands.dropFirst().reduce(operands[0], +) * V(arguments.number("times"))]
  }
}

/// x·factorᵖᵒʷᵉʳ, or factor·power alone: attributes of every kind.
private struct Scaled: Operation {
  let name = "scaled"
  let summary = "x times a constant"
  let parameters: [OperationParameter] = [
    .operand("x"), .attribute("factor", .number),
    .attribute("power", .integer, default: .integers([1])),
    .attribute("mode", .text(["exact", "rounded"]), default: .text("exact")),
    .attribute("shape", .axes, default: AttributeValue.none),
  ]
  let samples: [OperationSample] = []

  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    var factor = 1.0
    for _ in 0..<max(0, min(8, arguments.integer("power"))) { factor *= arguments.number("factor") }
    if arguments.text("mode") == "rounded" { factor.round() }
    let scaled = arguments[0] * V(factor)
    guard let sizes = arguments.axes("shape") else { return [scaled] }
    let shape = try Shape(checking: sizes)
    guard shape.count == scaled.shape.count else { throw .shape("\(scaled.shape) as \(shape)") }
    return [scaled.reshaped(shape)]
  }
}

extension OperationTable {
  /// Operations of every signature, for tests of the language itself.
  static let forTests = OperationTable([
    Sine(), Sum(), HalfAndDouble(), Total(), Scaled(),
  ])
}

extension Expression {
  /// Reads with the operations for tests.
  init(testing text: String) throws(ExpressionError) {
    try self.init(parsing: text, operations: .forTests)
  }

  /// The results after the shapes were checked.
  func checked(_ inputs: [String: Tensor<Double>]) throws -> [Tensor<Double>] {
    _ = try outline(of: inputs.mapValues(\.shape))
    return try evaluated(inputs)
  }
}
