import Glibc
import Tensors
import TestSupport
import Testing

@testable import linalg

/// A folder of small programs that tests write to be spoken to by `ExternalProgram`.
struct ScriptedPrograms {
  /// Where Python is, nil where it is missing: tests that need it then report themselves as skipped.
  static let pythonPath: String? = ["/usr/bin/python3", "/usr/local/bin/python3"]
    .first { (path: String) in access(path, X_OK) == 0 }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A shell script as a command. It first leaves its process's number behind.
  func shell(_ script: String) -> [String] {
    ["sh", "-c", "echo $$ > \(folder.path("process")); cd \(folder.path); \(script)"]
  }

  /// A program that gives the same answer to every request, `#` standing for its id.
  func answering(
    _ answer: String, greeting: String = "{\"gradcheck\":1,\"parameters\":{\"theta\":[2]}}"
  ) throws -> [String] {
    try folder.write(greeting + "\n", to: "greeting")
    try folder.write(answer + "\n", to: "answer")
    return shell(
      "cat greeting; id=0; while read -r line; do id=$((id + 1)); sed s/#/$id/ answer; done")
  }

  /// A Python program as a command.
  func python(_ source: String) throws -> [String] {
    [try #require(Self.pythonPath), try folder.write(source, to: "program.py")]
  }

  /// Whether the process of the last shell script is there, be it only as a zombie.
  func isRunning() throws -> Bool {
    let text = String(decoding: try folder.read("process"), as: UTF8.self)
    let process = try #require(pid_t(text.dropLast()))
    return kill(process, 0) == 0 || errno != ESRCH
  }

  /// Starts a program.
  ///
  /// - Parameter grace: 60 for programs that end by themselves; those that do not are ended soon.
  func start(
    _ command: [String], timeout: Double = 60, grace: Double = 60
  ) throws(Failure) -> ExternalProgram {
    try ExternalProgram(command, timeout: timeout, grace: grace, budget: .unlimited())
  }

  /// What goes wrong with a program when it is started and asked for a gradient at (3, 4).
  ///
  /// - Parameters:
  ///   - greetingTimeout: for a program that says nothing, the time in which it may.
  ///   - timeout: for one that does not answer, the same. Programs that are waited for in vain are
  ///     ended by force.
  func failure(
    _ command: [String], greetingTimeout: Double? = nil, timeout: Double? = nil
  ) throws -> (status: linalg.ExitStatus, message: String) {
    let failure = try #require(throws: Failure.self) {
      let isPatient = greetingTimeout == nil && timeout == nil
      let program = try start(
        command, timeout: greetingTimeout ?? 60, grace: isPatient ? 60 : 0.1)
      program.timeout = timeout ?? 60
      _ = try program.valueAndGradient(at: [Tensor([2], [3, 4])])
    }
    #expect(failure.messages.count == 1)
    return (linalg.ExitStatus(failure), failure.messages[0])
  }
}
