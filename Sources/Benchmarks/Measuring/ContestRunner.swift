import Reporting

/// What came out of one workload.
struct WorkloadResult {
  let workload: any Workload
  /// Ours first.
  let outcomes: [Outcome]
  /// The operations per second of a large product of the same precision.
  var productRate: Double?

  var ours: Outcome { outcomes[0] }
  var peers: ArraySlice<Outcome> { outcomes.dropFirst() }
}

/// Verifies and times one workload.
struct ContestRunner {
  /// Between two contestants: idle BLAS and OpenMP threads spin before they sleep, up to 200 ms
  /// in Intel's runtime, and would take a processor from the next one.
  private static let pauseSeconds = 0.25

  let context: BenchContext
  let runs: Int

  /// Every peer right after one of ours. When ours is wrong, nobody is timed.
  func result(of workload: any Workload) -> WorkloadResult {
    let contest: Contest
    do throws(BenchError) {
      contest = try workload.contest(in: context)
    } catch {
      return WorkloadResult(
        workload: workload, outcomes: [Outcome(name: "linalg", remark: error.message)])
    }
    var harness = TimingHarness(runs: runs)
    harness.order = .pairedWithFirst
    harness.pauseSeconds = Self.pauseSeconds
    return WorkloadResult(
      workload: workload,
      outcomes: harness.outcomes(of: [contest.ours] + contest.peers, message: \.message))
  }
}
