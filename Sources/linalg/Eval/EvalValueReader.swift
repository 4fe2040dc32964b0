import FileFormats
import Tensors

/// Reads what stands behind options like `--in NAME=VALUE`.
struct EvalValueReader {
  let seed: UInt64
  let reading: ReadingOptions
  let budget: MemoryBudget
  let console: Console

  /// The values of an option that may be repeated, none of a name twice.
  ///
  /// - Parameter anyName: whether names may be more than names in expressions are.
  func values(
    _ texts: [String], option: String, anyName: Bool = false
  ) throws(Failure) -> [(name: String, value: EvalValue)] {
    var assignments: [EvalAssignment] = []
    for text in texts {
      let assignment = try EvalAssignment(text, option: option, anyName: anyName)
      guard !assignments.contains(where: { $0.name == assignment.name }) else {
        throw .usage("\(option): \(assignment.name) is given twice")
      }
      assignments.append(assignment)
    }
    return try values(assignments).enumerated().map { (assignments[$0].name, $1) }
  }

  /// The values of some assignments in their order; each that is random has numbers of its own.
  func values(_ assignments: [EvalAssignment]) throws(Failure) -> [EvalValue] {
    guard assignments.count(where: { $0.value == "-" }) < 2 else {
      throw .usage("only one input can be standard input")
    }
    var values: [EvalValue] = []
    for (number, assignment) in assignments.enumerated() {
      values.append(
        try EvalValue(
          assignment.value, role: assignment.role, number: number, seed: seed, reading,
          budget: budget, console: console))
    }
    return values
  }
}
