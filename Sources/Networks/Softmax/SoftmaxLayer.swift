public import Gradients
public import Tensors

/// s = softmax x along an axis, or its logarithm y; the definition is the operation's of that name.
///
/// Backward: x̄ = s ⊙ (s̄ − ⟨s̄, s⟩), and x̄ = ȳ − exp(y)·Σ ȳ.
public struct SoftmaxLayer: Layer {
  let isLogarithm: Bool
  private let definition: any Operation

  /// Softmax, or log-softmax.
  public init(isLogarithm: Bool) {
    self.isLogarithm = isLogarithm
    definition = OperationTable.standardOperation(isLogarithm ? "log_softmax" : "softmax")
  }

  public var name: String { definition.name }
  public var summary: String { definition.summary }
  public var parameters: [OperationParameter] { definition.parameters }
  public var samples: [OperationSample] { definition.samples }

  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { try definition.evaluated(arguments) }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let x = arguments[0]
    let axis = try x.shape.axis(arguments.integer("axis"), of: name)
    guard x.shape[axis] > 0 else {
      throw .shape("\(name) of no elements: axis \(axis) of \(x.shape)")
    }
    let result = x.movingLast(axis).changingRows { count, row in
      _ =
        isLogarithm
        ? Element.logSoftmaxRow(count, row, into: row) : Element.softmaxRow(count, row, into: row)
    }
    let pass = [result.movingBack(axis)]
    guard recording else { return LayerPass(pass, pullback: nil) }
    return LayerPass(pass) { (adjoints, _) throws(NumericalError) in
      let adjoint = adjoints[0]?.movingLast(axis)
      return [adjoint.map { pulled($0, result: result).movingBack(axis) }]
    }
  }

  /// The adjoint of x from that of the result, rows last.
  private func pulled<Element: Scalar>(
    _ adjoint: Tensor<Element>, result: Tensor<Element>
  ) -> Tensor<Element> {
    adjoint.changingRows(beside: result) { count, g, y in
      guard isLogarithm else {
        Element.softmaxRowCotangent(count, softmax: y, g)
        return
      }
      let sum = Element.vectorSum(count, g)
      for i in 0..<count { g[i] -= Element.exp(y[i]) * sum }
    }
  }
}
