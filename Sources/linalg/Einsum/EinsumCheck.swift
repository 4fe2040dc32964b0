import Einsum
import Reporting
import Tensors

/// A result held against the definition, element by element.
struct EinsumCheck<Element: Scalar> {
  /// The largest difference, and the largest in units of what rounding allows.
  let largestError: Double
  let largestShare: Double

  /// - Parameters:
  ///   - result: what is checked.
  ///   - operands: in canonical shape.
  init(
    _ result: Tensor<Element>, of operands: [Tensor<Element>], _ resolved: ResolvedContraction
  ) {
    let reference = resolved.reference(operands)
    let magnitude = resolved.magnitude(operands)
    // Every product of an operand rounds, and so does every sum; blocked sums add up to
    // √terms roundings at most likely, all terms in the worst case. 8 covers the order of steps.
    let terms =
      resolved.contraction.sizes.reduce(1.0) { $0 * Double(max(1, $1)) }
      / Double(max(1, resolved.contraction.shape(resolved.contraction.output).count))
    let slack = (8 + terms.squareRoot()) * Double(operands.count + 1) * Double(Element.epsilon)
    var (error, share) = (0.0, 0.0)
    for i in 0..<result.count {
      let found = Double(result.elements[i])
      let expected = Double(reference.elements[i])
      if found == expected || found.isNaN && expected.isNaN { continue }
      let difference = abs(found - expected)
      let allowed = slack * Double(magnitude.elements[i])
      error = difference.isNaN ? .nan : max(error, difference)
      share = difference.isNaN ? .infinity : max(share, difference / allowed)
    }
    (largestError, largestShare) = (error, share)
  }

  /// The error table in one line.
  var note: String {
    "verified against the definition: largest error \(NumberText.significant(largestError, digits: 2)), "
      + "\(NumberText.significant(largestShare, digits: 2)) of what rounding allows"
  }

  /// Why the check failed; nil when it did not.
  var complaint: String? {
    largestShare <= 1
      ? nil
      : "--verify: the result differs from the definition by "
        + "\(NumberText.significant(largestError, digits: 2)), "
        + "\(NumberText.significant(largestShare, digits: 2)) times what rounding allows"
  }
}
