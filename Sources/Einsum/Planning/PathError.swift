/// What is wrong with a path that was written by hand or read from a file.
///
/// Steps are counted from 0, as positions are.
public enum PathError: Error, Hashable, Sendable {
  /// The text is no path: what was expected at which character, counted from 0.
  case syntax(text: String, offset: Int, expected: String)
  /// Neither the name of a strategy nor the text of a path.
  case unknownStrategy(String)
  /// A step without positions.
  case emptyStep(step: Int)
  /// A step names a position twice.
  case repeatedPosition(step: Int, position: Int)
  /// A step names a position that is not in the present list of `operandCount` operands.
  case positionOutOfRange(step: Int, position: Int, operandCount: Int)
  /// The path ends while several operands are left; 1 left with no step at all.
  case unfinished(operandsLeft: Int)
}

extension PathError: CustomStringConvertible {
  /// One line that says what is wrong and where.
  public var description: String {
    switch self {
    case .syntax(let text, let offset, let expected):
      return "path '\(text)': expected \(expected) at character \(offset)"
    case .unknownStrategy(let name):
      return "no path strategy is called '\(name)' "
        + "(auto, optimal, dp, greedy, or a path such as '(0,2),(0,1)')"
    case .emptyStep(let step):
      return "step \(step) of the path names no operand"
    case .repeatedPosition(let step, let position):
      return "step \(step) of the path names position \(position) twice"
    case .positionOutOfRange(let step, let position, let operandCount):
      let range = operandCount == 1 ? "position 0" : "positions 0 to \(operandCount - 1)"
      return "step \(step) of the path names position \(position), but only \(range) "
        + (operandCount == 1 ? "is there" : "are there")
    case .unfinished(operandsLeft: 1):
      return "the path has no step; a single operand needs (0)"
    case .unfinished(let operandsLeft):
      return "the path has too few steps: \(operandsLeft) operands are left at its end"
    }
  }
}
