/// Why a contraction cannot be planned as asked.
public enum PlanningError: Error, Hashable, Sendable {
  /// The given path is wrong.
  case path(PathError)
  /// No order that was tried fits. `smallestLimit` is the smallest number of bytes that would do:
  /// exact over all pairwise orders of up to ten operands, otherwise over the orders that are tried.
  case memory(smallestLimit: Int)
  /// The exhaustive search was asked for by name and would take too long.
  case tooManyOperands(count: Int, maximum: Int)
}

extension PlanningError: CustomStringConvertible {
  /// One line that says what is wrong and what would do.
  public var description: String {
    switch self {
    case .path(let error):
      return error.description
    case .memory(let smallestLimit):
      return "no order of this contraction fits into the memory limit; the smallest that would do "
        + "is \(smallestLimit) bytes"
    case .tooManyOperands(let count, let maximum):
      return "the optimal path of \(count) operands takes too long to find (at most \(maximum)); "
        + "use auto, dp or greedy"
    }
  }
}
