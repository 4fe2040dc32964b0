import Glibc
import JSONText
import TestSupport
import Testing

extension CommandFolder {
  /// Runs `linalg gradcheck` with options separated by single blanks, then an expression or other
  /// words, which may hold blanks.
  @discardableResult
  func gradcheck(_ options: String, _ words: String...) throws -> RunResult {
    try run(["gradcheck"] + options.split(separator: " ").map(String.init) + words)
  }

  /// The rows of a check in JSON, whatever its status.
  func verdicts(
    _ options: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [JSONObject] {
    let result = try run(
      ["gradcheck", "--format", "json"] + options.split(separator: " ").map(String.init) + words)
    let document = try #require(
      JSONValue.parse(result.outputBytes).objectValue, sourceLocation: sourceLocation)
    return try #require(document["rows"]?.arrayValue, sourceLocation: sourceLocation)
      .compactMap(\.objectValue)
  }

  /// Writes the program that a check speaks with, in Python: its function is x₀² sin x₁.
  ///
  /// - Parameters:
  ///   - value: an expression for the value, of `a`, `b`, `exact`, `want` and `random`.
  ///   - gradient: one for the gradient.
  ///   - before: a statement in front of each answer.
  /// - Returns: the command.
  func pythonProgram(
    value: String = "exact", gradient: String = "[2 * a * sin(b), a * a * cos(b)]",
    before: String = "pass"
  ) throws -> [String] {
    let source = """
      import json, os, random, sys, time
      from math import cos, floor, sin
      print(json.dumps({"gradcheck": 1, "parameters": {"x": [2]}}), flush=True)
      open("process", "w").write(str(os.getpid()))
      for line in sys.stdin:
          request = json.loads(line)
          a, b = request["at"]["x"]
          want, exact = request["want"], a * a * sin(b)
          \(before)
          answer = {"id": request["id"], "value": \(value)}
          if want == "gradient":
              answer["gradient"] = {"x": \(gradient)}
          print(json.dumps(answer), flush=True)

      """
    try folder.write(source, to: "program.py")
    return [try #require(ScriptedPrograms.pythonPath), "program.py"]
  }

  /// Whether the last program is gone, not even a zombie; or never came to its first line.
  func programIsGone() throws -> Bool {
    guard folder.list().contains("process") else { return true }
    let text = String(decoding: try folder.read("process"), as: UTF8.self)
    let process = try #require(pid_t(text.filter(\.isNumber)))
    return kill(process, 0) == -1 && errno == ESRCH
  }
}

extension RunResult {
  /// The last line of the standard output.
  var closing: String {
    output.split(separator: "\n").last.map(String.init) ?? ""
  }
}
