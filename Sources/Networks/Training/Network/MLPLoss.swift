import Gradients
import Tensors

/// The loss of a network as a definition: a function of its parameters, from which all derivatives
/// follow.
struct MLPLoss: TensorFunction {
  let architecture: MLPArchitecture
  /// [B, D]
  let inputs: Tensor<Double>
  /// Labels [B] as numbers, or values [B, C].
  let targets: Tensor<Double>
  /// What dropout multiplies the hidden layers' outputs by [B, units]; none without.
  let masks: [Tensor<Double>]

  func callAsFunction<V: TensorValue>(_ parameters: [V]) throws(NumericalError) -> V {
    let outputs = outputs(parameters).outputs
    let targets: V = constant(self.targets)
    switch architecture.task {
    case .classification:
      return try OperationTable.standardOperation("cross_entropy").evaluated(
        OperationArguments(operands: [outputs, targets], attributes: [:]))[0]
    case .regression:
      let distance = outputs - targets
      return (distance * distance).mean(over: [0, 1])
    }
  }

  /// The outputs [B, C], and what the activations of the hidden layers are of.
  func outputs<V: TensorValue>(_ parameters: [V]) -> (outputs: V, arguments: [V]) {
    var rest = parameters[...]
    var x: V = constant(inputs)
    var arguments: [V] = []
    for layer in architecture.hidden.indices {
      var z = x.dense(rest.removeFirst(), rest.removeFirst())
      if architecture.layerNorm {
        z = z.layerNorm(
          rest.removeFirst(), rest.removeFirst(), epsilon: MLPArchitecture.normEpsilon)
      }
      arguments.append(z)
      x = architecture.activation.applied(to: z)
      if !masks.isEmpty { x = x * constant(masks[layer]) }
    }
    return (x.dense(rest.removeFirst(), rest.removeFirst()), arguments)
  }

  private func constant<V: TensorValue>(_ tensor: Tensor<Double>) -> V {
    V(constant: tensor.converted(to: V.Element.self))
  }
}
