public import Tensors

/// A function from tensors to a tensor, written once for all kinds of values.
///
/// A type, because Swift has no closures that are generic themselves; an expression is one too.
public protocol TensorFunction {
  /// The result of the function.
  func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V
}

extension TensorFunction {
  /// The value and its gradients: reverse mode, one pass whatever the number of inputs.
  ///
  /// The result has to be a scalar. An input that it does not depend on has a gradient of zeros.
  public func valueAndGradient<V: TensorValue>(
    at inputs: [V]
  ) throws(NumericalError) -> (value: V, gradient: [V]) {
    let (value, pull) = try valueAndPullback(at: inputs)
    precondition(value.shape.rank == 0, "the gradient of a result of shape \(value.shape)")
    return (value, try pull(V(1)))
  }

  /// The value, and the function from an adjoint of it to the adjoints of the inputs: x̄ = Jᵀ·ȳ.
  public func valueAndPullback<V: TensorValue>(
    at inputs: [V]
  ) throws(NumericalError) -> (value: V, pullback: (V) throws(NumericalError) -> [V]) {
    let tape = Tape<V>()
    let traced = inputs.map { tape.input($0) }
    let result = try self(traced)
    return (
      result.value,
      { (adjoint: V) throws(NumericalError) -> [V] in
        precondition(
          adjoint.shape == result.shape, "an adjoint of \(adjoint.shape) for \(result.shape)")
        let adjoints = try tape.adjoints(of: traced, seeds: [(result, adjoint)])
        return zip(adjoints, inputs).map { $0 ?? $1.zeros() }
      }
    )
  }

  /// The value and its derivative along `tangents`: ẏ = J·ẋ, forward mode; nil is zero.
  public func valueAndDerivative<V: TensorValue>(
    at inputs: [V], along tangents: [V?]
  ) throws(NumericalError) -> (value: V, derivative: V) {
    let result = try self(zip(inputs, tangents).map { Dual($0, tangent: $1) })
    return (result.value, result.tangent ?? result.value.zeros())
  }

  /// The gradients and their derivatives along `tangents`: H·v, forward over reverse (Pearlmutter
  /// 1994). The result has to be a scalar.
  public func gradientAndHessianProduct<V: TensorValue>(
    at inputs: [V], along tangents: [V?]
  ) throws(NumericalError) -> (gradient: [V], product: [V]) {
    let duals = zip(inputs, tangents).map { Dual($0, tangent: $1) }
    let gradient = try valueAndGradient(at: duals).gradient
    return (gradient.map { $0.value }, gradient.map { $0.tangent ?? $0.value.zeros() })
  }
}
