import ArgumentParser
import Einsum
import FileFormats
import Tensors

/// `linalg einsum`: arguments and their consistency; `EinsumRun` does the work.
struct EinsumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "einsum",
    abstract: "Contract arrays by subscripts, in a planned order.",
    discussion: """
      Examples:
        linalg einsum 'bhqd,bhkd->bhqk' Q.npy K.npy -o S.npy
        linalg einsum 'ij,jk,kl' A.npy B.csv C.npz:weights --explain

      A label that the output lacks is summed; without -> the output is the sorted labels that \
      occur once. Results of up to 1,000 elements are printed.
      """)

  @Argument(help: "Labels for the axes of each array, separated by commas; -> and the output.")
  var subscripts: String

  @Argument(help: "Arrays (.npy .npz .csv .tsv .txt .mtx .safetensors .png), one per operand.")
  var inputs: [String] = []

  @OptionGroup var destination: DestinationOptions

  @Option(
    help: ArgumentHelp(
      "auto, optimal, dp, greedy, a path like '(0,2),(0,1)', or @FILE with the JSON of --explain.",
      valueName: "path"))
  var path: String?

  @Flag(help: "Print the steps, what they cost and, after a run, what was measured.")
  var explain = false

  @Flag(
    name: .customLong("plan-only"),
    help: "Explain without contracting; of .npy files only the headers are read.")
  var planOnly = false

  @Option(
    help: ArgumentHelp(
      "Explain for arrays of these shapes, without files; a scalar is ().",
      valueName: "10x20,20x30"))
  var shapes: ShapeList?

  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var verification: VerificationOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  /// Whether arrays are contracted, not only planned for.
  var runs: Bool { shapes == nil && !planOnly }

  func validate() throws {
    if shapes != nil && !inputs.isEmpty {
      throw ValidationError("--shapes stands in place of files")
    }
    if inputs.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("only one operand can be standard input")
    }
    guard !runs else { return }
    for (name, isGiven) in [
      ("--output", destination.output != nil), ("--verify", verification.verify),
    ] where isGiven {
      throw ValidationError("\(name) needs a run: leave out --plan-only and --shapes")
    }
  }

  func run() throws {
    let console = table.console("einsum")
    // What is wrong with the arguments alone is said before any file is read.
    let (subscripts, strategy) = (
      try parsedSubscripts(), try EinsumContext.strategy(path ?? "auto")
    )
    _ = try arithmetic.limits.applyThreads()
    let limits = arithmetic.limits
    let budget = runs ? try limits.budget() : try limits.plannedBudget()
    var operands: [EinsumOperand] = []
    if let shapes {
      operands = shapes.shapes.enumerated().map {
        EinsumOperand(name: "shape \($0.offset)", shape: $0.element, dtype: nil, array: nil)
      }
    }
    for input in inputs {
      operands.append(
        try EinsumOperand(
          input, headerOnly: planOnly, reading, budget: budget, console: console))
    }
    let context = try EinsumContext(
      self, subscripts, strategy, operands, budget: budget, console: console)
    switch context.precision {
    case .f32: try EinsumRun<Float>(context).execute()
    case .f64: try EinsumRun<Double>(context).execute()
    }
  }

  private func parsedSubscripts() throws(Failure) -> Subscripts {
    do throws(SubscriptError) {
      return try Subscripts(parsing: subscripts)
    } catch {
      throw .marked(error.message, lines: error.caretLines)
    }
  }
}
