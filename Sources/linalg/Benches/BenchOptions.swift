import ArgumentParser

/// Which passes through a layer are timed.
struct PassOptions: ParsableArguments {
  @Option(
    name: .customLong("pass"),
    help: ArgumentHelp("The passes to time, of forward and backward.", valueName: "forward,…"))
  var list: PassList?

  var passes: [Pass] { list?.passes ?? [.forward] }
}

/// What every bench takes: runs, and what is required of the results.
struct BenchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Timed runs of each row (default 5).", valueName: "n"))
  var runs: PositiveInteger?

  @Option(
    name: .customLong("require-error"),
    help: ArgumentHelp("Exit 1 if a relative error is larger.", valueName: "x"))
  var requireError: PositiveNumber?

  @Option(
    name: .customLong("require-speedup"),
    help: ArgumentHelp(
      "Exit 1 if a is not x times as fast as b wherever both were timed.",
      valueName: "a/b=x,…"))
  var requireSpeedup: SpeedupList?

  @Option(help: ArgumentHelp("Compare with the JSON of an earlier run.", valueName: "json"))
  var compare: String?

  @Option(
    name: .customLong("max-regression"),
    help: ArgumentHelp(
      "With --compare: exit 1 if a row is slower by more than this, and by more than both spreads.",
      valueName: "10%"))
  var maximumRegression: Percentage?

  func validate() throws {
    if maximumRegression != nil, compare == nil {
      throw ValidationError("--max-regression belongs to --compare")
    }
  }
}

/// The direction of a pass through a layer.
enum Pass: String, CaseIterable {
  case forward, backward
}

/// Passes separated by commas, none twice.
struct PassList: LimitedValue {
  static let expectation = "forward, backward or forward,backward"
  let passes: [Pass]

  init?(argument: String) {
    guard let passes = NameList<Pass>(argument: argument)?.values else { return nil }
    self.passes = passes
  }
}

/// Some of the names of an enumeration, separated by commas, none twice; `all` is all of them.
struct NameList<Name: RawRepresentable & CaseIterable & Hashable & Sendable>: LimitedValue
where Name.RawValue == String {
  static var expectation: String {
    "all, or some of \(Name.allCases.map(\.rawValue).joined(separator: ",")), none twice"
  }
  let values: [Name]

  init?(argument: String) {
    if argument == "all" {
      values = Array(Name.allCases)
      return
    }
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = words.compactMap { Name(rawValue: String($0)) }
    guard values.count == words.count, Set(values).count == values.count else { return nil }
  }
}

/// Ratios that are required of the times of two variants.
struct SpeedupList: LimitedValue {
  static let expectation = "ratios like flash/naive=2, separated by commas"

  struct Requirement: Sendable {
    let fast, slow: String
    let ratio: Double
    /// As it was typed.
    let text: String
  }

  let requirements: [Requirement]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    requirements = words.compactMap { word in
      let sides = word.split(separator: "=", omittingEmptySubsequences: false)
      let names = sides[0].split(separator: "/", omittingEmptySubsequences: false)
      guard sides.count == 2, names.count == 2, !names[0].isEmpty, !names[1].isEmpty,
        let ratio = PositiveNumber(argument: String(sides[1]))
      else { return nil }
      return Requirement(
        fast: String(names[0]), slow: String(names[1]), ratio: ratio.value, text: String(word))
    }
    guard requirements.count == words.count else { return nil }
  }
}

/// A share from 0 up, as a percentage.
struct Percentage: LimitedValue {
  static let expectation = "a percentage like 10%"
  let share: Double
  /// As it was typed.
  let text: String

  init?(argument: String) {
    guard argument.hasSuffix("%"),
      let number = NonNegativeNumber(argument: String(argument.dropLast()))
    else { return nil }
    share = number.value / 100
    text = argument
  }
}
