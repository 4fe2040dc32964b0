import Glibc
import Processes
import TestSupport
import Testing

@Suite("Started programs")
struct SpawnedProgramTests {
  @Test("a program that stays is ended by force, and nothing is left of it")
  func force() throws {
    let folder = try TemporaryFolder()
    let ready = folder.path("ready")
    let program = try SpawnedProgram(
      ["sh", "-c", "trap '' TERM; : > \(ready); while :; do sleep 0.01; done"])
    while access(ready, F_OK) != 0 { usleep(1000) }
    #expect(program.wait(seconds: 0) == nil)
    #expect(program.end(after: 0, grace: 0.1).ending == .signal(Int(SIGKILL)))
    #expect(kill(program.process, 0) == -1 && errno == ESRCH)
    // Asked again, it answers the same and waits for nobody.
    #expect(program.wait().ending == .signal(Int(SIGKILL)))
  }

  @Test("a program that obeys is asked first")
  func request() throws {
    let program = try SpawnedProgram(["sleep", "60"])
    #expect(program.end(after: 0, grace: 60).ending == .signal(Int(SIGTERM)))
  }

  @Test("memory is counted")
  func usage() throws {
    let usage = try SpawnedProgram(["true"]).wait()
    #expect(usage.ending == .status(0))
    #expect(usage.peakBytes > 100_000)
  }
}
