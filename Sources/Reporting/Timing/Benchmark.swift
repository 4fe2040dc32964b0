/// Times pieces of work side by side.
public enum Benchmark {
  /// Something to time.
  public struct Candidate<Failure: Error> {
    /// The name for the table.
    public let name: String
    /// The work; what it needs is prepared before.
    public let body: () throws(Failure) -> Void

    /// A candidate by name.
    public init(_ name: String, _ body: @escaping () throws(Failure) -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// The times of one candidate.
  public struct Measurement: Sendable {
    /// The candidate's name.
    public let name: String
    /// Seconds per run, in the order of the runs.
    public let samples: [Double]
    /// The samples described.
    public let statistics: Statistics

    /// How often as fast as `reference` this candidate is, by the medians: above 1 is faster.
    public func speedup(over reference: Measurement) -> Double {
      reference.statistics.median / statistics.median
    }
  }

  /// The seconds that each of `runs` runs takes, after `warmup` runs that do not count.
  public static func measure<Failure: Error>(
    runs: Int, warmup: Int = 1, clock: () -> Double = Stopwatch.now,
    _ body: () throws(Failure) -> Void
  ) throws(Failure) -> [Double] {
    for _ in 0..<warmup { try body() }
    var samples: [Double] = []
    for _ in 0..<runs {
      let start = clock()
      try body()
      samples.append(clock() - start)
    }
    return samples
  }

  /// Times several candidates in turn, A B A B …, so that a change of the machine's speed meets all
  /// of them. No run at all traps.
  ///
  /// - Parameter clock: seconds since any moment; tests pass their own.
  public static func compare<Failure: Error>(
    runs: Int, warmup: Int = 1, clock: () -> Double = Stopwatch.now,
    _ candidates: [Candidate<Failure>]
  ) throws(Failure) -> [Measurement] {
    precondition(runs > 0, "a benchmark of no runs")
    for _ in 0..<warmup {
      for candidate in candidates { try candidate.body() }
    }
    var samples = [[Double]](repeating: [], count: candidates.count)
    for _ in 0..<runs {
      for (index, candidate) in candidates.enumerated() {
        samples[index] += try measure(runs: 1, warmup: 0, clock: clock, candidate.body)
      }
    }
    return zip(candidates, samples).map { candidate, samples in
      Measurement(name: candidate.name, samples: samples, statistics: Statistics(samples))
    }
  }
}
