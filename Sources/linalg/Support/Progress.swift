import Glibc
import Reporting
import Synchronization

/// The progress bar of a command, counting steps as they end, on whatever thread.
final class Progress: Sendable {
  private struct State {
    var bar: ProgressBar
    var completed = 0
  }

  private let state: Mutex<State>

  init(_ label: String, steps: Int, unit: String, console: Console) {
    state = Mutex(
      State(
        bar: ProgressBar(
          label, total: steps, unit: unit,
          isTerminal: Console.isTerminal && !console.quiet
            && Environment.value("TERM") != "dumb", at: Stopwatch.now(), write: console.write)))
  }

  /// One more step is done.
  func step() { step(1) }

  /// Some more steps are done.
  func step(_ count: Int) {
    state.withLock { state in
      state.completed += count
      state.bar.update(completed: state.completed, at: Stopwatch.now())
    }
  }

  /// Takes the line away before anything else is written.
  func finish() {
    state.withLock { $0.bar.finish() }
  }
}
