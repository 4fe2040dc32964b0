import Glibc
import Processes
import TestSupport
import Testing

@Suite("The end of a conversation")
struct ConversationEndTests {
  /// Starts a script that first prints its process's number.
  private func start(_ script: String, grace: Double) throws -> (Conversation, pid_t) {
    let program = try Conversation(["sh", "-c", "echo $$; " + script], grace: grace)
    let line = try program.exchange(nil, seconds: 60, limit: 100)
    return (program, try #require(pid_t(String(decoding: line, as: UTF8.self))))
  }

  /// Whether a process is there, be it only as a zombie.
  private func exists(_ process: pid_t) -> Bool { kill(process, 0) == 0 || errno != ESRCH }

  @Test(
    "a program ends with its input, by itself, asked or forced",
    arguments: [
      ("exec cat", 60), ("cat; echo bye", 60), ("exec sleep 60", 0.1),
      ("trap '' TERM; while :; do sleep 0.01; done", 0.1), ("exec yes", 0.1),
      ("exec >&-; exec cat", 60),
    ])
  func end(script: String, grace: Double) throws {
    let (program, process) = try start(script, grace: grace)
    #expect(exists(process))
    program.end()
    #expect(!exists(process))
    program.end()
  }

  @Test("a program ends with the last reference")
  func release() throws {
    var pair: (Conversation, pid_t)? = try start("exec cat", grace: 60)
    let process = try #require(pair?.1)
    pair = nil
    #expect(!exists(process))
  }

  @Test("a program may say good-bye")
  func farewell() throws {
    let folder = try TemporaryFolder()
    // More than a pipe holds: it would wait for ever, or meet a broken pipe.
    let (program, _) = try start(
      "cat; head -c 1000000 /dev/zero && echo done > \(folder.path("done"))", grace: 60)
    program.end()
    #expect(try folder.read("done") == Array("done\n".utf8))
  }

  @Test("a program ends with us, even when we are killed")
  func killed() async throws {
    let folder = try TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path("process") as String] in
      let program = try Conversation(["sh", "-c", "echo $$ > \(path); echo ready; exec cat"])
      _ = try program.exchange(nil, seconds: 60, limit: 100)
      kill(getpid(), SIGKILL)
    }
    let number = String(decoding: try folder.read("process").dropLast(), as: UTF8.self)
    // The child of a process that is gone may wait as a zombie for whoever inherits it.
    let deadline = MonotonicTime.now() + 60
    while let text = try? PackageFiles.read("/proc/\(number)/stat"),
      !String(decoding: text, as: UTF8.self).contains(") Z ")
    {
      try #require(MonotonicTime.now() < deadline, "it still runs")
      usleep(1000)
    }
  }

  @Test("programs that run side by side do not keep each other")
  func sideBySide() throws {
    let folder = try TemporaryFolder()
    let all = try (0..<8).map { number in
      try start("cat; : > \(folder.path("\(number)"))", grace: 20).0
    }
    // One that inherited the way to another would keep it until both are ended by force.
    for (count, program) in all.enumerated() {
      program.end()
      #expect(folder.list().count == count + 1)
    }
  }
}
