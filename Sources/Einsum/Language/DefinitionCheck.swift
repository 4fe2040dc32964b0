public import Tensors

/// A result held against the definition, element by element.
public struct DefinitionCheck: Sendable {
  /// The elements that were compared.
  public let elements: Int
  /// The largest difference; NaN where one of two numbers is NaN and the other is not.
  public let largestError: Double
  /// The largest difference in units of what rounding allows for its element: beyond 1 the result is
  /// wrong.
  public let largestShare: Double
  /// The element that came closest to what rounding allows, or went furthest beyond: where it is,
  /// what was found and what the definition says. Nil where all are equal.
  public let worst: (position: Int, found: Double, expected: Double)?

  /// Whether every difference can be rounding.
  public var passes: Bool { largestShare <= 1 }
}

extension ResolvedContraction {
  /// Compares a result with the definition.
  ///
  /// Rounding allows each element `(8 + √t)·(n + 1)·ε·Σ|products|` for sums of t terms of n
  /// operands: n products round each, sums in blocks err like √t roundings at most likely, and 8
  /// covers the order of the steps.
  ///
  /// - Parameters:
  ///   - result: the output, of any kernel.
  ///   - operands: as for `reference`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func check<Element: Scalar>(
    _ result: Tensor<Element>, of operands: [Tensor<Element>]
  ) -> DefinitionCheck {
    precondition(result.shape == outputShape, "a result of shape \(result.shape)")
    let (reference, magnitude) = (reference(operands), magnitude(operands))
    let terms =
      contraction.sizes.reduce(1.0) { $0 * Double(max(1, $1)) }
      / Double(max(1, contraction.shape(contraction.output).count))
    let slack = (8 + terms.squareRoot()) * Double(operands.count + 1) * Double(Element.epsilon)
    var (error, share) = (0.0, 0.0)
    var worst: (position: Int, found: Double, expected: Double)?
    for i in 0..<result.count {
      let (found, expected) = (Double(result.elements[i]), Double(reference.elements[i]))
      if found == expected || found.isNaN && expected.isNaN { continue }
      let difference = abs(found - expected)
      let allowed = slack * Double(magnitude.elements[i])
      let part = difference.isNaN ? .infinity : difference / allowed
      error = difference.isNaN || error.isNaN ? .nan : max(error, difference)
      if worst == nil || part > share { worst = (i, found, expected) }
      share = max(share, part)
    }
    return DefinitionCheck(
      elements: result.count, largestError: error, largestShare: share, worst: worst)
  }
}
