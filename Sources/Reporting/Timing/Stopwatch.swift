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

  /// The seconds that each of some runs takes, after one that does not count.
  public static func samples<Failure: Error>(
    runs: Int, _ body: () throws(Failure) -> Void
  ) throws(Failure) -> [Double] {
    try body()
    var samples: [Double] = []
    for _ in 0..<runs {
      let start = now()
      try body()
      samples.append(now() - start)
    }
    return samples
  }
}
