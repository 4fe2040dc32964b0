import ArgumentParser
import FileFormats
import Reporting
import Tensors

/// In what precision, from which seed and within which limits a command computes.
struct ArithmeticOptions: ParsableArguments {
  @Option(help: "The precision (default: float files keep theirs, everything else is f64).")
  var dtype: Precision?

  @Option(help: ArgumentHelp("The seed of all random numbers (default 0).", valueName: "n"))
  var seed: NaturalNumber?

  @OptionGroup var limits: LimitOptions

  /// The precision for an input of this type.
  func precision(for stored: DType?) -> Precision {
    if let dtype { return dtype }
    switch stored {
    case .f16, .bf16, .f32: return .f32
    default: return .f64
    }
  }

  /// A report with the program's and the library's identity filled in.
  func report(
    _ command: String, inputs: [String], precision: Precision, columns: [Column]
  ) -> Report {
    Report(
      command: command, version: RootCommand.version, seed: seed?.value ?? 0,
      threads: BLAS.threads, dtype: precision.rawValue,
      blas: Report.BLAS(core: BLAS.core, version: BLAS.version), inputs: inputs, columns: columns)
  }
}
