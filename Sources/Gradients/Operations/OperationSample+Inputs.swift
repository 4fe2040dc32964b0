public import Tensors

extension OperationSample {
  /// The operands' numbers for a seed; `draw` numbers independent draws.
  public func inputs(seed: UInt64, draw: Int = 0) -> [Tensor<Double>] {
    operands.enumerated().map { place, operand in
      operand.numbers(
        RandomSource(
          seed: seed, stream: .sample, substream: UInt32(truncatingIfNeeded: draw << 8 | place)))
    }
  }
}

extension SampleOperand {
  fileprivate func numbers(_ source: RandomSource) -> Tensor<Double> {
    switch domain {
    case .normal: return source.normal(shape, as: Double.self)
    case .interval(let low, let high):
      return source.uniform(shape, from: low, to: high, as: Double.self)
    case .indices(let bound):
      return source.uniform(shape, from: 0, to: Double(bound), as: Double.self)
        .mapped { $0.rounded(.down) }
    case .positiveDefinite, .wellConditioned:
      let g: Tensor<Double> = source.normal(shape, as: Double.self)
      let n = Double(shape[shape.rank - 1])
      let identity = Tensor<Double>.identity(Int(n))
      if domain == .wellConditioned {
        return Tensor.total(Arithmetic(op: .add), g * (1 / n.squareRoot()), identity * 2)
      }
      let square: Tensor<Double> = g.transposed().matrixProduct(g)
      return Tensor.total(Arithmetic(op: .add), square * (1 / n), identity)
    }
  }
}

/// One result of an operation with its attributes, as a function of some of its operands.
public struct OperationFunction: TensorFunction, Sendable {
  let operation: any Operation
  let attributes: [String: AttributeValue]
  /// The constants; nil where an input of the function stands.
  let constants: [Tensor<Double>?]
  let result: Int
  /// Whether the definition is followed even where a layer has kernels.
  var followsDefinition = false

  /// - Parameters:
  ///   - attributes: complete with the defaults.
  ///   - constants: a value for each operand that does not vary.
  public init(
    _ operation: any Operation, attributes: [String: AttributeValue],
    constants: [Tensor<Double>?], result: Int = 0
  ) {
    self.operation = operation
    self.attributes = attributes
    self.constants = constants
    self.result = result
  }

  /// A sample of an operation; what the sample says is differentiated varies.
  public init(
    _ operation: any Operation, _ sample: OperationSample, at inputs: [Tensor<Double>],
    result: Int = 0
  ) {
    self.init(
      operation, attributes: operation.completed(sample.attributes),
      constants: zip(sample.operands, inputs).map { $0.isDifferentiated ? nil : $1 },
      result: result)
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    try results(of: inputs)[result]
  }

  /// All results of the operation.
  func results<V: TensorValue>(of inputs: [V]) throws(NumericalError) -> [V] {
    var rest = inputs[...]
    var operands: [V?] = constants.map { constant in
      constant.map { V(constant: $0.converted(to: V.Element.self)) } ?? rest.removeFirst()
    }
    // Optional operands that a sample does not give are left out.
    let places = operation.parameters.count { [.operand, .optionalOperand].contains($0.kind) }
    while operands.count < places { operands.append(nil) }
    let arguments = OperationArguments(operands: operands, attributes: attributes)
    return try followsDefinition
      ? operation.evaluated(arguments) : operation.results(of: arguments)
  }
}
