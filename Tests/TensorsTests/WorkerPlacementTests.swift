import CVectorMath
import Glibc
import Testing

/// Threads that leave a processor.
struct WorkerPlacementTests {
  /// The processors that the calling thread may use.
  private func allowedProcessors() -> Int {
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 0 }
    return withUnsafeBytes(of: set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  @Test("A thread that leaves its processor runs on another one, if there is any")
  func leave() {
    // The system may move it back before it looks.
    var hasMoved = false
    for _ in 0..<1000 where !hasMoved {
      let before = processor_current()
      processor_leave(before)
      hasMoved = processor_current() != before
    }
    #expect(hasMoved == (allowedProcessors() > 1))
  }

  @Test("A thread that has left a processor may use all that it could use before")
  func restoredMask() {
    let before = allowedProcessors()
    processor_leave(processor_current())
    #expect(allowedProcessors() == before)
    // Unknown processors change nothing.
    for processor: Int32 in [-1, 1 << 20, .max] { processor_leave(processor) }
    #expect(allowedProcessors() == before)
  }
}
