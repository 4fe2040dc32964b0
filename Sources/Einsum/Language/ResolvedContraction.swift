public import Tensors

/// Subscripts that found their arrays: a contraction in canonical form, and how the arrays become
/// its operands and its result becomes the output.
public struct ResolvedContraction: Sendable, Hashable {
  /// The contraction: a label for every axis, none of size 1 where others are larger. Labels are
  /// numbered in the order in which they first occur, axes of the ellipsis are named `₀`, `₁`, … from
  /// the left.
  public let contraction: Contraction
  /// The shape of each operand without the axes of size 1 that are broadcast; a reshape, since such
  /// an axis holds no elements.
  public let operandShapes: [Shape]
  /// The label of each axis of the output; other than `contraction.output` it may repeat labels.
  public let outputLabels: [Int]
  /// The shape of the output.
  public let outputShape: Shape

  /// Whether a label of the output repeats. The contraction's result then lies on a diagonal of the
  /// output, which is zero elsewhere.
  public var writesDiagonal: Bool { outputLabels.count > contraction.output.count }

  /// The contraction with the output's labels, which may repeat: `i->ii`.
  public var text: String {
    guard writesDiagonal else { return contraction.text }
    let result = contraction.text(contraction.output)
    return contraction.text.dropLast(result.count) + contraction.text(outputLabels)
  }
}
