import ArgumentParser
import FileFormats

/// `linalg convert`: a file in another format.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write an array, a picture or an archive in another format.",
    discussion: """
      Examples:
        linalg convert table.csv matrix.npy
        linalg convert model.safetensors:layers.0.weight weight.npy

      The numbers stay what they are: types are kept where the format has them, nothing is \
      scaled. Only a PNG rounds and clips numbers that are no samples; what it clips it says.
      """)

  @Argument(help: "The file to read; file.npz:NAME and file.safetensors:NAME pick one array.")
  var input: String

  @Argument(help: "The file to write; its suffix is the format, - is standard output.")
  var output: String

  @Option(
    name: .customLong("output-format"),
    help: "Write this format instead of the one the suffix names.")
  var outputFormat: FileFormat?

  @Flag(name: .customLong("no-clobber"), help: "Refuse to replace an existing file.")
  var noClobber = false

  @Option(
    name: .customLong("max-memory"),
    help: "Refuse what needs more bytes; suffixes k M G (LINALG_MAX_MEMORY; default: what is free)."
  )
  var maxMemory: ByteCount?

  @Flag(name: .shortAndLong, help: "No notes, no warnings.")
  var quiet = false

  @OptionGroup var reading: ReadingOptions

  func run() throws {
    let console = Console(command: "convert", quiet: quiet)
    let budget = try MemoryLimit.budget(maxMemory)
    let file = try reading.load(input, budget: budget, console: console)
    var notes: [String] = []
    do {
      try converted(file, &notes).write(noClobber: noClobber)
    } catch {
      throw Failure.file(OutputFile.name(of: output), error)
    }
    if !quiet {
      for note in notes { console.complain("note: \(note)") }
    }
  }

  private func converted(
    _ file: LoadedFile, _ notes: inout [String]
  ) throws(FormatError) -> OutputFile {
    let format = try chosenFormat()
    if format == .png {
      if case .picture(let picture) = file.content {
        return OutputFile(output, FileContent(try PNG.encode(picture)), isBinary: true)
      }
      return try OutputFile(output, samplesOf: try file.array(), notes: &notes)
    }
    switch file.content {
    case .archive(let arrays):
      return try OutputFile(output, arrays, metadata: file.metadata, format: format)
    case .array, .picture:
      return try OutputFile(output, try file.array(), format: format)
    }
  }

  private func chosenFormat() throws(FormatError) -> FileFormat {
    if let outputFormat { return outputFormat }
    guard output != "-" else {
      throw FormatError(
        .usage, "its format is not known without a suffix", hint: "give --output-format")
    }
    return try FileFormat.forWriting(output)
  }
}
