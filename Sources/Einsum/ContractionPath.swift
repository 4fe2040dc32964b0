/// The order in which operands are contracted, numbered as in opt_einsum.
///
/// Each step names the positions, in the present list of operands, of those that it contracts; they
/// are removed and the result is appended. `(0,2),(0,1)` contracts the first with the third of three
/// operands and then the second with that result.
public struct ContractionPath: Sendable, Hashable {
  /// The positions of each step, ascending. One operand alone is a step, too.
  public let steps: [[Int]]

  /// A path from its steps, whose positions are put in order.
  public init(_ steps: [[Int]]) { self.steps = steps.map { $0.sorted() } }

  /// `(0,2),(0,1)`; a step of one operand is `(0)`.
  public var text: String {
    steps.map { "(" + $0.map(String.init).joined(separator: ",") + ")" }.joined(separator: ",")
  }
}
