public import Einsum
public import Tensors

extension TensorValue {
  /// The contraction that subscripts describe, with ellipses, broadcasting and diagonals of the
  /// output.
  ///
  /// - Throws: `NumericalError.shape` where the operands do not fit.
  public static func einsum(
    _ subscripts: Subscripts, _ operands: [Self]
  ) throws(NumericalError) -> Self {
    let resolved: ResolvedContraction
    do {
      resolved = try subscripts.resolved(shapes: operands.map { $0.shape })
    } catch {
      throw .shape("einsum '\(subscripts.text)': \(error.message)")
    }
    let squeezed = zip(operands, resolved.operandShapes).map { $0.reshaped($1) }
    let result = einsum(resolved.contraction, squeezed)
    guard resolved.writesDiagonal else { return result.reshaped(resolved.outputShape) }
    return result.spread(
      from: resolved.contraction.output, to: resolved.outputLabels, of: resolved.contraction
    ).reshaped(resolved.outputShape)
  }
}
