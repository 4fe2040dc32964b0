import ArgumentParser
import Networks
import Tensors

/// `linalg rnn-bench`: arguments and their consistency; `RNNBenchRun` does the work.
struct RNNBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rnn-bench",
    abstract: "Time LSTM and GRU, fused and gate by gate, with their errors.",
    discussion: """
      Examples:
        linalg rnn-bench --batch 32 --steps 50 --input 128 --hidden 256
        linalg rnn-bench --cell gru --layers 2 --pass forward,backward

      Every result is held against the cells' formulas in double precision before it is timed; a \
      wrong one is not timed, and the exit status is 1.
      """)

  @Option(
    help: ArgumentHelp(
      "Cells, of lstm, gru and gru-before: the reset before the product (default lstm,gru).",
      valueName: "a,b"))
  var cell: NameList<BenchedCell>?

  @Option(help: ArgumentHelp("Sequences at a time (default 32).", valueName: "n"))
  var batch: PositiveInteger?

  @Option(help: ArgumentHelp("Steps of a sequence (default 50).", valueName: "n"))
  var steps: PositiveInteger?

  @Option(help: ArgumentHelp("Inputs of a step (default 128).", valueName: "n"))
  var input: PositiveInteger?

  @Option(help: ArgumentHelp("Hidden units of a layer (default 256).", valueName: "n"))
  var hidden: PositiveInteger?

  @Option(help: ArgumentHelp("Layers one above the other (default 1).", valueName: "n"))
  var layers: PositiveInteger?

  @Option(
    help: ArgumentHelp("all, or some of fused,gates (default all).", valueName: "a,b"))
  var algorithms: NameList<RecurrentAlgorithm>?

  @OptionGroup var passes: PassOptions
  @OptionGroup var bench: BenchOptions
  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var table: TableOptions

  func run() throws {
    switch arithmetic.dtype ?? .f32 {
    case .f32: try RNNBenchRun<Float>(self).execute()
    case .f64: try RNNBenchRun<Double>(self).execute()
    }
  }
}

/// A cell as it is typed.
enum BenchedCell: String, CaseIterable {
  case lstm, gru
  case gruBefore = "gru-before"

  var cell: RecurrentCell {
    switch self {
    case .lstm: .lstm
    case .gru: .gru
    case .gruBefore: .gruResetBefore
    }
  }
}
