internal import Glibc

/// Verifies contestants, then times them in turn, so that a change of the machine's speed meets all of
/// them. A wrong result is not timed.
public struct TimingHarness: Sendable {
  /// In what order contestants run within a round.
  public enum Order: Sendable {
    /// A B C, A B C, …
    case inTurn
    /// A B, A C, …: each right after the first, which it is compared with. When the first fails, nobody
    /// is timed.
    case pairedWithFirst
  }

  public var order = Order.inTurn
  /// The rounds.
  public var runs: Int
  /// Shorter calls are repeated within a run until it takes about so many seconds.
  public var runSeconds = 0.05
  /// At most so often.
  public var mostRepeats = 1000
  /// Before each run: threads of the last may spin before they sleep.
  public var pauseSeconds = 0.0

  public init(runs: Int) { self.runs = runs }

  /// - Parameters:
  ///   - progress: called after each verification and each run.
  ///   - message: what a failure says.
  public func outcomes<Figures, Failure: Error>(
    of contestants: [Contestant<Figures, Failure>], progress: () -> Void = {},
    message: (Failure) -> String
  ) -> [Outcome<Figures>] {
    var entrants = contestants.map { Entrant(contestant: $0) }
    for place in entrants.indices {
      verify(&entrants[place], message)
      progress()
      if order == .pairedWithFirst, entrants[0].outcome.remark != nil {
        return [entrants[0].outcome]
      }
    }
    for _ in 0..<runs {
      for place in entrants.indices where entrants[place].outcome.remark == nil {
        switch order {
        case .inTurn: time(&entrants[place], message)
        case .pairedWithFirst:
          // Alone when nobody is left to be compared with.
          let hasRivals = entrants.dropFirst().contains { $0.outcome.remark == nil }
          guard place > 0 || !hasRivals else { continue }
          if place > 0 { time(&entrants[0], message) }
          time(&entrants[place], message)
        }
        progress()
      }
    }
    return entrants.map(\.finished)
  }

  private func verify<Figures, Failure>(
    _ entrant: inout Entrant<Figures, Failure>, _ message: (Failure) -> String
  ) {
    do throws(Failure) {
      entrant.outcome.figures = try entrant.contestant.verify()
      // The warm-up, which also tells how long a call is.
      pause()
      let repeats = (runSeconds / max(try entrant.contestant.run(1), 1e-9)).rounded(.up)
      entrant.repeats = Int(min(repeats, Double(mostRepeats)))
    } catch {
      entrant.outcome.remark = message(error)
    }
  }

  private func time<Figures, Failure>(
    _ entrant: inout Entrant<Figures, Failure>, _ message: (Failure) -> String
  ) {
    guard entrant.outcome.remark == nil else { return }
    pause()
    do throws(Failure) {
      entrant.samples.append(try entrant.contestant.run(entrant.repeats))
    } catch {
      entrant.outcome.remark = message(error)
    }
  }

  private func pause() {
    if pauseSeconds > 0 { usleep(UInt32(pauseSeconds * 1e6)) }
  }
}

/// A contestant on its way through the rounds.
private struct Entrant<Figures, Failure: Error> {
  let contestant: Contestant<Figures, Failure>
  var outcome: Outcome<Figures>
  var repeats = 1
  var samples: [Double] = []

  init(contestant: Contestant<Figures, Failure>) {
    self.contestant = contestant
    outcome = Outcome(name: contestant.name)
  }

  var finished: Outcome<Figures> {
    var result = outcome
    if outcome.remark == nil, !samples.isEmpty { result.seconds = Statistics(samples) }
    return result
  }
}
