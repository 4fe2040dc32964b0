/// Something to verify and time, with figures of what its result is worth.
public struct Contestant<Figures, Failure: Error> {
  /// The name for the table.
  public let name: String
  /// Does the work once and checks the result; a wrong one is thrown.
  public let verify: () throws(Failure) -> Figures
  /// The mean seconds of so many calls; several are preceded by one that does not count.
  public let run: (_ repeats: Int) throws(Failure) -> Double

  /// Work that times itself, as a program does.
  public init(
    name: String, verify: @escaping () throws(Failure) -> Figures,
    run: @escaping (_ repeats: Int) throws(Failure) -> Double
  ) {
    (self.name, self.verify, self.run) = (name, verify, run)
  }

  /// Work in this process.
  public init(
    name: String, verify: @escaping () throws(Failure) -> Figures,
    call: @escaping () throws(Failure) -> Void
  ) {
    self.init(name: name, verify: verify) { (repeats) throws(Failure) in
      if repeats > 1 { try call() }
      let stopwatch = Stopwatch()
      for _ in 0..<repeats { try call() }
      return stopwatch.seconds / Double(repeats)
    }
  }
}

/// What came out of a contestant.
public struct Outcome<Figures> {
  public let name: String
  /// Nil where the result was wrong.
  public internal(set) var figures: Figures?
  /// Seconds of a call; nil when nothing was timed.
  public internal(set) var seconds: Statistics?
  /// Why nothing was timed.
  public internal(set) var remark: String?

  /// Something that was not timed.
  public init(name: String, remark: String? = nil) { (self.name, self.remark) = (name, remark) }

  /// The time of this outcome over another's, by the medians.
  public func ratio(over other: Outcome) -> Double? {
    guard let mine = seconds, let theirs = other.seconds else { return nil }
    return mine.median / theirs.median
  }
}

/// Takes a result, so that the optimiser cannot see it unused.
@inline(never)
public func blackHole<Result>(_ result: Result) {}
