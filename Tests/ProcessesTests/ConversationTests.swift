import Processes
import Testing

/// Programs that are shell scripts: `cat` answers every line with itself.
@Suite("Conversations with programs")
struct ConversationTests {
  private func shell(_ script: String, grace: Double = 2) throws -> Conversation {
    try Conversation(["sh", "-c", script], grace: grace)
  }

  private func exchange(
    _ conversation: Conversation, _ text: String?, seconds: Double = 60, limit: Int = 1 << 20
  ) throws -> String {
    let line = try conversation.exchange(
      text.map { Array($0.utf8) }, seconds: seconds, limit: limit)
    return String(decoding: line, as: UTF8.self)
  }

  /// What comes instead of a line.
  private func failure(
    of conversation: Conversation, _ text: String? = nil, seconds: Double = 60,
    limit: Int = 1 << 20
  ) throws -> ConversationError {
    try #require(throws: ConversationError.self) {
      try exchange(conversation, text, seconds: seconds, limit: limit)
    }
  }

  @Test("lines go and come, of any length, with and without being asked for")
  func lines() throws {
    let program = try shell("echo hello; exec cat")
    #expect(try exchange(program, nil) == "hello")
    #expect(try exchange(program, "a") == "a")
    #expect(try exchange(program, "") == "")
    // More than pipes hold, both ways at the same time.
    let long = String(repeating: "0123456789", count: 100_000)
    #expect(try exchange(program, long, limit: 2_000_000) == long)
    #expect(try exchange(program, "b") == "b")
  }

  @Test("several lines at once are several answers")
  func ahead() throws {
    let program = try shell("printf 'a\\nb\\nc\\n'; exec cat")
    #expect(try ["a", "b", "c"] == (0..<3).map { _ in try exchange(program, nil) })
  }

  @Test("variables are set and removed over our own")
  func environment() throws {
    let program = try Conversation(
      ["sh", "-c", "echo $X [$HOME] ${PATH:+path}"], environment: ["X": "y z", "HOME": nil])
    #expect(try exchange(program, nil) == "y z [] path")
  }

  @Test(
    "how a program ended is told, with what it had begun to print",
    arguments: [
      ("exit 3", Ending.status(3), ""), ("printf half; exit 0", .status(0), "half"),
      ("kill -KILL $$", .signal(9), ""), ("read x; kill -TERM $$", .signal(15), ""),
    ])
  func endings(script: String, ending: Ending, printed: String) throws {
    let error = try failure(of: shell(script), "x")
    #expect(error.reason == .ended(ending))
    #expect(error.unfinishedLine == Array(printed.utf8))
  }

  @Test("endings in words")
  func words() {
    #expect("\(Ending.status(3))" == "ended with status 3")
    #expect("\(Ending.signal(9))".hasPrefix("was killed by signal 9 ("))
    #expect(Ending.status(3).shellStatus == 3)
    #expect(Ending.signal(9).shellStatus == 137)
  }

  @Test("a line before the end of a program that reads nothing is an answer")
  func lastWords() throws {
    let program = try shell("echo answer; exec <&-; exit 1")
    let long = String(repeating: "x", count: 1_000_000)
    #expect(try exchange(program, long) == "answer")
    #expect(try failure(of: program, long).reason == .ended(.status(1)))
  }

  @Test("a program that neither reads nor answers costs no more than the time allowed")
  func deafness() throws {
    let program = try shell("exec sleep 60", grace: 0.1)
    let long = String(repeating: "x", count: 1_000_000)
    #expect(try failure(of: program, long, seconds: 0.2).reason == .timeout(seconds: 0.2))
  }

  @Test("half a line is no answer")
  func half() throws {
    // In one piece with a line, so that it is there in time.
    let program = try shell("printf 'line\\nhalf'; exec sleep 60", grace: 0.1)
    #expect(try exchange(program, nil) == "line")
    let error = try failure(of: program, seconds: 0.1)
    #expect(error.reason == .timeout(seconds: 0.1))
    #expect(error.unfinishedLine == Array("half".utf8))
  }

  @Test("a closed output is not waited for")
  func closedOutput() throws {
    let program = try shell("exec >&-; exec sleep 60", grace: 0.1)
    #expect(try failure(of: program).reason == .closedOutput)
  }

  @Test("a line without an end is cut off, before the request is read and after")
  func endless() throws {
    let program = try shell("exec cat /dev/zero", grace: 0.1)
    let long = String(repeating: "x", count: 1_000_000)
    for request in [nil, long] {
      let error = try failure(of: program, request, limit: 100_000)
      #expect(error.reason == .tooLong(limit: 100_000))
      #expect(error.unfinishedLine.count == 1000)
    }
  }

  @Test("what cannot be started is told at once", arguments: ["/nonexistent", "/etc/passwd", "/"])
  func notStarted(path: String) {
    #expect(throws: StartError.self) { try Conversation([path]) }
  }

  @Test("writing to a program that has gone leaves no signal behind")
  func brokenPipe() throws {
    // The signal would end this very process.
    let program = try shell("exit 0")
    for _ in 0..<3 {
      #expect(try failure(of: program, "x").reason == .ended(.status(0)))
    }
  }
}
