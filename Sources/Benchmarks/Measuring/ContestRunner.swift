import Glibc
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

/// What came out of one contestant.
struct Outcome {
  let name: String
  var figures = Figures()
  /// Seconds of a call; nil when nothing was timed.
  var seconds: Statistics?
  /// Why nothing was timed.
  var remark: String?

  /// The time of this outcome over another's, by the medians.
  func ratio(over other: Outcome) -> Double? {
    guard let mine = seconds, let theirs = other.seconds else { return nil }
    return mine.median / theirs.median
  }
}

/// Verifies and times one workload.
struct ContestRunner {
  /// Between two contestants: idle BLAS and OpenMP threads spin before they sleep, up to 200 ms
  /// in Intel's runtime, and would take a processor from the next one.
  private static let pauseMicroseconds: UInt32 = 250_000
  /// Shorter calls are repeated within a run until it takes about so many seconds.
  private static let runSeconds = 0.05
  private static let mostRepeats = 1000

  let context: BenchContext
  let runs: Int

  /// A wrong result is not timed. When ours fails, nobody is.
  func result(of workload: any Workload) -> WorkloadResult {
    let contest: Contest
    do throws(BenchError) {
      contest = try workload.contest(in: context)
    } catch {
      return WorkloadResult(
        workload: workload, outcomes: [Outcome(name: "linalg", remark: error.message)])
    }
    var entrants: [Entrant] = []
    for contestant in [contest.ours] + contest.peers {
      entrants.append(verified(contestant))
      if entrants[0].outcome.remark != nil { break }
    }
    if entrants[0].outcome.remark == nil {
      for _ in 0..<runs { playRound(&entrants) }
    }
    return WorkloadResult(workload: workload, outcomes: entrants.map(\.finished))
  }

  /// One run of every peer, each right after one of ours.
  private func playRound(_ entrants: inout [Entrant]) {
    if entrants.count == 1 { time(&entrants[0]) }
    for index in entrants.indices.dropFirst() where entrants[index].outcome.remark == nil {
      time(&entrants[0])
      time(&entrants[index])
    }
  }

  private func verified(_ contestant: Contestant) -> Entrant {
    var entrant = Entrant(contestant: contestant, outcome: Outcome(name: contestant.name))
    do throws(BenchError) {
      entrant.outcome.figures = try contestant.verify()
      // The warm-up, which also tells how long a call is.
      usleep(Self.pauseMicroseconds)
      let seconds = try contestant.run(1)
      let repeats = (Self.runSeconds / max(seconds, 1e-9)).rounded(.up)
      entrant.repeats = Int(min(repeats, Double(Self.mostRepeats)))
    } catch {
      entrant.outcome.remark = error.message
    }
    return entrant
  }

  private func time(_ entrant: inout Entrant) {
    guard entrant.outcome.remark == nil else { return }
    usleep(Self.pauseMicroseconds)
    do throws(BenchError) {
      entrant.samples.append(try entrant.contestant.run(entrant.repeats))
    } catch {
      entrant.outcome.remark = error.message
    }
  }
}

/// A contestant on its way through the rounds.
private struct Entrant {
  let contestant: Contestant
  var outcome: Outcome
  var repeats = 1
  var samples: [Double] = []

  var finished: Outcome {
    var result = outcome
    if outcome.remark == nil, !samples.isEmpty { result.seconds = Statistics(samples) }
    return result
  }
}
