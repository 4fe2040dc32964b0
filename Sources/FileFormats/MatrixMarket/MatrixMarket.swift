public import Tensors

/// Matrix Market exchange files (`.mtx`).
///
/// Source: R. Boisvert, R. Pozo, K. Remington, "The Matrix Market Exchange Formats: Initial
/// Design", NISTIR 5935, 1996.
public enum MatrixMarket {
  /// The first bytes of every file, in any case.
  static let signature = [UInt8](MatrixMarketBanner.signature.utf8)

  /// Reads a matrix, array or coordinate, of every symmetry, into a dense one.
  ///
  /// `real` and `pattern` (ones) give `f64`, `integer` gives `i64`. Entries of one place are
  /// summed, as SciPy does. Symmetric kinds must store the lower triangle, as the format demands.
  ///
  /// - Throws: `FormatError.badData` naming the line; `.resourceLimit` when the dense matrix does
  ///   not fit the budget.
  public static func decode(
    _ bytes: ArraySlice<UInt8>, budget: MemoryBudget
  ) throws(FormatError) -> StoredArray {
    let text = try TextCheck.text(bytes)
    let bannerLine = text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let banner = try MatrixMarketBanner(String(decoding: bannerLine.prefix(200), as: UTF8.self))
    let body = text[bannerLine.endIndex...]
    return banner.field == .integer
      ? try read(body, banner, as: Int64.self, budget)
      : try read(body, banner, as: Double.self, budget)
  }

  private static func read<Value: MatrixMarketValue>(
    _ body: ArraySlice<UInt8>, _ banner: MatrixMarketBanner, as value: Value.Type,
    _ budget: MemoryBudget
  ) throws(FormatError) -> StoredArray {
    let matrix: (rows: Int, columns: Int, values: [Value]) = try body.withUnsafeBufferPointer {
      (bytes) throws(FormatError) in
      var reader = MatrixMarketReader<Value>(bytes, banner: banner)
      return try reader.read(budget: budget)
    }
    let raw = matrix.values.withUnsafeBytes { [UInt8]($0) }
    return StoredArray(
      dtype: Value.dtype, shape: [matrix.rows, matrix.columns], bytes: raw[...])
  }

  /// An `array general` file: `integer` for integer arrays, else `real`, column by column, with
  /// the shortest texts that read back as the same numbers.
  ///
  /// A vector becomes one column, a scalar a 1×1 matrix.
  ///
  /// - Throws: `FormatError.usage` for more than two axes, `.badData` for `u64` numbers that the
  ///   format's 64-bit integers cannot hold.
  public static func encode(_ array: StoredArray) throws(FormatError) -> FileContent {
    let (rows, columns) = try array.tableSize(for: "a Matrix Market file")
    if array.dtype == .u64, case .unsigned(let largest)? = array.statistics().maximum,
      largest > UInt64(Int64.max)
    {
      throw .badData("\(largest) exceeds the signed 64-bit integers of a Matrix Market file")
    }
    var texts = [String](repeating: "", count: array.shape.count)
    array.forEachText { position, number in
      texts[position % columns * rows + position / columns] = number
    }
    let field = array.dtype.isFloatingPoint ? "real" : "integer"
    var text = [UInt8]("\(MatrixMarketBanner.signature) matrix array \(field) general\n".utf8)
    text += "\(rows) \(columns)\n".utf8
    for number in texts {
      text += number.utf8
      text.append(UInt8(ascii: "\n"))
    }
    return FileContent(text)
  }
}
