internal import Synchronization

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

  /// Splits `0..<count` into one contiguous range per thread and runs them side by side: for many
  /// items of equal cost. Items of uneven cost are for `forEachItem`.
  ///
  /// BLAS runs with one thread inside `body`, so that the two levels of parallelism do not
  /// fight over the processors. Every index is visited exactly once; the ranges must not write
  /// to the same memory. The number of BLAS threads belongs to the process: two threads that call
  /// this at the same time are correct but may get fewer threads than there are. With one thread,
  /// or fewer than `2 * grain` items, `body` runs here.
  /// - Parameters:
  ///   - count: the number of work items.
  ///   - grain: the fewest items that are worth a thread of their own.
  ///   - body: called once per range, possibly on another thread.
  public static func forEachRange(
    _ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void
  ) {
    let parts = min(BLAS.threads, count / max(1, grain))
    guard parts > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    onThreads(parts) { part in
      body(count * part / parts..<count * (part + 1) / parts)
    }
  }

  /// Steps that need one another, each split over the threads as `forEachRange` does: the next one
  /// begins when all parts of the last are done.
  ///
  /// For many short steps: the threads wait awake between them, and BLAS is told only once.
  /// - Parameters:
  ///   - steps: how many there are.
  ///   - count: the work items of each.
  ///   - grain: the fewest items that are worth a thread of their own.
  ///   - body: called with a step and a range, possibly on another thread.
  public static func forEachStep(
    _ steps: Int, count: Int, grain: Int = 1, _ body: (_ step: Int, _ items: Range<Int>) -> Void
  ) {
    let threads = BLAS.threads
    let parts = min(threads, count / max(1, grain))
    guard parts > 1 else {
      for step in 0..<steps where count > 0 { body(step, 0..<count) }
      return
    }
    BLAS.setThreads(1)
    defer { BLAS.setThreads(threads) }
    WorkerPool.shared.run(steps: steps, parts) { step, part in
      body(step, count * part / parts..<count * (part + 1) / parts)
    }
  }

  /// Visits every index of `0..<count` once, on all threads; each thread takes the next index when
  /// it is done with its last: for items whose cost is large and uneven.
  ///
  /// Many cheap items of equal cost are for `forEachRange`, which calls its body once per thread.
  /// BLAS runs with one thread inside `body`; two items must not write to the same memory, and
  /// their order is not known. With one thread, or one item, `body` runs here, in order, and BLAS
  /// keeps its threads.
  /// - Parameters:
  ///   - count: the number of work items.
  ///   - body: called once per index, possibly on another thread.
  public static func forEachItem(_ count: Int, _ body: (Int) -> Void) {
    let workers = min(BLAS.threads, count)
    guard workers > 1 else {
      for index in 0..<max(0, count) { body(index) }
      return
    }
    let next = Atomic(0)
    onThreads(workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// Calls `body` with 0..<workers side by side, BLAS at one thread meanwhile.
  private static func onThreads(_ workers: Int, _ body: (Int) -> Void) {
    let threads = BLAS.threads
    BLAS.setThreads(1)
    defer { BLAS.setThreads(threads) }
    WorkerPool.shared.run(workers, body)
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
