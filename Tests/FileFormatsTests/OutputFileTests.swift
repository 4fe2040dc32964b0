import Glibc
import TestSupport
import Tensors
import Testing

@testable import FileFormats

@Suite struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func output(_ name: String, _ text: String) -> OutputFile {
    OutputFile(folder.path(name), FileContent(text: text))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    return stat(folder.path(name), &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test func newFilesHaveTheUsualMode() throws {
    try output("a", "one").write()
    try folder.write("x", to: "plain")
    #expect(try text("a") == "one")
    #expect(mode("a") == mode("plain") | (mode("a") & 0o022))
    #expect(folder.list() == ["a", "plain"])
  }

  @Test func replacingKeepsTheMode() throws {
    try folder.write("old and longer", to: "a")
    chmod(folder.path("a"), 0o640)
    try output("a", "new").write()
    #expect(try text("a") == "new")
    #expect(mode("a") == 0o640)
    #expect(folder.list() == ["a"])
  }

  @Test func symbolicLinksAreFollowed() throws {
    try folder.write("old", to: "target")
    symlink("target", folder.path("near"))
    symlink(folder.path("near"), folder.path("far"))
    try output("far", "new").write()
    #expect(try text("target") == "new")
    symlink("fresh", folder.path("dangling"))
    try output("dangling", "born").write()
    #expect(try text("fresh") == "born")
    for link in ["near", "far", "dangling"] {
      var status = stat()
      #expect(lstat(folder.path(link), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
    symlink("loop", folder.path("loop"))
    expectFailure(.cannotCreate) { () throws(FormatError) in try output("loop", "x").write() }
  }

  @Test func whatCannotBeCreated() throws {
    try folder.write("kept", to: "file")
    for (path, words) in [
      ("", "empty"), (folder.path, "directory"), (folder.path("none/x"), "no such folder"),
      (folder.path("file/x"), "Not a directory"), (folder.path("none/"), "no such folder"),
      (folder.path(String(repeating: "x", count: 300)), "too long"),
    ] {
      expectFailure(.cannotCreate, words) { () throws(FormatError) in
        try OutputFile(path, FileContent(text: "x")).write()
      }
    }
    expectFailure(.cannotCreate, "exists") { () throws(FormatError) in
      try output("file", "new").write(noClobber: true)
    }
    #expect(try text("file") == "kept")
    #expect(folder.list() == ["file"])
    try output("other", "new").write(noClobber: true)
    #expect(folder.list() == ["file", "other"])
  }

  @Test func fullDevices() throws {
    expectFailure(.inputOutput, "No space left") { () throws(FormatError) in
      try OutputFile("/dev/full", FileContent(text: "x")).write()
    }
    try OutputFile("/dev/null", FileContent(text: "x")).write(noClobber: true)
    symlink("/dev/full", folder.path("full"))
    expectFailure(.inputOutput) { () throws(FormatError) in try output("full", "x").write() }
  }

  @Test func severalOutputsAreWrittenTogetherOrNotAtAll() throws {
    try folder.write("old", to: "a")
    try OutputFile.write([output("a", "1"), output("b", "2")])
    #expect(try text("a") == "1" && text("b") == "2")
    expectFailure(.cannotCreate, folder.path("none/c") + ": ") { () throws(FormatError) in
      try OutputFile.write([output("a", "lost"), output("none/c", "x")])
    }
    expectFailure(.inputOutput, "/dev/full") { () throws(FormatError) in
      try OutputFile.write([output("a", "lost"), OutputFile("/dev/full", FileContent(text: "x"))])
    }
    symlink("a", folder.path("same"))
    expectFailure(.usage, "two outputs") { () throws(FormatError) in
      try OutputFile.write([output("a", "lost"), output("same", "lost")])
    }
    #expect(try text("a") == "1")
    #expect(folder.list() == ["a", "b", "same"])
  }

  @Test func aFailureWhileTemporariesExistLeavesNone() throws {
    try folder.write("old", to: "a")
    let target = try OutputTarget(folder.path("b"), noClobber: false)
    let first = try TemporaryFile(FileContent(text: "x"), for: target, mode: nil)
    #expect(folder.list().count == 2)
    mkdir(folder.path("b"), 0o700)
    expectFailure(.cannotCreate) { () throws(FormatError) in
      try first.place(at: target, replacing: true)
    }
    first.discard()
    rmdir(folder.path("b"))
    #expect(folder.list() == ["a"])
    // With noClobber, a target that appears late is not replaced either.
    let late = try TemporaryFile(FileContent(text: "x"), for: target, mode: nil)
    try folder.write("appeared", to: "b")
    expectFailure(.cannotCreate, "File exists") { () throws(FormatError) in
      try late.place(at: target, replacing: false)
    }
    late.discard()
    #expect(try text("b") == "appeared")
  }

  @Test func aWriteThatFailsHalfWayUndoesTheOthers() async {
    await #expect(processExitsWith: .exitCode(74)) {
      // A limit on file sizes is a disk that fills up: the second file does not fit.
      signal(SIGXFSZ, SIG_IGN)
      let folder = try TemporaryFolder()
      try folder.write("old", to: "a")
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(1) }
      let large = String(repeating: "x", count: 1000)
      do throws(FormatError) {
        try OutputFile.write([
          OutputFile(folder.path("a"), FileContent(text: "new")),
          OutputFile(folder.path("b"), FileContent(text: large)),
        ])
      } catch {
        guard error.kind == .inputOutput, error.message.contains("too large") else { exit(2) }
        let isUntouched = try folder.list() == ["a"] && folder.read("a") == [UInt8]("old".utf8)
        unlink(folder.path("a"))
        rmdir(folder.path)
        exit(isUntouched ? 74 : 3)
      }
      exit(5)
    }
  }

  @Test func fifosAreWrittenStraight() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let array = StoredArray.random(.f32, [301, 300], seed: 4)
    let content = try Npy.encode(array)
    let writer = try Thread {
      #expect(throws: Never.self) { try OutputFile(path, content).write() }
    }
    #expect(try folder.read("pipe") == content.joined)
    writer.join()
    #expect(folder.list() == ["pipe"])
  }

  @Test func signalsWaitUntilTheEnd() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let folder = try TemporaryFolder()
      try SignalDeferral.run { () throws(FormatError) in
        kill(getpid(), SIGTERM)
        // Reached only because the signal waits; a plain write shows it.
        do {
          try folder.write("x", to: "reached")
        } catch {
          exit(3)
        }
        guard folder.list() == ["reached"] else { exit(4) }
        unlink(folder.path("reached"))
        rmdir(folder.path)
      }
      // The signal may be on its way to another thread: this one is a worker that blocks it.
      sleep(30)
      exit(5)
    }
  }

  @Test func ignoredSignalsStayIgnored() async {
    await #expect(processExitsWith: .exitCode(0)) {
      signal(SIGHUP, SIG_IGN)
      try SignalDeferral.run { () throws(FormatError) in _ = kill(getpid(), SIGHUP) }
      exit(kill(getpid(), SIGHUP))
    }
  }

  @Test func standardOutputThatIsClosedOrFull() async {
    await #expect(processExitsWith: .exitCode(74)) {
      let full = open("/dev/full", O_WRONLY)
      dup2(full, STDOUT_FILENO)
      do throws(FormatError) {
        try StandardOutput.write("x")
      } catch {
        exit(error.kind == .inputOutput ? 74 : 1)
      }
      exit(2)
    }
    await #expect(processExitsWith: .exitCode(74)) {
      signal(SIGPIPE, SIG_IGN)
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { exit(1) }
      dup2(ends[1], STDOUT_FILENO)
      close(ends[0])
      do throws(FormatError) {
        try OutputFile("-", FileContent(text: "x")).write()
      } catch {
        exit(error.kind == .inputOutput ? 74 : 1)
      }
      exit(2)
    }
  }

  @Test func formatsBySuffix() throws {
    expectFailure(.usage, "suffix .xyz", ".npy .npz .csv") { () throws(FormatError) in
      try OutputFile("a.xyz", .f64([1], [1]))
    }
    expectFailure(.usage, "without a suffix") { () throws(FormatError) in
      try OutputFile("dir.d/a", .f64([1], [1]))
    }
    expectFailure(.usage, "2 arrays do not fit into one .csv file") { () throws(FormatError) in
      try OutputFile(
        "a.csv", [NamedArray("a", .f64([1], [1])), NamedArray("b", .f64([1], [1]))])
    }
    #expect(try OutputFile("A.NPY", .f64([1], [1])).isBinary)
    #expect(try !OutputFile("-", .f64([1], [1]), format: .csv).isBinary)
  }
}
