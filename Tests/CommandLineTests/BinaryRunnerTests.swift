import TestSupport
import Testing

@Suite("The runner of built programs")
struct BinaryRunnerTests {
  private let shell = BinaryRunner(executable: "/bin/sh")

  @Test("status, output and error come back, input goes in")
  func streams() throws {
    let result = try shell.run(["-c", "cat; echo bad >&2; exit 7"], input: Array("good".utf8))
    #expect(result.status == 7)
    #expect(result.output == "good")
    #expect(result.error == "bad\n")
  }

  @Test("megabytes in both directions do not lock up")
  func large() throws {
    let bytes = [UInt8](repeating: 65, count: 3_000_000)
    let result = try shell.run(["-c", "cat; head -c 2000000 /dev/zero >&2"], input: bytes)
    #expect(result.outputBytes == bytes)
    #expect(result.errorBytes.count == 2_000_000)
  }

  @Test("a program may end without reading its input")
  func unreadInput() throws {
    let bytes = [UInt8](repeating: 65, count: 3_000_000)
    #expect(try shell.run(["-c", "exit 3"], input: bytes).status == 3)
  }

  @Test("a signal counts from 128", arguments: [("KILL", 137), ("PIPE", 141), ("TERM", 143)])
  func signals(name: String, status: Int) throws {
    #expect(try shell.run(["-c", "kill -\(name) $$"]).status == status)
  }

  @Test("folder and variables are what the test says")
  func surroundings() throws {
    let folder = try TemporaryFolder()
    let result = try shell.run(
      ["-c", "pwd; echo $OPENBLAS_NUM_THREADS $NO_COLOR [$X] [$HOME]; echo x > made"],
      environment: ["X": "y z", "HOME": nil], in: folder.path)
    #expect(result.output == "\(folder.path)\n1 1 [y z] []\n")
    #expect(folder.list() == ["made"])
    #expect(try folder.read("made") == Array("x\n".utf8))
  }

  @Test("a temporary folder goes with all that is in it")
  func removal() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(folder?.path)
    _ = try shell.run(["-c", "mkdir -p a/b; echo x > a/b/c; ln -s /etc/passwd l"], in: path)
    folder = nil
    #expect(try shell.run(["-c", "test -e \(path)"]).status == 1)
  }

  @Test("a full or closed output is an error for the program")
  func badOutput() throws {
    #expect(try shell.run(["-c", "echo x"], output: .file("/dev/full")).status != 0)
    #expect(try shell.run(["-c", "echo x"], output: .closed).status != 0)
  }

  @Test("a hang is ended", arguments: ["sleep 20", "exec >&- 2>&-; exec sleep 20"])
  func hang(script: String) {
    var impatient = shell
    impatient.secondsAllowed = 1
    #expect(throws: RunFailure.self) { try impatient.run(["-c", script]) }
  }

  @Test("a program that is not there is a failure of the test")
  func missing() {
    #expect(throws: RunFailure.self) { try BinaryRunner(executable: "/nonexistent").run([]) }
  }

  @Test("the built program is found")
  func linalg() throws {
    _ = try BinaryRunner.linalg()
  }
}
