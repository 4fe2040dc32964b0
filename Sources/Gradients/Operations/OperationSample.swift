public import Tensors

/// Inputs at which an operation's derivatives are checked, drawn anew for every seed.
public struct OperationSample: Sendable {
  /// The operands' shapes and where their numbers come from.
  public let operands: [SampleOperand]
  /// Attributes other than the defaults.
  public let attributes: [String: AttributeValue]

  public init(_ operands: [SampleOperand], _ attributes: [String: AttributeValue] = [:]) {
    (self.operands, self.attributes) = (operands, attributes)
  }
}

/// One operand of a sample.
public struct SampleOperand: Sendable {
  /// Where the numbers lie.
  public enum Domain: Sendable, Hashable {
    /// Standard normal.
    case normal
    /// Uniform between two bounds.
    case interval(Double, Double)
    /// Matrices `GᵀG/n + I` of normal G: symmetric, eigenvalues from 1 up.
    case positiveDefinite
    /// Square matrices `G/√n + 2·I` of normal G.
    case wellConditioned
    /// Whole numbers from 0 below a bound; constants, not differentiated.
    case indices(below: Int)
  }

  public let shape: Shape
  public let domain: Domain

  public init(_ shape: Shape, _ domain: Domain = .normal) {
    (self.shape, self.domain) = (shape, domain)
  }

  /// Whether the operand has a derivative to be checked.
  public var isDifferentiated: Bool {
    if case .indices = domain { return false }
    return true
  }
}
