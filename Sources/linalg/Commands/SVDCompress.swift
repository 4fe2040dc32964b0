import ArgumentParser
import FileFormats
import Imaging

/// `linalg svd-compress`: arguments and their consistency; `CompressionRun` does the work.
struct SVDCompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "svd-compress",
    abstract: "Compress a picture or matrix by truncated SVD and say what it costs.",
    discussion: """
      Examples:
        linalg svd-compress photo.png --rank 50 -o small.png
        linalg svd-compress W.npy --energy 0.99 --factors W.factors.safetensors

      Without a selection it prints the table at ranks 1, 2, 5, 10, 20, 50, 100 and at the \
      ranks for 90, 95, 99 and 99.9 % energy, and writes no picture and no factors.
      """)

  @Argument(help: "A picture (.png) or matrix (.npy .npz .csv .tsv .txt .mtx .safetensors).")
  var input: String

  @Option(help: ArgumentHelp("Keep this many singular triples.", valueName: "k"))
  var rank: PositiveInteger?

  @Option(help: ArgumentHelp("Print the table at these ranks.", valueName: "k,k,…"))
  var ranks: RankList?

  @Option(help: ArgumentHelp("The smallest rank that keeps this share of Σs².", valueName: "share"))
  var energy: Share?

  @Option(
    name: .customLong("max-error"),
    help: ArgumentHelp("The smallest rank with at most this relative error.", valueName: "e"))
  var maxError: NonNegativeNumber?

  @Option(
    name: .customLong("min-psnr"),
    help: ArgumentHelp("The smallest rank whose picture has at least this PSNR.", valueName: "dB"))
  var minPSNR: NonNegativeNumber?

  @Option(
    name: .customLong("max-bytes"),
    help: ArgumentHelp(
      "The largest rank whose factor file fits; suffixes k M G.", valueName: "bytes"))
  var maxBytes: ByteCount?

  @OptionGroup var destination: DestinationOptions

  @Option(help: ArgumentHelp("Write U, s, Vt to this safetensors file.", valueName: "file"))
  var factors: String?

  @Option(
    name: .customLong("factor-dtype"),
    help: "The precision of stored factors (default: f32 for pictures, else the input's).")
  var factorDtype: FactorFile.Precision?

  @Option(help: "exact: LAPACK; randomized: a sketch; auto: whichever is faster.")
  var method: MethodChoice = .auto

  @Option(help: ArgumentHelp("Extra vectors of the sketch, at least (default 10).", valueName: "n"))
  var oversample: NaturalNumber?

  @Option(
    name: .customLong("power-iterations"),
    help: ArgumentHelp("Passes over AᵀA after the sketch (default 2).", valueName: "n"))
  var powerIterations: NaturalNumber?

  @Option(help: "Colour channels as separate matrices or side by side in one.")
  var channels: ChannelMode = .separate

  @Option(help: ArgumentHelp("Draw the singular values to this SVG file.", valueName: "file"))
  var plot: String?

  @Option(
    name: .customLong("require-psnr"),
    help: ArgumentHelp("Exit 1 when the PSNR is lower.", valueName: "dB"))
  var requirePSNR: NonNegativeNumber?

  @Option(
    name: .customLong("require-error"),
    help: ArgumentHelp("Exit 1 when the relative error is higher.", valueName: "e"))
  var requireError: NonNegativeNumber?

  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var verification: VerificationOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  /// Which algorithm the user asked for.
  enum MethodChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, exact, randomized
  }

  /// The selections given.
  private var selections: [String] {
    [
      ("--rank", rank != nil), ("--ranks", ranks != nil), ("--energy", energy != nil),
      ("--max-error", maxError != nil), ("--min-psnr", minPSNR != nil),
      ("--max-bytes", maxBytes != nil),
    ].filter(\.1).map(\.0)
  }

  /// Whether the user chose the ranks; otherwise the default table is printed.
  var selectsRanks: Bool { !selections.isEmpty }

  func validate() throws {
    let selections = selections
    guard selections.count <= 1 else {
      throw ValidationError("\(selections.joined(separator: " and ")) exclude each other")
    }
    try SuffixCheck.validate("--plot", plot, suffix: "svg")
    try SuffixCheck.validate("--factors", factors, suffix: "safetensors")
    let single = !selections.isEmpty && ranks.map { $0.ranks.count == 1 } ?? true
    for (name, value) in [("--output", destination.output), ("--factors", factors)]
    where value != nil && !single {
      throw ValidationError(
        "\(name) needs one rank: give --rank, --energy, --max-error, --min-psnr or --max-bytes")
    }
  }

  func run() throws {
    let console = table.console("svd-compress")
    _ = try arithmetic.limits.applyThreads()
    let budget = try arithmetic.limits.budget()
    let file = try reading.load(input, budget: budget, console: console)
    let subject = try Failure.naming(input) { () throws(FormatError) in
      try PictureOrMatrix(file, channels: channels)
    }
    let context = CompressionContext(
      arguments: self, file: file, subject: subject, console: console, budget: budget)
    switch context.precision {
    case .f32: try CompressionRun<Float>(context).execute()
    case .f64: try CompressionRun<Double>(context).execute()
    }
  }
}
