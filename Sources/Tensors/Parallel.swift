internal import Dispatch

/// Loops over independent work on several threads.
public enum Parallel {
  /// The processors that this process may use: its affinity mask, cut by a cgroup CPU quota.
  public static func availableProcessors() -> Int {
    var count = 1
    for line in SystemFile.lines(of: "/proc/self/status") where line.hasPrefix("Cpus_allowed:") {
      // A hexadecimal mask, in groups of 32 bits separated by commas.
      let mask = line.split(separator: "\t").last ?? ""
      count = mask.split(separator: ",").reduce(0) {
        $0 + (UInt64($1, radix: 16)?.nonzeroBitCount ?? 0)
      }
    }
    if let quota = cgroupProcessorQuota() { count = min(count, quota) }
    return max(1, count)
  }

  /// Splits `0..<count` into one contiguous range per thread and runs them side by side.
  ///
  /// BLAS runs with one thread inside `body`, so that the two levels of parallelism do not
  /// fight over the processors. Every index is visited exactly once; the ranges must not write
  /// to the same memory. The number of BLAS threads belongs to the process: two threads that call
  /// this at the same time are correct but may get fewer threads than there are. With one thread, or fewer than `2 * grain` items, `body` runs here.
  /// - Parameters:
  ///   - count: the number of work items.
  ///   - grain: the fewest items that are worth a thread of their own.
  ///   - body: called once per range, possibly on another thread.
  public static func forEachRange(
    _ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void
  ) {
    let threads = BLAS.threads
    let parts = min(threads, count / max(1, grain))
    guard parts > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    BLAS.setThreads(1)
    defer { BLAS.setThreads(threads) }
    withoutActuallyEscaping(body) { body in
      let shared = SharedBody(call: body)
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        shared.call(count * part / parts..<count * (part + 1) / parts)
      }
    }
  }

  /// Carries the loop's body to the other threads.
  ///
  /// `@unchecked` is safe here: the threads end before `forEachRange` returns, so nothing that
  /// the body borrows is gone, and the ranges are disjoint, which is the body's contract.
  private struct SharedBody: @unchecked Sendable {
    let call: (Range<Int>) -> Void
  }

  /// cgroup v2 `cpu.max`, rounded up to whole processors; nil when unlimited or absent.
  private static func cgroupProcessorQuota() -> Int? {
    guard let text = SystemFile.firstLine(of: "/sys/fs/cgroup/cpu.max") else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), period > 0
    else { return nil }
    return (quota + period - 1) / period
  }
}
