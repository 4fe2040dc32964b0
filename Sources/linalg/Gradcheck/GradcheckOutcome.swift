import FileFormats
import Gradients
import JSONText
import Reporting

/// All rows of a check: how they are counted, printed and told to CI systems.
struct GradcheckOutcome {
  let entries: [GradcheckEntry]
  let strict: Bool
  /// What else is wrong, such as a program that contradicts itself.
  var complaints: [String] = []

  private func count(_ verdict: GradientVerdict) -> Int {
    entries.count { $0.parameter.verdict == verdict }
  }

  /// `41 checked: 40 pass, 0 fail, 1 inconclusive`; other verdicts only where there are any.
  var closing: String {
    let always: [GradientVerdict] = [.pass, .fail, .inconclusive]
    let counts = [GradientVerdict.pass, .fail, .kink, .inconclusive, .nonfinite, .nondeterministic]
      .filter { always.contains($0) || count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
    return "\(entries.count) checked: " + counts.joined(separator: ", ")
  }

  var summary: JSONObject {
    var summary: JSONObject = ["checked": .integer(entries.count)]
    for verdict in GradientVerdict.allCases {
      summary.append(verdict.rawValue, .integer(count(verdict)))
    }
    return summary
  }

  /// The failures, a line each.
  var failures: [String] {
    var lines = complaints
    for entry in entries where entry.fails(strict: strict) {
      lines.append(
        entry.parameter.verdict == .pass
          ? "\(entry.name) \(entry.parameter.name): nothing was decided" : entry.sentence)
    }
    if entries.isEmpty { lines.append("nothing was checked") }
    return lines
  }

  /// What is odd but no failure.
  var notes: [String] {
    entries.filter { $0.parameter.verdict != .pass && !$0.fails(strict: strict) }.map(\.sentence)
  }

  var junit: JUnitReport {
    let checks = entries.map { entry in
      JUnitReport.Case(
        name: "\(entry.name) \(entry.parameter.name)", className: "gradcheck.\(entry.name)",
        outcome: outcome(entry))
    }
    let others = complaints.map { complaint in
      JUnitReport.Case(
        name: "\(subject) value", className: "gradcheck.\(subject)",
        outcome: .failed(message: "FAIL", details: complaint))
    }
    return JUnitReport(suites: [
      JUnitReport.Suite(name: "linalg gradcheck", cases: checks + others)
    ])
  }

  /// What complaints are about: the one program that is checked.
  private var subject: String { entries.first?.name ?? "" }

  private func outcome(_ entry: GradcheckEntry) -> JUnitReport.Outcome {
    if entry.fails(strict: strict) {
      let verdict = entry.parameter.verdict.rawValue.uppercased()
      return .failed(message: verdict, details: entry.sentence)
    }
    return entry.parameter.verdict == .inconclusive ? .skipped(message: entry.sentence) : .passed
  }

  var annotations: GitHubAnnotations {
    let checks = entries.compactMap { entry -> GitHubAnnotations.Annotation? in
      guard entry.parameter.verdict != .pass || entry.fails(strict: strict) else { return nil }
      return GitHubAnnotations.Annotation(
        entry.fails(strict: strict) ? .error : .warning, title: "gradcheck \(entry.name)",
        message: entry.sentence)
    }
    let others = complaints.map {
      GitHubAnnotations.Annotation(.error, title: "gradcheck \(subject)", message: $0)
    }
    return GitHubAnnotations(checks + others)
  }
}
