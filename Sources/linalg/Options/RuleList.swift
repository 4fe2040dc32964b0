import Imaging

/// Rules for singular values, separated by commas, none twice; or `all` that need no parameter.
struct RuleList: LimitedValue {
  static let expectation =
    "hard, fro, op, nuc, edge, usvt, simple, rank:K or soft:T, none twice, separated by commas; or all"
  let rules: [ShrinkageRule]
  /// Whether it was `all`: a survey of what there is.
  let isSurvey: Bool

  init?(argument: String) {
    isSurvey = argument == "all"
    guard !isSurvey else {
      rules = ShrinkageRule.parameterFree
      return
    }
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let rules = words.compactMap { ShrinkageRule(name: String($0)) }
    guard rules.count == words.count, Set(rules).count == rules.count else { return nil }
    self.rules = rules
  }
}
