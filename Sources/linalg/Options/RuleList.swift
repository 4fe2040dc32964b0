import Imaging

/// Rules for singular values, separated by commas, none twice; `all` stands for those that need no
/// parameter.
struct RuleList: LimitedValue {
  static let expectation =
    "all or some of hard, fro, op, nuc, edge, usvt, simple, rank:K, soft:T, none twice"
  let rules: [ShrinkageRule]
  /// Whether `all` was among them: a survey of what there is.
  let isSurvey: Bool

  init?(argument: String) {
    var rules: [ShrinkageRule] = []
    var isSurvey = false
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if word == "all" {
        isSurvey = true
        rules += ShrinkageRule.parameterFree
      } else if let rule = ShrinkageRule(name: String(word)) {
        rules.append(rule)
      } else {
        return nil
      }
    }
    guard Set(rules).count == rules.count else { return nil }
    (self.rules, self.isSurvey) = (rules, isSurvey)
  }
}
