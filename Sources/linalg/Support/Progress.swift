import Glibc
import Reporting

/// The progress bar of a command, counting steps as they end.
///
/// A class, because the steps end in different places.
final class Progress {
  private var bar: ProgressBar
  private var completed = 0

  init(_ label: String, steps: Int, unit: String, console: Console) {
    bar = ProgressBar(
      label, total: steps, unit: unit,
      isTerminal: Console.isTerminal && !console.quiet
        && Environment.value("TERM") != "dumb", at: Stopwatch.now(), write: console.write)
  }

  /// One more step is done.
  func step() {
    completed += 1
    bar.update(completed: completed, at: Stopwatch.now())
  }

  /// Takes the line away before anything else is written.
  func finish() { bar.finish() }
}
