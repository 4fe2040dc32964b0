public import Tensors

/// Reading small text files.
public enum TextFile {
  /// The text of a UTF-8 file, a FIFO or, for `-`, standard input.
  ///
  /// - Throws: `FormatError.noInput`, `.noPermission`, `.inputOutput`, `.resourceLimit` beyond the
  ///   budget, `.badData` for bytes that are no UTF-8.
  public static func read(
    _ path: String, budget: MemoryBudget = .system()
  ) throws(FormatError) -> String {
    guard let text = String(validating: try FileReader.read(path, budget: budget), as: UTF8.self)
    else { throw .badData("the file is not UTF-8 text") }
    return text
  }
}
