public import Tensors

/// An operation with a fast forward pass on tensors and a backward pass that is derived by hand,
/// besides its definition.
///
/// Numbers and their gradients go through the kernels; forward mode and second order follow the
/// definition, `evaluated`, which is also what the gradient check holds the kernels against.
public protocol Layer: Operation {
  /// The results, and the way back.
  ///
  /// - Parameters:
  ///   - arguments: operands of any shape, whose ranks nobody has checked.
  ///   - recording: whether the backward pass is wanted; without it nothing is kept for it.
  /// - Throws: `NumericalError.shape` for operands that do not fit.
  func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>>
}

/// What a layer gave.
public struct LayerPass<V> {
  /// From the adjoints of the results to those of the operands; nil is zero, and at least one of the
  /// results' is not. `needed` tells for every operand whether its adjoint is wanted.
  public typealias Pullback = (
    _ adjoints: [V?], _ needed: [Bool]
  ) throws(NumericalError) -> [V?]

  public let results: [V]
  /// The backward pass; nil where none was asked for.
  public let pullback: Pullback?

  public init(_ results: [V], pullback: Pullback?) {
    (self.results, self.pullback) = (results, pullback)
  }
}

extension Operation {
  /// The results by the fastest way that the kind of value allows: a layer's kernels, or the
  /// definition.
  func results<V: TensorValue>(
    of arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    if let layer = self as? any Layer,
      let pass = try V.passed(through: layer, arguments, recording: false)
    {
      return pass.results
    }
    return try evaluated(arguments)
  }
}
