import ArgumentParser
import Gradients
import Tensors

/// `linalg eval`: arguments; `EvalContext` makes sense of them, `EvalRun` computes.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate an expression over arrays, or a derivative of it.",
    discussion: """
      Examples:
        linalg eval 'logdet(X) + trace(A @ X)' --in X=X.npy --in A='[[4,0],[3,-5]]'
        linalg eval '0.5 * x.T @ A @ x' --in x=x.npy --in 'A=randn(8,8)' --grad x -o gx.npy

      Python's syntax: + - * / @ **, .T, indices and slices, calls with keywords, `name = value;` \
      before the result. Results of up to 1,000 elements are printed. Names are separated by \
      commas or given by repeated options.
      """)

  @Argument(help: "The expression.")
  var expression: String

  @Option(
    name: .customLong("in"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An input: a file, a number, a list, or randn, rand, zeros or ones(sizes). Repeatable.",
      valueName: "name=value"))
  var inputs: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The gradients of a scalar result, by reverse mode.", valueName: "names"))
  var grad: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The derivative along v, by forward mode.", valueName: "name=v"))
  var jvp: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The adjoints of --wrt for an adjoint v of the result.", valueName: "v"))
  var vjp: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The inputs whose adjoints --vjp gives.", valueName: "names"))
  var wrt: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The Hessian of a scalar result times v.", valueName: "name=v"))
  var hvp: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("All first derivatives, shaped result, then input.", valueName: "names"))
  var jacobian: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("All second derivatives of a scalar result.", valueName: "names"))
  var hessian: [String] = []

  @Option(help: "How --jacobian is found; auto takes the mode with fewer passes.")
  var mode: JacobianMode?

  @Flag(help: "With --grad: print the reverse pass, step by step.")
  var tape = false

  @OptionGroup var destination: DestinationOptions
  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  func validate() throws {
    let asked = [
      ("--grad", !grad.isEmpty), ("--jvp", !jvp.isEmpty), ("--vjp", vjp != nil),
      ("--hvp", !hvp.isEmpty), ("--jacobian", !jacobian.isEmpty), ("--hessian", !hessian.isEmpty),
    ].filter(\.1).map(\.0)
    guard asked.count < 2 else {
      throw ValidationError("\(asked[0]) and \(asked[1]) are two runs")
    }
    guard (vjp == nil) == wrt.isEmpty else {
      throw ValidationError("--vjp v and --wrt names belong together")
    }
    guard mode == nil || !jacobian.isEmpty else {
      throw ValidationError("--mode is about --jacobian")
    }
    guard !tape || !grad.isEmpty else { throw ValidationError("--tape is about --grad") }
    guard !tape || destination.output == nil else {
      throw ValidationError("--tape prints a table; write it with --table FILE")
    }
  }

  func run() throws {
    let context = try EvalContext(self, console: table.console("eval"))
    switch context.precision {
    case .f32: try EvalRun<Float>(context).execute()
    case .f64: try EvalRun<Double>(context).execute()
    }
  }
}

/// How a Jacobian is found.
enum JacobianMode: String, ExpressibleByArgument, CaseIterable {
  case auto, forward, reverse

  /// The mode that is forced, if any.
  var derivativeMode: DerivativeMode? {
    switch self {
    case .auto: nil
    case .forward: .forward
    case .reverse: .reverse
    }
  }
}
