import ArgumentParser
import FileFormats
import Imaging

/// `linalg denoise`: arguments and their consistency; `DenoiseRun` does the work.
struct DenoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denoise",
    abstract: "Remove noise from a picture or matrix by its singular values.",
    discussion: """
      Examples:
        linalg denoise noisy.png -o clean.png
        linalg denoise photo.png --add-noise 25 --seed 1 --rule all

      Without --sigma the noise is estimated from the median singular value; without --rule the \
      values are shrunk as is best for the squared error.
      """)

  @Argument(help: "A picture (.png) or matrix (.npy .npz .csv .tsv .txt .mtx .safetensors).")
  var input: String

  @Option(
    help: ArgumentHelp(
      "hard, fro, op, nuc, edge, usvt, simple, rank:K, soft:T; several with commas; all.",
      valueName: "rule,…"))
  var rule: RuleList?

  @Option(
    help: ArgumentHelp(
      "The noise's standard deviation in the input's units (default: estimated).", valueName: "s"))
  var sigma: PositiveNumber?

  @Option(
    help: """
      Whole matrices, overlapping blocks, or both (default: blocks for pictures and with --block, \
      --stride or --rank-map, else global; both for pictures with --rule all).
      """)
  var scope: ScopeChoice?

  @Option(help: ArgumentHelp("The side of a block (default 32).", valueName: "n"))
  var block: PositiveInteger?

  @Option(
    help: ArgumentHelp("The distance of neighbouring blocks (default 6).", valueName: "n"))
  var stride: PositiveInteger?

  @Option(help: "Colour channels as separate matrices or side by side in one.")
  var channels: ChannelMode = .separate

  @Option(
    name: .customLong("add-noise"),
    help: ArgumentHelp(
      "Add white noise of this deviation first; the input is the reference.", valueName: "s"))
  var addNoise: PositiveNumber?

  @Option(help: ArgumentHelp("What the result is compared with.", valueName: "file"))
  var reference: String?

  @Option(
    name: .customLong("best-by"), help: "Which of several results is written: the best by this.")
  var bestBy: Criterion?

  @OptionGroup var destination: DestinationOptions

  @Option(help: ArgumentHelp("Write the input with its added noise.", valueName: "file"))
  var noisy: String?

  @Option(
    help: ArgumentHelp("Write what was removed; in a PNG around middle gray.", valueName: "file"))
  var residual: String?

  @Option(
    name: .customLong("rank-map"),
    help: ArgumentHelp("Write how many values each block kept.", valueName: "file"))
  var rankMap: String?

  @Option(
    help: ArgumentHelp(
      "Draw singular values, thresholds and noise edge to this SVG file.", valueName: "file"))
  var plot: String?

  @Option(
    name: .customLong("require-psnr"),
    help: ArgumentHelp("Exit 1 when the PSNR is lower.", valueName: "dB"))
  var requirePSNR: NonNegativeNumber?

  @Option(
    name: .customLong("require-gain"),
    help: ArgumentHelp("Exit 1 when less than this is gained over the input.", valueName: "dB"))
  var requireGain: NonNegativeNumber?

  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var verification: VerificationOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  /// Where the decompositions are made.
  enum ScopeChoice: String, ExpressibleByArgument, CaseIterable {
    case global, blocks, both
  }

  /// What the best result is best in.
  enum Criterion: String, ExpressibleByArgument, CaseIterable {
    /// The highest PSNR.
    case psnr
    /// The smallest relative error.
    case error
  }

  /// Whether there is something to compare with.
  var hasReference: Bool { reference != nil || addNoise != nil }

  func validate() throws {
    try SuffixCheck.validate("--plot", plot, suffix: "svg")
    if addNoise != nil && reference != nil {
      throw ValidationError("--add-noise and --reference exclude each other")
    }
    if input == "-" && reference == "-" {
      throw ValidationError("the input and the reference cannot both be standard input")
    }
    if noisy != nil && addNoise == nil { throw ValidationError("--noisy needs --add-noise") }
    if scope == .global {
      for (name, isGiven) in [
        ("--block", block != nil), ("--stride", stride != nil), ("--rank-map", rankMap != nil),
      ] where isGiven {
        throw ValidationError("\(name) is for --scope blocks")
      }
    }
    for (name, isGiven) in [
      ("--best-by", bestBy != nil), ("--require-psnr", requirePSNR != nil),
      ("--require-gain", requireGain != nil),
    ] where isGiven && !hasReference {
      throw ValidationError("\(name) needs something to compare with: --reference or --add-noise")
    }
  }

  func run() throws {
    let console = table.console("denoise")
    _ = try arithmetic.limits.applyThreads()
    let budget = try arithmetic.limits.budget()
    let file = try reading.load(input, budget: budget, console: console)
    let subject = try Failure.naming(input) { () throws(FormatError) in
      try PictureOrMatrix(file, channels: channels)
    }
    let context = try DenoiseContext(self, file, subject, budget: budget, console: console)
    switch context.precision {
    case .f32: try DenoiseRun<Float>(context).execute()
    case .f64: try DenoiseRun<Double>(context).execute()
    }
  }
}
