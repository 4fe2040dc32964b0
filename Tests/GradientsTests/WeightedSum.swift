import Tensors

@testable import Gradients

/// Σ w·f(x): a function of one number, of which a gradient tells all of Jᵀ·w.
struct WeightedSum<Function: TensorFunction>: TensorFunction {
  let function: Function
  /// The weights, of the result's shape.
  let weights: Tensor<Double>

  func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    let result = try function(inputs)
    return (result * V(constant: weights.converted(to: V.Element.self))).sum()
  }
}
