internal import Glibc

/// Measures elapsed time on a clock that nobody sets.
public struct Stopwatch: Sendable {
  private let start = Stopwatch.now()

  /// A stopwatch that starts now.
  public init() {}

  /// The seconds since the start.
  public var seconds: Double { Stopwatch.now() - start }

  /// Seconds since an arbitrary moment, the same for the whole process.
  public static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
