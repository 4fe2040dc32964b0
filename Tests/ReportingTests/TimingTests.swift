import Reporting
import Testing

@Suite("Statistics")
struct StatisticsTests {
  @Test("the values that NumPy gives")
  func numpy() {
    // numpy.percentile, std(ddof=1) and mean of [3, 1, 4, 1, 5, 9, 2, 6].
    let statistics = Statistics([3, 1, 4, 1, 5, 9, 2, 6])
    #expect(statistics.count == 8)
    #expect(statistics.minimum == 1)
    #expect(statistics.maximum == 9)
    #expect(statistics.mean == 3.875)
    #expect(statistics.median == 3.5)
    #expect(statistics.lowerQuartile == 1.75)
    #expect(statistics.upperQuartile == 5.25)
    #expect(statistics.interquartileRange == 3.5)
    #expect(statistics.quantile(0.9) == 6.8999999999999995)
    #expect(abs(statistics.standardDeviation - 2.748376143938713) < 4 * Double.ulpOfOne)
    #expect(abs(statistics.standardError - 0.9716977043151993) < 4 * Double.ulpOfOne)
  }

  @Test("one measurement is all of its statistics and has no spread")
  func single() {
    let statistics = Statistics([2.5])
    #expect(statistics.median == 2.5)
    #expect(statistics.quantile(1) == 2.5)
    #expect(statistics.interquartileRange == 0)
    #expect(statistics.standardError == 0)
  }
}

@Suite("The timing harness")
struct TimingHarnessTests {
  private struct Wrong: Error {
    let text: String
  }

  private final class Log {
    var order = ""
  }

  /// A contestant that takes so many seconds a call, and notes its runs in capitals.
  private func contestant(
    _ name: String, seconds: Double, wrong: String? = nil, _ log: Log
  ) -> Contestant<Int, Wrong> {
    Contestant(
      name: name,
      verify: { () throws(Wrong) in
        log.order += name
        if let wrong { throw Wrong(text: wrong) }
        return 7
      },
      run: { (repeats) throws(Wrong) in
        log.order += name.uppercased() + (repeats > 1 ? "\(repeats)" : "")
        return seconds
      })
  }

  @Test("contestants are verified, warmed up, and timed in turn")
  func inTurn() {
    let log = Log()
    var harness = TimingHarness(runs: 2)
    harness.runSeconds = 0.5
    var steps = 0
    let outcomes = harness.outcomes(
      of: [contestant("a", seconds: 1, log), contestant("b", seconds: 0.25, log)],
      progress: { steps += 1 }, message: \.text)
    #expect(log.order == "aAbBAB2AB2")
    #expect(steps == 6)
    #expect(outcomes.map(\.figures) == [7, 7])
    #expect(outcomes[0].ratio(over: outcomes[1]) == 4)
    #expect(outcomes[0].seconds?.count == 2)
  }

  @Test("a wrong result is not timed, and the others are")
  func wrong() {
    let log = Log()
    var harness = TimingHarness(runs: 1)
    harness.runSeconds = 0
    let outcomes = harness.outcomes(
      of: [
        contestant("a", seconds: 1, wrong: "off by one", log), contestant("b", seconds: 1, log),
      ], message: \.text)
    #expect(log.order == "abBB")
    #expect(outcomes[0].remark == "off by one" && outcomes[0].seconds == nil)
    #expect(outcomes[0].ratio(over: outcomes[1]) == nil)
    #expect(outcomes[1].seconds?.median == 1)
  }

  @Test("in pairs each runs right after the first, without which nobody does")
  func pairs() {
    let log = Log()
    var harness = TimingHarness(runs: 1)
    harness.order = .pairedWithFirst
    harness.runSeconds = 0
    _ = harness.outcomes(
      of: ["a", "b", "c"].map { contestant($0, seconds: 1, log) }, message: \.text)
    #expect(log.order == "aAbBcCABAC")
    let failing = Log()
    let outcomes = harness.outcomes(
      of: [
        contestant("a", seconds: 1, wrong: "wrong", failing), contestant("b", seconds: 1, failing),
      ], message: \.text)
    #expect(failing.order == "a" && outcomes.count == 1)
  }

  @Test("work in this process is repeated after a call that does not count")
  func calls() throws {
    var calls = 0
    let contestant = Contestant<Void, Never>(name: "a", verify: {}, call: { calls += 1 })
    #expect(contestant.run(1) >= 0)
    #expect(calls == 1)
    #expect(contestant.run(3) >= 0)
    #expect(calls == 5)
    #expect(Stopwatch.samples(runs: 4) {}.count == 4)
  }

  @Test("far outliers are counted")
  func outliers() {
    #expect(Statistics([1, 1.1, 1.2, 1.3, 1.4]).outliers == 0)
    #expect(Statistics([1, 1.1, 1.2, 1.3, 9]).outliers == 1)
  }
}

@Suite("The progress bar")
struct ProgressBarTests {
  /// What a bar writes.
  private final class Terminal {
    var writes: [String] = []
  }

  private func bar(on terminal: Terminal, isTerminal: Bool = true) -> ProgressBar {
    ProgressBar("training", total: 2000, unit: "batches", isTerminal: isTerminal, at: 100) {
      terminal.writes.append($0)
    }
  }

  @Test("nothing appears within the first second")
  func delay() {
    let terminal = Terminal()
    var bar = bar(on: terminal)
    bar.update(completed: 900, at: 100.5)
    bar.update(completed: 1000, at: 100.99)
    bar.finish()
    #expect(terminal.writes.isEmpty)
  }

  @Test("the line shows share, rate and time left, and goes away at the end")
  func line() {
    let terminal = Terminal()
    var bar = bar(on: terminal)
    bar.update(completed: 500, at: 102)
    let line = "training  [######------------------]  25 %  500 of 2,000 batches  250 batches/s"
    #expect(terminal.writes == ["\r\(line)  6 s left\u{1B}[K"])
    bar.finish()
    bar.finish()
    #expect(terminal.writes.dropFirst() == ["\r\u{1B}[K"])
  }

  @Test("the line changes ten times a second at most, but shows the end")
  func throttle() {
    let terminal = Terminal()
    var bar = bar(on: terminal)
    for step in 1...1999 { bar.update(completed: step, at: 101 + Double(step) / 1000) }
    #expect((18...21).contains(terminal.writes.count))
    let before = terminal.writes.count
    bar.update(completed: 2000, at: 103)
    #expect(terminal.writes.count == before + 1)
    #expect(terminal.writes.last?.contains("100 %") == true)
  }

  @Test("a pipe sees nothing")
  func pipe() {
    let terminal = Terminal()
    var bar = bar(on: terminal, isTerminal: false)
    bar.update(completed: 1000, at: 200)
    bar.finish()
    #expect(terminal.writes.isEmpty)
  }

  @Test("slow, empty and overshooting work has a line too")
  func extremes() {
    let terminal = Terminal()
    var slow = bar(on: terminal)
    slow.update(completed: 0, at: 102)
    slow.update(completed: 1, at: 110)
    slow.update(completed: 40, at: 200)
    slow.update(completed: 5000, at: 300)
    #expect(terminal.writes[0].hasSuffix("0 %  0 of 2,000 batches\u{1B}[K"))
    #expect(terminal.writes[1].hasSuffix("0.100 batches/s  5 h 33 min left\u{1B}[K"))
    #expect(terminal.writes[2].hasSuffix("0.400 batches/s  1 h 21 min left\u{1B}[K"))
    #expect(terminal.writes[3].contains("100 %  2,000 of 2,000 batches"))
    var empty = ProgressBar("x", total: 0, unit: "steps", isTerminal: true, at: 0) {
      terminal.writes.append($0)
    }
    empty.update(completed: 0, at: 2)
    #expect(terminal.writes.last?.contains("100 %  0 of 0 steps") == true)
  }
}
