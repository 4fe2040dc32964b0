import JSONText
import Tensors

/// The first line of an external program: `{"gradcheck":1,"parameters":{"theta":[3,4]},"jvp":false}`.
/// Members that it does not know are left alone, so that the protocol can grow.
struct ProgramGreeting {
  /// The version of the protocol.
  private static let version = 1
  private static let hint =
    "first print a line like {\"gradcheck\":1,\"parameters\":{\"theta\":[3,4]}}, "
    + "and anything else on standard error"

  /// Names and shapes in the program's order.
  let parameters: [(name: String, shape: Shape)]
  /// Whether the program answers requests for derivatives along directions.
  let hasJVP: Bool

  /// Reads the line.
  ///
  /// - Throws: `Failure.program` for anything else.
  init(_ line: [UInt8], of step: ProgramStep) throws(Failure) {
    let object = try step.object(line, hint: Self.hint)
    guard let version = object["gradcheck"] else {
      throw step.failure("'gradcheck' is missing", printed: line, hint: Self.hint)
    }
    guard version.integerValue == Self.version else {
      throw step.failure(
        "'gradcheck' is not the version \(Self.version) of the protocol", printed: line)
    }
    guard let members = object["parameters"]?.objectValue?.members, !members.isEmpty else {
      throw step.failure("'parameters' names no parameter", printed: line, hint: Self.hint)
    }
    parameters = try members.map { (member) throws(Failure) in
      try (member.key, Self.shape(member.value, of: member.key, step, line))
    }
    switch object["jvp"] {
    case nil: hasJVP = false
    case .bool(let value): hasJVP = value
    default: throw step.failure("'jvp' is neither true nor false", printed: line)
    }
  }

  private static func shape(
    _ value: JSONValue, of name: String, _ step: ProgramStep, _ line: [UInt8]
  ) throws(Failure) -> Shape {
    let sizes = value.arrayValue?.compactMap(\.integerValue)
    guard let sizes, sizes.count == value.arrayValue?.count else {
      throw step.failure(
        "the shape of \(ProgramStep.quoted(name)) is not a list of sizes", printed: line)
    }
    do {
      return try Shape(checking: sizes)
    } catch {
      throw step.failure(
        "the shape of \(ProgramStep.quoted(name)) is unsound", printed: line)
    }
  }
}
