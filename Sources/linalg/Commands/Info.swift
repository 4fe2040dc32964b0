import ArgumentParser
import FileFormats
import Reporting

/// `linalg info`: what files hold.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Print what files hold: format, shape, type, range, details of a PNG.",
    discussion: """
      Examples:
        linalg info photo.png A.npy
        linalg info --format json model.safetensors

      An archive has one line per array. Minimum, maximum and mean are those of the finite numbers.
      """)

  @Argument(help: "The files to look at.")
  var inputs: [String]

  @Option(
    name: .customLong("max-memory"),
    help: "Refuse what needs more bytes; suffixes k M G (LINALG_MAX_MEMORY; default: what is free)."
  )
  var maxMemory: ByteCount?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  static let columns = [
    Column("file", header: "file", format: .text),
    Column("file_format", header: "format", format: .text),
    Column("shape", header: "shape", format: .integer),
    Column("dtype", header: "dtype", format: .text),
    Column("min", header: "min", format: .significant(6)),
    Column("max", header: "max", format: .significant(6)),
    Column("mean", header: "mean", format: .significant(6)),
    Column("non_finite", header: "non-finite", format: .count),
    Column("file_bytes", header: "size (B)", format: .bytes),
    Column("details", header: "details", format: .text),
  ]

  func run() throws {
    let console = table.console("info")
    let budget = try MemoryLimit.budget(maxMemory)
    var report = Report(
      command: "info", version: RootCommand.version, inputs: inputs.map(displayName),
      columns: Self.columns)
    for input in inputs {
      let file = try reading.load(input, budget: budget, console: console)
      for row in Self.rows(displayName(input), file) { report.append(row) }
    }
    try table.emit(report)
  }

  private static func rows(_ name: String, _ file: LoadedFile) -> [[Cell]] {
    switch file.content {
    case .array(let array):
      return [row(name, file, array, details: "")]
    case .picture(let picture):
      return [row(name, file, StoredArray(picture), details: picture.details)]
    case .archive(let arrays):
      return arrays.map { row("\(name):\($0.name)", file, $0.array, details: "") }
    }
  }

  private static func row(
    _ name: String, _ file: LoadedFile, _ array: StoredArray, details: String
  ) -> [Cell] {
    let statistics = array.statistics()
    let details = [file.isGzip ? "gzip" : "", details].filter { !$0.isEmpty }
    return [
      .text(name), .text(file.format.rawValue), .integers(array.shape.dimensions),
      .text(array.dtype.name), cell(statistics.minimum), cell(statistics.maximum),
      Cell(statistics.mean), .integer(statistics.nonFiniteCount), .integer(file.byteCount),
      details.isEmpty ? .missing : .text(details.joined(separator: ", ")),
    ]
  }

  /// Integers stay integers, beyond 2⁵³ too.
  private static func cell(_ number: StoredNumber?) -> Cell {
    switch number {
    case nil: .missing
    case .real(let value): .number(value)
    case .signed(let value): .integer(Int(value))
    case .unsigned(let value): Int(exactly: value).map(Cell.integer) ?? .text(String(value))
    }
  }
}

extension Picture {
  /// How the file stored the pixels, and the chunks that say what they mean.
  fileprivate var details: String {
    let stored =
      switch origin.colorType {
      case .gray: "gray"
      case .rgb: "RGB"
      case .palette: "palette"
      case .grayAlpha: "gray+alpha"
      case .rgba: "RGB+alpha"
      }
    var parts = ["\(stored) \(origin.bitDepth) bit"]
    if origin.interlaced { parts.append("interlaced") }
    if origin.hasTransparencyChunk { parts.append("tRNS") }
    if let gamma = color.gamma {
      parts.append("gAMA \(NumberText.significant(Double(gamma) / 100_000, digits: 5))")
    }
    if color.renderingIntent != nil { parts.append("sRGB") }
    if color.chromaticities != nil { parts.append("cHRM") }
    if let profile = color.profile { parts.append("iCCP '\(profile.name)'") }
    return parts.joined(separator: ", ")
  }
}
