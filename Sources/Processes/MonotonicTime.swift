import Glibc

/// A clock that nobody sets, for deadlines.
public enum MonotonicTime {
  /// Seconds since some time in the past.
  public static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The time left until a deadline as `poll` takes it: nil when it has passed, never so long that
  /// it overflows.
  public static func pollTimeout(until deadline: Double) -> Int32? {
    let milliseconds = (deadline - now()) * 1000
    return milliseconds > 0 ? Int32(min(milliseconds, 1e6)) + 1 : nil
  }
}
