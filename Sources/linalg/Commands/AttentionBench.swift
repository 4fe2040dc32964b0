import ArgumentParser
import FileFormats
import Tensors

/// `linalg attention-bench`: arguments and their consistency; `AttentionBenchRun` does the work.
struct AttentionBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention-bench",
    abstract: "Time kinds of attention, with their memory, errors and growth.",
    discussion: """
      Examples:
        linalg attention-bench --seq 512,1024,2048 --pass forward,backward
        linalg attention-bench --pass decode --cache 1024..16384x2

      Every result is held against the definition in double precision before it is timed; a wrong \
      one is not timed, and the exit status is 1.
      """)

  @Option(
    help: ArgumentHelp(
      "Lengths of the sequences, like 512,1024 (default 256..2048x2).", valueName: "sizes"))
  var seq: SizeList?

  @Option(help: ArgumentHelp("Heads of queries (default 8).", valueName: "n"))
  var heads: PositiveInteger?

  @Option(help: ArgumentHelp("Channels of a head (default 64).", valueName: "n"))
  var dim: PositiveInteger?

  @Option(help: ArgumentHelp("Sequences at a time (default 1).", valueName: "n"))
  var batch: PositiveInteger?

  @Option(
    help: ArgumentHelp(
      "Some of naive,flash,mqa,gqa:HEADS,linformer:RANK (default all, gqa:2, linformer:128).",
      valueName: "a,b"))
  var variants: AttentionVariantList?

  @Option(help: "Whether queries see no later keys (default no).")
  var causal: CausalChoice?

  @Option(
    name: .customLong("pass"),
    help: ArgumentHelp(
      "Some of forward, backward and decode: one query per sequence (default forward).",
      valueName: "a,b"))
  var passes: NameList<AttentionPass>?

  @Option(
    help: ArgumentHelp(
      "Lengths of the cache for decode (default 1024..16384x4).", valueName: "sizes"))
  var cache: SizeList?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Three arrays instead of random numbers: Q, K and V, [B, H, T, d].", valueName: "file"))
  var from: [String] = []

  @Option(help: "The axes of these files (default bhtd).")
  var layout: AttentionLayout?

  @Option(help: ArgumentHelp("Draw time and memory over length to this SVG.", valueName: "file"))
  var plot: String?

  @OptionGroup var destination: DestinationOptions
  @OptionGroup var bench: BenchOptions
  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  func validate() throws { try checkConsistency() }

  var isFromFiles: Bool { !from.isEmpty }

  var headCount: Int { heads?.value ?? 8 }

  /// The variants asked for; by default those that fit the heads.
  var chosenVariants: [AttentionVariant] {
    if let variants { return variants.variants }
    if isFromFiles { return [.flash] }
    return [.naive, .flash, .multiQuery]
      + (headCount % 2 == 0 ? [.grouped(heads: 2)] : [])
      + (causal == .yes || passes?.values == [.decode] ? [] : [.linformer(rank: 128)])
  }

  func run() throws {
    let console = table.console("attention-bench")
    _ = try arithmetic.limits.applyThreads()
    let budget = try arithmetic.limits.budget()
    guard isFromFiles else {
      switch arithmetic.dtype ?? .f32 {
      case .f32: return try AttentionBenchRun<Float>(self, nil, console).execute()
      case .f64: return try AttentionBenchRun<Double>(self, nil, console).execute()
      }
    }
    let files = try AttentionFiles(from, layout ?? .bhtd, reading, budget: budget, console: console)
    switch arithmetic.dtype ?? files.precision {
    case .f32: try AttentionBenchRun<Float>(self, files, console).execute()
    case .f64: try AttentionBenchRun<Double>(self, files, console).execute()
    }
  }
}
