public import Tensors

/// A file with inputs, and perhaps targets, of a model: a text table that is read in the wanted
/// precision at once, or any other file.
public enum LabelledFile<Element: Scalar>: Sendable {
  /// A text table, its target column apart.
  case table(LabelledTable<Element>, warnings: [String])
  /// A file of another format.
  case file(LoadedFile)

  /// Reads `path`, `path:member` or, for `-`, standard input.
  ///
  /// - Parameters:
  ///   - path: the input as the user typed it.
  ///   - column: the target column of a text table.
  ///   - reading: what the target's cells are taken for.
  ///   - options: how the file is read.
  /// - Throws: as `LoadedFile.load` and `LabelledTable.decode`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func load(
    _ path: String, target column: TargetColumn, reading: TargetReading, options: ReadOptions
  ) throws(FormatError) -> LabelledFile {
    let input = InputPath.parse(path)
    let file = try InputFile(input.path, format: options.format, budget: options.budget)
    guard [.csv, .tsv, .txt].contains(file.format), input.member == nil else {
      return .file(try LoadedFile(file, member: input.member, options: options))
    }
    let text = TextOptions(delimiter: options.delimiter, header: options.header)
    let table = try LabelledTable<Element>.decode(
      file.bytes[...], target: column, reading: reading, options: text, budget: options.budget)
    return .table(table, warnings: file.warnings)
  }

  /// What is odd but no error, one line each.
  public var warnings: [String] {
    switch self {
    case .table(_, let warnings): warnings
    case .file(let file): file.warnings
    }
  }
}
