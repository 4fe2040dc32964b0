import Reporting

/// The page docs/benchmarks.md.
struct BenchmarkPage {
  /// Digits of the figures: times repeat to about two.
  private static let digits = 3

  let machine: Machine
  let options: BenchOptions
  let results: [WorkloadResult]
  let version: String

  /// The whole page.
  var text: String {
    let goals = GoalTable.report(results, version: version)
    let table = ResultTable.report(results, version: version, threads: options.threads)
    return """
      # Benchmarks

      Written by `make bench`; the ratios are what counts, the times belong to one machine.

      ## How it was measured

      - Ours runs in the benchmark's process, the peers in one Python process; all get the same
        input, precision and number of threads: \(options.threads). Building and converting the
        input stands outside the clock; for whole commands start-up and files stand inside.
      - Every result is verified before it is timed; a wrong one is not timed at all. The error of
        a low-rank approximation is measured in double precision against the optimum, which
        LAPACK's singular values give.
      - The einsums are read and planned inside the clock, by ours and by the peers. Of a mere
        transpose NumPy and PyTorch return a view that moves no data; to get an array as ours is,
        they make it contiguous inside the clock. Elements of ours are held against the definition,
        the peers' results against ours.
      - Each run of a peer follows one of ours, after a pause in which idle threads go to sleep.
        A run repeats calls shorter than 50 ms and takes their mean. Runs of each peer after a
        warm-up: \(options.runs). The ratio is the peer's median over ours: above 1, linalg is
        faster.

      ## Machine

      \(machineText)
      ## Against the goals

      Each row takes the fastest of the peers that the goal names; `linalg` with more behind it is
      ours in another way: a part of the work, or fewer threads.

      \(goals.rendered(as: .markdown, digits: Self.digits))
      ## Every measurement

      \(table.rendered(as: .markdown, digits: Self.digits))\
      \(table.renderedNotes(as: .markdown))
      """
  }

  private var machineText: String {
    var lines = [
      "\(machine.processor), \(machine.processors) processors",
      "linalg \(version) on \(machine.blas)",
    ]
    if !machine.peers.isEmpty {
      lines.append(machine.peers.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
    }
    return lines.map { "- \($0)\n" }.joined()
  }
}
