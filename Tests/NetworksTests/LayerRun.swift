import Gradients
import Networks
import Tensors

/// A layer at some operands: its result and the adjoints that it pulls back, by its kernels or by its
/// definition.
struct LayerRun<Element: Scalar> {
  let result: Tensor<Element>
  let adjoints: [Tensor<Element>?]

  /// By the kernels.
  init(
    _ layer: some Layer, _ operands: [Tensor<Element>?],
    _ attributes: [String: AttributeValue] = [:],
    adjoint: Tensor<Element>
  ) throws {
    let arguments = OperationArguments(
      operands: operands, attributes: layer.attributes(attributes))
    let pass = try layer.forward(arguments, recording: true)
    result = pass.results[0]
    adjoints = try pass.pullback?([adjoint], operands.map { $0 != nil }) ?? []
  }

  /// By the definition, through a tape.
  init(
    definition layer: some Layer, _ operands: [Tensor<Element>?],
    _ attributes: [String: AttributeValue] = [:], adjoint: Tensor<Element>
  ) throws {
    let tape = Tape<Tensor<Element>>()
    let inputs = operands.map { $0.map { tape.input($0) } }
    let arguments = OperationArguments(operands: inputs, attributes: layer.attributes(attributes))
    let result = try layer.evaluated(arguments)[0]
    self.result = result.value
    let found = try tape.adjoints(of: inputs.compactMap { $0 }, seeds: [(result, adjoint)])
    var next = found.makeIterator()
    adjoints = operands.map { $0.flatMap { _ in next.next() ?? nil } }
  }
}

extension Operation {
  /// All attributes: those given, defaults for the others.
  func attributes(_ given: [String: AttributeValue]) -> [String: AttributeValue] {
    var result = given
    for parameter in parameters {
      if case .attribute(_, default: let value?) = parameter.kind, result[parameter.name] == nil {
        result[parameter.name] = value
      }
    }
    return result
  }
}

extension Tensor {
  /// The largest |x − y|; infinite where one is NaN or the shapes differ.
  func distance(to other: Tensor) -> Double {
    guard shape == other.shape else { return .infinity }
    return zip(elements, other.elements).reduce(0) { largest, pair in
      let difference = Double((pair.0 - pair.1).magnitude)
      return difference.isNaN ? .infinity : Swift.max(largest, difference)
    }
  }

  /// The largest |x|, over the finite elements.
  var size: Double {
    elements.reduce(0) { $1.isFinite ? Swift.max($0, Double($1.magnitude)) : $0 }
  }

  /// The same numbers in another precision.
  func converted<Other: Scalar>(to type: Other.Type) -> Tensor<Other> {
    Tensor<Other>(shape, elements.map { Other($0) })
  }
}
