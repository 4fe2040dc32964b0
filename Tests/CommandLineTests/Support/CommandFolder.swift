import Glibc
import JSONText
import TestSupport
import Testing

/// The built program in a folder of its own: files are named without a path, as a user at a shell
/// would name them.
struct CommandFolder {
  let folder: TemporaryFolder
  private let linalg: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    linalg = try BinaryRunner.linalg()
  }

  /// Runs `linalg` with arguments separated by single blanks; two blanks enclose an empty one.
  @discardableResult
  func run(
    _ line: String, environment: [String: String?] = [:], input: [UInt8] = [],
    output: BinaryRunner.Output = .captured
  ) throws -> RunResult {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return try run(
      line.isEmpty ? [] : words, environment: environment, input: input, output: output)
  }

  /// Runs `linalg` with these arguments.
  @discardableResult
  func run(
    _ arguments: [String], environment: [String: String?] = [:], input: [UInt8] = [],
    output: BinaryRunner.Output = .captured
  ) throws -> RunResult {
    // One thread unless a test says otherwise, whatever the machine has.
    var variables: [String: String?] = ["LINALG_THREADS": nil, "LINALG_MAX_MEMORY": nil]
    for (name, value) in environment { variables[name] = value }
    return try linalg.run(
      arguments, environment: variables, in: folder.path, input: input, output: output)
  }

  /// Runs a shell script in the folder with the program's path in `$LINALG`.
  func shell(_ script: String) throws -> RunResult {
    try BinaryRunner(executable: "/bin/sh").run(
      ["-c", script], environment: ["LINALG": linalg.executable], in: folder.path)
  }

  /// Runs a command that must succeed.
  @discardableResult
  func succeed(
    _ line: String, input: [UInt8] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunResult {
    let result = try run(line, input: input)
    #expect(result.status == 0, "\(line): \(result.error)", sourceLocation: sourceLocation)
    return result
  }

  /// The JSON document that a command prints.
  func document(
    _ line: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONObject {
    let result = try succeed(line + " --format json", sourceLocation: sourceLocation)
    let value = try JSONValue.parse(result.outputBytes)
    return try #require(value.objectValue, sourceLocation: sourceLocation)
  }

  /// The rows of the document that a command prints.
  func rows(
    _ line: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [JSONObject] {
    let rows = try document(line, sourceLocation: sourceLocation)["rows"]?.arrayValue
    return try #require(rows, sourceLocation: sourceLocation).compactMap(\.objectValue)
  }

  /// Runs a command that must fail: with this status, one line on standard error that begins with
  /// the command's name and holds these words, nothing on standard output and no file changed.
  func expectRefusal(
    _ line: String, status: Int, _ words: String..., environment: [String: String?] = [:],
    input: [UInt8] = [], output: BinaryRunner.Output = .captured,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents()
    let result = try run(line, environment: environment, input: input, output: output)
    expectFailure(result, of: line, status: status, words, sourceLocation: sourceLocation)
    #expect(result.outputBytes.isEmpty, "\(line)", sourceLocation: sourceLocation)
    #expect(try contents() == before, "\(line) changed files", sourceLocation: sourceLocation)
  }

  /// Status and message of a run that failed, whatever it printed.
  func expectFailure(
    _ result: RunResult, of line: String, status: Int, _ words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let comment: Comment = "\(line): \(result.error)"
    #expect(result.status == status, comment, sourceLocation: sourceLocation)
    let text = result.error
    let subcommand = line.split(separator: " ").first.map(String.init) ?? ""
    let prefix = Self.subcommands.contains(subcommand) ? "linalg \(subcommand): " : "linalg: "
    #expect(text.hasPrefix(prefix), comment, sourceLocation: sourceLocation)
    let isOneLine = text.hasSuffix("\n") && text.filter(\.isNewline).count == 1
    #expect(isOneLine, comment, sourceLocation: sourceLocation)
    for word in words {
      #expect(text.contains(word), "'\(word)' in: \(comment)", sourceLocation: sourceLocation)
    }
  }

  /// Every file with its bytes.
  func contents() throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    // Folders and FIFOs count by their names.
    for name in folder.list() { result[name] = isPlain(name) ? try folder.read(name) : [] }
    return result
  }

  private func isPlain(_ name: String) -> Bool {
    var status = stat()
    return stat(folder.path(name), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The public subcommands; a test compares them with the program's own list.
  static let subcommands = [
    "svd-compress", "svd-expand", "svd", "denoise", "einsum", "eval", "gradcheck", "conv-bench",
    "rnn-bench", "attention-bench", "train-mlp", "info", "convert",
  ]
}

extension JSONObject {
  /// A number that is there; `.nan` records the failure where it is compared.
  func number(_ key: String) -> Double { self[key]?.numberValue ?? .nan }

  /// An integer that is there.
  func integer(_ key: String) -> Int { self[key]?.integerValue ?? .min }

  /// The keys in their order.
  var keys: [String] { members.map(\.key) }

  /// The notes of a document.
  var notes: [String] { self["notes"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
