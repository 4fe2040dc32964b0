/// Outcomes of checks in the XML form that GitHub, GitLab and Jenkins read as tests.
///
/// The bytes depend on the outcomes alone: there are no times of day and no names of machines.
public struct JUnitReport: Sendable {
  /// How one check ended.
  public enum Outcome: Sendable, Equatable {
    /// It holds.
    case passed
    /// It does not hold: one sentence, and everything that helps to find out why.
    case failed(message: String, details: String)
    /// It was not decided, for this reason.
    case skipped(message: String)
  }

  /// One check.
  public struct Case: Sendable {
    /// What was checked.
    public let name: String
    /// The group that CI systems sort the check under, dots being levels.
    public let className: String
    /// How long it took; nil leaves it out.
    public let seconds: Double?
    /// How it ended.
    public let outcome: Outcome

    /// A check with its outcome.
    public init(name: String, className: String, seconds: Double? = nil, outcome: Outcome) {
      self.name = name
      self.className = className
      self.seconds = seconds
      self.outcome = outcome
    }
  }

  /// Checks that belong together.
  public struct Suite: Sendable {
    /// What they have in common.
    public let name: String
    /// The checks in the order of the report.
    public var cases: [Case]

    /// A group of checks.
    public init(name: String, cases: [Case] = []) {
      self.name = name
      self.cases = cases
    }
  }

  /// The groups in the order of the report.
  public var suites: [Suite]

  /// A report over groups of checks.
  public init(suites: [Suite]) { self.suites = suites }
}

extension JUnitReport {
  /// The document, with a line feed at the end.
  public var xml: String {
    let all = suites.flatMap(\.cases)
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites\(Self.list(Self.counts(all)))>\n"
    for suite in suites {
      let attributes = [("name", suite.name)] + Self.counts(suite.cases)
      text += "  <testsuite\(Self.list(attributes))>\n"
      for item in suite.cases { text += Self.element(item) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func element(_ item: Case) -> String {
    var attributes = [("name", item.name), ("classname", item.className)]
    if let seconds = item.seconds {
      attributes.append(("time", NumberText.fixed(seconds, decimals: 6)))
    }
    let opening = "    <testcase\(list(attributes))"
    switch item.outcome {
    case .passed: return opening + "/>\n"
    case .failed(let message, let details):
      let text = XMLText.escaped(details, whiteSpace: .kept)
      return opening + ">\n      <failure\(list([("message", message)]))>\(text)</failure>\n"
        + "    </testcase>\n"
    case .skipped(let message):
      return opening + ">\n      <skipped\(list([("message", message)]))/>\n    </testcase>\n"
    }
  }

  /// What CI systems show in their overviews. An error is a test that could not run; the command
  /// that runs the checks ends with a status then, and there is no report.
  private static func counts(_ cases: [Case]) -> [(String, String)] {
    var (failures, skipped) = (0, 0)
    for item in cases {
      switch item.outcome {
      case .passed: break
      case .failed: failures += 1
      case .skipped: skipped += 1
      }
    }
    return [
      ("tests", String(cases.count)), ("failures", String(failures)), ("errors", "0"),
      ("skipped", String(skipped)),
    ]
  }

  private static func list(_ attributes: [(name: String, value: String)]) -> String {
    attributes.map { name, value in
      " \(name)=\"\(XMLText.escaped(value, whiteSpace: .references))\""
    }.joined()
  }
}
