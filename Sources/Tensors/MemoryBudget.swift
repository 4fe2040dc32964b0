import Synchronization

/// Counts the memory that large arrays take and refuses what would not fit.
///
/// A failed allocation aborts a Swift program, so every large array is asked for here first.
/// The count also serves the tables: "extra bytes" are what was reserved, not an estimate.
public final class MemoryBudget: Sendable {
  private struct State {
    var current = 0
    var peak = 0
  }

  /// The bytes that may be reserved at the same time.
  public let limit: Int
  private let state = Mutex(State())

  /// A budget of `limit` bytes.
  public init(limit: Int) { self.limit = limit }

  /// The memory that this process may still take: `MemAvailable`, cut by a cgroup limit.
  ///
  /// Nine tenths of it, so that the caches of the system and the page tables find room.
  public static func system() -> MemoryBudget {
    var available = Int.max
    for line in SystemFile.lines(of: "/proc/meminfo") where line.hasPrefix("MemAvailable:") {
      let words = line.split(separator: " ")
      if words.count > 1, let kilobytes = Int(words[1]) { available = kilobytes * 1024 }
    }
    if let text = SystemFile.firstLine(of: "/sys/fs/cgroup/memory.max"), let limit = Int(text) {
      let used = SystemFile.firstLine(of: "/sys/fs/cgroup/memory.current").flatMap { Int($0) } ?? 0
      // Files in the cache count as used, but make room when asked to.
      var cached = 0
      for line in SystemFile.lines(of: "/sys/fs/cgroup/memory.stat")
      where line.hasPrefix("inactive_file ") {
        cached = line.split(separator: " ").last.flatMap { Int($0) } ?? 0
      }
      available = min(available, max(0, limit - max(0, used - cached)))
    }
    return MemoryBudget(limit: available == .max ? .max : available / 10 * 9)
  }

  /// A budget that refuses nothing but still counts.
  public static func unlimited() -> MemoryBudget { MemoryBudget(limit: .max) }

  /// The bytes reserved now.
  public var current: Int { state.withLock { $0.current } }

  /// The most bytes that were reserved at one time.
  public var peak: Int { state.withLock { $0.peak } }

  /// Asks whether `bytes` fit beside what is reserved, without reserving them.
  ///
  /// - Throws: `NumericalError.memory` with the bytes needed and available.
  public func check(_ bytes: Int, for purpose: @autoclosure () -> String) throws(NumericalError) {
    let current = self.current
    guard bytes <= limit - min(current, limit) else {
      throw .memory(
        needed: bytes, available: limit - min(current, limit), purpose: purpose())
    }
  }

  /// Reserves `bytes` until `release` is called with the same number.
  ///
  /// - Throws: `NumericalError.memory` with the bytes needed and available.
  public func reserve(_ bytes: Int, for purpose: @autoclosure () -> String) throws(NumericalError) {
    let available: Int? = state.withLock { state in
      let available = limit - min(state.current, limit)
      guard bytes <= available else { return available }
      state.current += bytes
      state.peak = max(state.peak, state.current)
      return nil
    }
    if let available {
      throw .memory(needed: bytes, available: available, purpose: purpose())
    }
  }

  /// Gives back what `reserve` took.
  public func release(_ bytes: Int) {
    state.withLock { $0.current -= min(bytes, $0.current) }
  }

  /// Reserves `bytes` for the duration of `body`.
  public func reserving<Result>(
    _ bytes: Int, for purpose: @autoclosure () -> String,
    _ body: () throws(NumericalError) -> Result
  ) throws(NumericalError) -> Result {
    try reserve(bytes, for: purpose())
    defer { release(bytes) }
    return try body()
  }
}
