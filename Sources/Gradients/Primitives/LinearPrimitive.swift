import Tensors

/// A linear function of one operand: ẏ is the function of ẋ, x̄ its transpose of ȳ.
protocol LinearPrimitive: Primitive {
  associatedtype Transpose: Primitive

  /// The transpose of the function as it is for operands of a shape.
  func transpose(for shape: Shape) -> Transpose
}

extension LinearPrimitive {
  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    return try V.apply(self, to: [tangent])
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return [nil] }
    return try V.apply(transpose(for: inputs[0].shape), to: [adjoint])
  }
}
