import JSONText
import TestSupport
import Testing

extension CommandFolder {
  /// Runs `linalg eval` with an expression, which may hold blanks, and options, which may not.
  @discardableResult
  func eval(
    _ expression: String, _ options: String = "", input: [UInt8] = [],
    environment: [String: String?] = [:]
  ) throws -> RunResult {
    try run(
      ["eval", expression] + options.split(separator: " ").map(String.init),
      environment: environment, input: input)
  }

  /// What an `eval` that must succeed prints.
  @discardableResult
  func evaluate(
    _ expression: String, _ options: String = "", input: [UInt8] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try eval(expression, options, input: input)
    #expect(
      result.status == 0 && result.error.isEmpty, "\(expression) \(options): \(result.error)",
      sourceLocation: sourceLocation)
    return result.output
  }

  /// The document of an `eval` that must succeed.
  func evaluateDocument(
    _ expression: String, _ options: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONObject {
    let text = try evaluate(
      expression, options + " --format json", sourceLocation: sourceLocation)
    return try #require(
      JSONValue.parse(Array(text.utf8)).objectValue, sourceLocation: sourceLocation)
  }

  /// Runs an `eval` that must fail as `expectRefusal` describes.
  func expectEvalRefusal(
    _ expression: String, _ options: String, status: Int, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents()
    let result = try eval(expression, options)
    expectFailure(
      result, of: "eval \(expression) \(options)", status: status, words,
      sourceLocation: sourceLocation)
    #expect(result.outputBytes.isEmpty, sourceLocation: sourceLocation)
    #expect(try contents() == before, "files changed", sourceLocation: sourceLocation)
  }
}
