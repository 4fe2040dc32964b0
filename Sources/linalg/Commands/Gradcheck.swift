import ArgumentParser
import Gradients
import Tensors

/// `linalg gradcheck`: arguments and their consistency; `GradcheckRun` does the work.
struct GradcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Hold derivatives against differences, with error bars.",
    discussion: """
      Examples:
        linalg gradcheck --expr 'logdet(X)' --in X=X.npy --gradient X=mine.npy
        linalg gradcheck --point theta.npy -- python3 loss.py --fast

      Without arguments every operation is checked, with names those alone. Behind -- stands a \
      program in any language that computes a loss and its gradient (docs/gradient-protocol.md).

      Exit status 1: a derivative is wrong, not finite or changes by itself, or none was decided.
      """)

  @Argument(help: "Operations to check (default: all; --list names them).")
  var operations: [String] = []

  @Flag(help: "List the operations and what they compute.")
  var list = false

  @Option(
    name: .customLong("expr"), parsing: .unconditional,
    help: ArgumentHelp("Check this expression instead.", valueName: "expression"))
  var expression: String?

  @Option(
    name: .customLong("in"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An input of the expression, as in eval. Repeatable.", valueName: "name=value"))
  var inputs: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A gradient that your code computed, to be checked. Repeatable.", valueName: "name=file"))
  var gradient: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Where a program is checked (default: normal random numbers). Repeatable.",
      valueName: "[name=]value"))
  var point: [String] = []

  @Option(
    help: ArgumentHelp(
      "Seconds that a program has for an answer (default 30).", valueName: "seconds"))
  var timeout: PositiveNumber?

  @Option(help: ArgumentHelp("How often every sample is drawn (default 1).", valueName: "n"))
  var samples: PositiveInteger?

  @Option(help: ArgumentHelp("1: gradients. 2: Hessian-vector products.", valueName: "1|2"))
  var order: CheckedOrder?

  @Option(
    name: .customLong("max-coordinates"),
    help: ArgumentHelp(
      "Check so many numbers of a parameter one by one; of more, only what directions accuse "
        + "(default 1000).", valueName: "n"))
  var maximumCoordinates: NaturalNumber?

  @Option(
    help: ArgumentHelp(
      "Check one number alone, such as W1[0,3].", valueName: "name[index]"))
  var at: CoordinateName?

  @Option(help: ArgumentHelp("Also require |claimed - numeric| <= atol + rtol |numeric|."))
  var rtol: NonNegativeNumber?

  @Option(help: "The absolute part of that requirement.")
  var atol: NonNegativeNumber?

  @Flag(help: "Count kinks and undecided checks as failures.")
  var strict = false

  @Flag(
    name: .customLong("step-sweep"),
    help: "Print the errors of differences for steps from 1e-1 to 1e-15, and what theory says.")
  var stepSweep = false

  @Option(help: ArgumentHelp("Also write the verdicts as JUnit XML.", valueName: "file"))
  var junit: String?

  @Option(help: "Also print annotations for a CI system, on standard error.")
  var annotate: AnnotationStyle?

  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("A program to check.", valueName: "program"))
  var program: [String] = []

  func validate() throws {
    let subjects = [
      ("operations", !operations.isEmpty), ("--list", list), ("--expr", expression != nil),
      ("a program", !program.isEmpty),
    ].filter(\.1).map(\.0)
    // An empty variable in a script must not check something else, and pass.
    if program.isEmpty, CommandLine.arguments.last == "--" {
      throw ValidationError("no program stands behind --")
    }
    if subjects.count > 1 {
      throw ValidationError("\(subjects[0]) and \(subjects[1]) are two runs")
    }
    // A list and a sweep have no verdicts.
    let isCheck = !list && !stepSweep
    let belongings = [
      ("--gradient", !gradient.isEmpty, "a check", isCheck),
      ("--order", order != nil, "a check", isCheck),
      ("--max-coordinates", maximumCoordinates != nil, "a check", isCheck),
      ("--at", at != nil, "a check", isCheck), ("--strict", strict, "a check", isCheck),
      ("--rtol", rtol != nil, "a check", isCheck), ("--atol", atol != nil, "a check", isCheck),
      ("--junit", junit != nil, "a check", isCheck),
      ("--annotate", annotate != nil, "a check", isCheck),
      ("--in", !inputs.isEmpty, "--expr", expression != nil),
      ("--gradient", !gradient.isEmpty, "--expr", expression != nil),
      ("--step-sweep", stepSweep, "--expr", expression != nil),
      ("--point", !point.isEmpty, "a program behind --", !program.isEmpty),
      ("--timeout", timeout != nil, "a program behind --", !program.isEmpty),
      ("--samples", samples != nil, "operations", expression == nil && program.isEmpty && !list),
    ]
    for (option, isGiven, subject, hasSubject) in belongings where isGiven && !hasSubject {
      throw ValidationError("\(option) is about \(subject)")
    }
    if order == .second, !program.isEmpty || !gradient.isEmpty {
      throw ValidationError("--order 2 needs a function that the engine differentiates")
    }
    try SuffixCheck.validate("--junit", junit, suffix: "xml")
  }

  func run() throws { try GradcheckRun(self, console: table.console("gradcheck")).execute() }
}
