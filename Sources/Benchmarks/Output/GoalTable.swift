import RealModule
import Reporting

/// The measurements against what BENCHMARKS.md wants: a row per goal.
enum GoalTable {
  private static let columns = [
    Column("work", header: "work", format: .text),
    Column("against", header: "against", format: .text),
    Column("goal", header: "goal", format: .text),
    Column("measured", header: "measured", format: .text),
    Column("ours_excess", header: "our error over optimum", format: .significant(2)),
    Column("peer_excess", header: "theirs", format: .significant(2)),
    Column("met", header: "met", format: .text),
  ]

  /// The goals of the workloads that ran.
  static func report(_ results: [WorkloadResult], version: String) -> Report {
    var report = Report(command: "benchmarks", version: version, columns: columns)
    for result in results {
      for goal in result.workload.goals { report.append(row(goal, result)) }
    }
    for goal in suiteGoals {
      let members = results.filter { goal.workloads.contains($0.workload.name) }
      if !members.isEmpty { report.append(suiteRow(goal, members)) }
    }
    return report
  }

  private static func row(_ goal: Goal, _ result: WorkloadResult) -> [Cell] {
    switch goal.target {
    case .ratio(let reach, let names): ratioRow(goal, result, atLeast: reach, against: names)
    case .limits(let seconds, let bytes): limitsRow(goal, result, seconds: seconds, bytes: bytes)
    }
  }

  private static func ratioRow(
    _ goal: Goal, _ result: WorkloadResult, atLeast reach: Double, against names: [String]
  ) -> [Cell] {
    let goalText = "≥ \(NumberText.significant(reach, digits: 2))"
    guard let best = fastest(of: names, in: result) else {
      return [.text(goal.work), .missing, .text(goalText)] + [Cell](repeating: .missing, count: 4)
    }
    let ours = result.ours.figures?.excessError
    let theirs = best.rival.figures?.excessError
    var verdict = best.ratio >= reach ? "yes" : "no"
    // Being faster by being less accurate is no win; the reader shall see it.
    if let ours, let theirs, ours > theirs { verdict += ", at a larger error" }
    return [
      .text(goal.work), .text(best.rival.name), .text(goalText),
      .text(NumberText.significant(best.ratio, digits: 3)), Cell(ours), Cell(theirs),
      .text(verdict),
    ]
  }

  /// The fastest peer whose name begins with one of `names`.
  private static func fastest(
    of names: [String], in result: WorkloadResult
  ) -> (rival: Outcome, ratio: Double)? {
    let rivals = result.peers.filter { peer in names.contains { peer.name.hasPrefix($0) } }
    return rivals.compactMap { rival in
      rival.ratio(over: result.ours).map { (rival: rival, ratio: $0) }
    }.min { $0.ratio < $1.ratio }
  }

  /// The geometric mean over the members that ran; missing when one of them has no ratio.
  private static func suiteRow(_ goal: SuiteGoal, _ members: [WorkloadResult]) -> [Cell] {
    let count =
      members.count == goal.workloads.count
      ? "\(members.count)" : "\(members.count) of \(goal.workloads.count)"
    let head: [Cell] = [
      .text("\(goal.work), geometric mean of \(count)"), .text("the fastest of each case"),
      .text("≥ \(NumberText.significant(goal.reach, digits: 2))"),
    ]
    let ratios = members.compactMap { fastest(of: goal.against, in: $0)?.ratio }
    guard ratios.count == members.count else {
      return head + [Cell](repeating: .missing, count: 4)
    }
    let mean = Double.exp(ratios.reduce(0) { $0 + .log($1) } / Double(ratios.count))
    return head + [
      .text(NumberText.significant(mean, digits: 3)), .missing, .missing,
      .text(mean >= goal.reach ? "yes" : "no"),
    ]
  }

  private static func limitsRow(
    _ goal: Goal, _ result: WorkloadResult, seconds: Double, bytes: Int?
  ) -> [Cell] {
    func text(_ seconds: Double, _ bytes: Int?) -> String {
      NumberText.seconds(seconds)
        + (bytes.map { ", \(NumberText.fixed(Double($0) * 1e-6, decimals: 1)) MB" } ?? "")
    }
    let goalText = "≤ " + text(seconds, bytes)
    let peak = bytes == nil ? nil : result.ours.figures?.peakBytes
    guard let median = result.ours.seconds?.median, bytes == nil || peak != nil else {
      return [.text(goal.work), .missing, .text(goalText)] + [Cell](repeating: .missing, count: 4)
    }
    return [
      .text(goal.work), .missing, .text(goalText), .text(text(median, peak)), .missing, .missing,
      .text(median <= seconds && peak ?? 0 <= bytes ?? 0 ? "yes" : "no"),
    ]
  }
}
