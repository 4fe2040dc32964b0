import Reporting

extension Contestant {
  /// The engine, called in this process.
  static func ours(
    verify: @escaping () throws(BenchError) -> Figures,
    call: @escaping () throws(BenchError) -> Void
  ) -> Contestant {
    Contestant(
      name: "linalg", verify: verify,
      run: { (repeats) throws(BenchError) in
        if repeats > 1 { try call() }
        let stopwatch = Stopwatch()
        for _ in 0..<repeats { try call() }
        return stopwatch.seconds / Double(repeats)
      })
  }
}

/// Takes a result, so that the optimiser cannot see it unused.
@inline(never)
func blackHole<Result>(_ result: Result) {}
