import Tensors
import TestSupport
import Testing

@testable import linalg

/// Programs that do not keep to the protocol: status 65 and one line, no hang, no process left.
@Suite("External programs that fail")
struct ExternalProgramFailureTests {
  private let programs: ScriptedPrograms

  init() throws { programs = try ScriptedPrograms() }

  private static let greeting = "echo '{\"gradcheck\":1,\"parameters\":{\"theta\":[2]}}'; "

  private func expect(
    _ command: [String], _ words: String, greetingTimeout: Double? = nil, timeout: Double? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let (status, message) = try programs.failure(
      command, greetingTimeout: greetingTimeout, timeout: timeout)
    #expect(status == .badData, sourceLocation: location)
    #expect(message.hasPrefix("sh: "), "\(message)", sourceLocation: location)
    #expect(message.contains(words), "\(message)", sourceLocation: location)
    #expect(!message.contains("\n"), sourceLocation: location)
    #expect(message.unicodeScalars.count < 600, sourceLocation: location)
    #expect(try !programs.isRunning(), sourceLocation: location)
  }

  @Test(
    "what cannot be started is status 69",
    arguments: ["missing-program-of-a-test", "/etc/passwd", "/"])
  func notStarted(name: String) throws {
    let (status, message) = try programs.failure([name])
    #expect(status == .unavailable && status.rawValue == 69)
    #expect(message.hasPrefix("\(name): the program cannot be started ("))
  }

  @Test(
    "first lines that are none",
    arguments: [
      ("exit 3", "first line: the program ended with status 3"),
      ("printf loading; exit 0", "the program ended with status 0 (printed 'loading')"),
      ("kill -9 $$", "the program was killed by signal 9"),
      ("echo loading", "is not JSON: column 1: found 'l', expected a value (printed 'loading');"),
      ("echo 1; cat", "not a JSON object"), ("echo; cat", "first print a line like {\"gradcheck\""),
      ("printf '\\033[31mred\\a\\n'; cat", "(printed '\\u{1B}[31mred\\u{07}')"),
      ("printf '\\377\\n'; cat", "not JSON"),
    ])
  func greetings(script: String, words: String) throws {
    try expect(programs.shell(script), words)
  }

  @Test(
    "first lines that say something else",
    arguments: [
      ("{}", "'gradcheck' is missing"), ("{\"gradcheck\":2}", "not the version 1"),
      ("{\"gradcheck\":true}", "not the version 1"), ("{\"gradcheck\":1}", "names no parameter"),
      ("{\"gradcheck\":1,\"parameters\":{}}", "names no parameter"),
      ("{\"gradcheck\":1,\"parameters\":[\"w\"]}", "names no parameter"),
      ("{\"gradcheck\":1,\"parameters\":{\"w\":3}}", "the shape of 'w' is not a list of sizes"),
      ("{\"gradcheck\":1,\"parameters\":{\"w\":[1.5]}}", "the shape of 'w' is not a list of sizes"),
      ("{\"gradcheck\":1,\"parameters\":{\"w\":[-1]}}", "the shape of 'w' is unsound"),
      (
        "{\"gradcheck\":1,\"parameters\":{\"w\":[9000000000,9000000000]}}",
        "the shape of 'w' is unsound"
      ),
      ("{\"gradcheck\":1,\"parameters\":{\"w\":[1],\"w\":[1]}}", "the key \"w\" stands twice"),
      ("{\"gradcheck\":1,\"parameters\":{\"w\":[1]},\"jvp\":1}", "neither true nor false"),
    ])
  func otherGreetings(line: String, words: String) throws {
    try expect(try programs.answering("", greeting: line), words)
  }

  @Test(
    "answers that are none",
    arguments: [
      ("garbage", "request 1 (gradient): the line is not JSON: column 1"),
      ("{\"id\":#,\"gradient\":{\"theta\":[NaN,1]}}", "are the strings \"nan\", \"inf\""),
      ("{\"gradient\":{\"theta\":[1,2]}}", "no id (expected 1)"),
      ("{\"id\":7,\"gradient\":{\"theta\":[1,2]}}", "another id (expected 1) (printed '{\"id\":7,"),
      ("{\"id\":7,\"error\":\"late\"}", "another id"),
      ("{\"id\":\"#\",\"gradient\":{\"theta\":[1,2]}}", "another id"),
      ("{\"id\":#,\"error\":\"unknown want\"}", "the program says: unknown want"),
      ("{\"id\":#,\"error\":{\"code\":5}}", "the program says: {\"code\":5}"),
      ("{\"id\":#,\"value\":1}", "the answer has no 'gradient'"),
      ("{\"id\":#,\"gradient\":[1,2]}", "not an object of arrays"),
      ("{\"id\":#,\"gradient\":{}}", "the gradient of 'theta' is missing"),
      ("{\"id\":#,\"gradient\":{\"theta\":[1,2],\"x\":[1]}}", "a gradient of 'x', which is no"),
      (
        "{\"id\":#,\"gradient\":{\"theta\":[1,2,3]}}",
        "the gradient of 'theta' has 3 elements (expected 2,"
      ),
      ("{\"id\":#,\"gradient\":{\"theta\":[[1,2]]}}", "has 1 elements (expected 2, flat"),
      ("{\"id\":#,\"gradient\":{\"theta\":[1,null]}}", "has no number at position 1"),
      ("{\"id\":#,\"gradient\":{\"theta\":[\"NaN\",1]}}", "has no number at position 0"),
      ("{\"id\":#,\"gradient\":{\"theta\":5}}", "neither a list of numbers nor a path"),
      ("{\"id\":#,\"value\":null,\"gradient\":{\"theta\":[1,2]}}", "'value' is not a number"),
      ("{\"id\":#,\"value\":\"?\",\"gradient\":{\"theta\":[1,2]}}", "'value' is not a number"),
      ("{\"id\":#,\"gradient\":{\"theta\":\"missing.npy\"}}", "in missing.npy: no such file"),
      ("{\"id\":#,\"gradient\":{\"theta\":\"answer\"}}", "in answer: "),
      ("{\"id\":#,\"gradient\":{\"theta\":\"-\"}}", "in -: no such file"),
      ("{\"id\":#,\"gradient\":{\"theta\":\"\"}}", "the path is empty"),
      ("{\"id\":#,\"gradient\":{\"theta\":\"/dev/zero\"}}", "in /dev/zero: not a file"),
    ])
  func answers(answer: String, words: String) throws {
    try expect(try programs.answering(answer), words)
  }

  @Test(
    "the end in the middle",
    arguments: [
      ("exit 0", "request 1 (gradient): the program ended with status 0"),
      ("read -r line; exit 9", "request 1 (gradient): the program ended with status 9"),
      ("read -r line; kill -SEGV $$", "was killed by signal 11"),
      ("read -r line; printf '{\"id\":1'; exit 1", "status 1 (printed '{\"id\":1')"),
    ])
  func endings(script: String, words: String) throws {
    try expect(programs.shell(Self.greeting + script), words)
  }

  @Test(
    "an end of one direction alone",
    arguments: [
      ("read -r line; exec >&-; exec sleep 60", "closed its standard output", 60),
      ("exec <&-; exec sleep 60", "gave no answer within 0.3 s; allow more with --timeout", 0.3),
    ])
  func oneDirection(script: String, words: String, timeout: Double) throws {
    try expect(programs.shell(Self.greeting + script), words, timeout: timeout)
  }

  @Test(
    "a hang, also of one that ignores SIGTERM",
    arguments: ["exec sleep 60", "trap '' TERM; while :; do sleep 0.05; done"])
  func hang(script: String) throws {
    try expect(
      programs.shell(script), "first line: the program gave no answer within 0.3 s",
      greetingTimeout: 0.3)
    let words = "request 1 (gradient): the program gave no answer within 0.3 s"
    try expect(programs.shell(Self.greeting + script), words, timeout: 0.3)
    // The beginning of the answer comes with the first line, so that it is there in time.
    let half =
      "printf '{\"gradcheck\":1,\"parameters\":{\"theta\":[2]}}\\n{\"id\":1,'; " + script
    try expect(programs.shell(half), words + " (printed '{\"id\":1,');", timeout: 0.3)
  }

  @Test("100 MB without a line's end are not collected")
  func endlessLine() throws {
    let endless = Self.greeting + "read -r line; head -c 100000000 /dev/zero"
    try expect(programs.shell(endless), "printed a line of more than 1048704 bytes (printed '")
  }

  @Test("parameters that do not fit in memory are status 71")
  func memory() throws {
    let greeting = "{\"gradcheck\":1,\"parameters\":{\"w\":[1000000,1000000],\"b\":[]}}"
    let command = try programs.answering("", greeting: greeting)
    let failure = try #require(throws: Failure.self) {
      try ExternalProgram(command, timeout: 60, budget: MemoryBudget(limit: 1 << 30))
    }
    #expect(linalg.ExitStatus(failure) == .resourceLimit)
    #expect(failure.messages[0].hasPrefix("sh: a point with its gradient needs 16000000000016"))
    #expect(try !programs.isRunning())
  }

  @Test("a program that dies while a long request is written to it")
  func brokenPipe() throws {
    let command = programs.shell(
      "echo '{\"gradcheck\":1,\"parameters\":{\"w\":[10000]}}'; exec head -c 1000 >/dev/null")
    let program = try programs.start(command)
    let failure = try #require(throws: Failure.self) {
      try program.value(at: [Tensor(repeating: 1 / 3, [10_000])])
    }
    #expect(failure.messages == ["sh: request 1 (value): the program ended with status 0"])
    program.end()
    #expect(try !programs.isRunning())
  }
}
