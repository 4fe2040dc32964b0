import ArgumentParser
import FileFormats
import Tensors

/// How input files are read.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .customLong("input-format"),
    help: "Read the input as this format instead of detecting it.")
  var inputFormat: FileFormat?

  @Option(help: "What separates the cells of a text table: a character, tab or space.")
  var delimiter: String?

  @Option(help: "Whether the first row of a text table holds names.")
  var header: TextOptions.Header = .auto

  /// Loads an input; warnings go to the console.
  ///
  /// - Parameter detectingFormat: for a second input, which `--input-format` is not about.
  func load(
    _ path: String, budget: MemoryBudget, console: Console, detectingFormat: Bool = false
  ) throws(Failure) -> LoadedFile {
    let options = try options(budget: budget, detectingFormat: detectingFormat)
    do {
      let file = try LoadedFile.load(path, options: options)
      for warning in file.warnings { console.warn("\(path): \(warning)") }
      return file
    } catch {
      throw .file(path, error)
    }
  }

  /// The same for the reader of files.
  ///
  /// - Parameter detectingFormat: as for `load`.
  func options(
    budget: MemoryBudget, detectingFormat: Bool = false
  ) throws(Failure) -> ReadOptions {
    var options = ReadOptions(
      format: detectingFormat ? nil : inputFormat, header: header, budget: budget)
    if let delimiter {
      do {
        options.delimiter = try TextOptions.Delimiter(delimiter)
      } catch {
        throw .usage("--delimiter: \(error.message)", hint: error.hint)
      }
    }
    return options
  }
}
