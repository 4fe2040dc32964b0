import CVectorMath
import Glibc
import Testing

/// Threads that leave a processor.
struct WorkerPlacementTests {
  /// The processors that the calling thread may use.
  private func allowedProcessors() throws -> Int {
    let status = try #require(fopen("/proc/thread-self/status", "r"))
    defer { fclose(status) }
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), status) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      guard text.hasPrefix("Cpus_allowed:") else { continue }
      return text.dropFirst("Cpus_allowed:".count).reduce(0) {
        $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount
      }
    }
    return 0
  }

  @Test("A thread that leaves its processor runs on another one, if there is any")
  func leave() throws {
    // The system may move it back before it looks.
    var hasMoved = false
    for _ in 0..<1000 where !hasMoved {
      let before = processor_current()
      processor_leave(before)
      hasMoved = processor_current() != before
    }
    #expect(hasMoved == (try allowedProcessors() > 1))
  }

  @Test("A thread that has left a processor may use all that it could use before")
  func restoredMask() throws {
    let before = try allowedProcessors()
    processor_leave(processor_current())
    #expect(try allowedProcessors() == before)
    // Unknown processors change nothing.
    for processor: Int32 in [-1, 1 << 20, .max] { processor_leave(processor) }
    #expect(try allowedProcessors() == before)
  }
}
