public import Tensors

/// Which column of a text table is the target, the one that a model shall learn to predict.
public enum TargetColumn: Sendable, Equatable {
  /// Every column is a feature.
  case none
  /// The last column.
  case last
  /// The column that the header calls so.
  case named(String)
  /// A column by its place from 0; negative numbers count from the end, −1 is the last.
  case index(Int)

  /// The column that a user typed: a whole number is a place, everything else a name.
  public init(_ text: String) {
    self = Int(text).map(TargetColumn.index) ?? .named(text)
  }
}

/// What the target's cells are taken for.
public enum TargetReading: Sendable {
  /// The first cell decides; numbers among words, and words among numbers, are refused.
  case detected
  /// Names of classes: numbers if all cells are numbers, else words.
  case labels
  /// Numbers: words are refused.
  case numbers
}

/// The target's cells, row by row.
public enum TargetCells: Sendable, Equatable {
  /// Every cell is a finite number.
  case numbers([Double])
  /// Cells that are words: per row an index into the distinct `texts`, which stand in the order in
  /// which they first appear.
  case words([Int32], texts: [String])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .words(let indices, _): indices.count
    }
  }
}

/// The target column of a table.
public struct LabelledTableTarget: Sendable, Equatable {
  /// Its place among the table's columns, from 0.
  public let index: Int
  /// Its name; nil without a header.
  public let name: String?
  /// Its cells.
  public let cells: TargetCells
}

/// A text table of numbers, N rows by D features, and a target column whose cells may be words.
///
/// The numbers are stored in the wanted precision at once: beside the file nothing is held but
/// the result.
public struct LabelledTable<Element: Scalar>: Sendable, Equatable {
  /// The features [N, D] in the file's order; D is 0 where the target is the only column.
  public let features: Tensor<Element>
  /// The features' names; nil without a header.
  public let featureNames: [String]?
  /// The target; nil when none was asked for.
  public let target: LabelledTableTarget?

  /// Reads a table in the syntax of `TextTable`.
  ///
  /// A first row is a header when no cell of a feature resembles a number, whatever stands above
  /// the target; when the target is the only column, when its first cell is no number and its
  /// second is one. A target that is named needs a header. Options decide otherwise.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - column: the target.
  ///   - reading: what its cells are taken for.
  ///   - options: separators and header.
  ///   - budget: asked for the table before it is read, the file counted in.
  /// - Throws: `FormatError.badData`, naming line, column and the text found, for rows of unequal
  ///   length, empty cells, features that are no number, not finite or beyond `Element`'s range,
  ///   and targets that are not as `reading` demands; `.usage` for a column that is not there;
  ///   `.resourceLimit` beyond the budget.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func decode(
    _ bytes: ArraySlice<UInt8>, target column: TargetColumn, reading: TargetReading = .detected,
    options: TextOptions = TextOptions(), budget: MemoryBudget
  ) throws(FormatError) -> LabelledTable {
    let text = try TextCheck.text(bytes)
    var failure: FormatError?
    var table: LabelledTable?
    text.withUnsafeBufferPointer { source in
      do throws(FormatError) {
        table = try decode(source, column, reading, options, budget)
      } catch {
        failure = error
      }
    }
    guard let table else { throw failure ?? .badData("the file holds no numbers") }
    return table
  }

  @inline(__always)
  private static func decode(
    _ source: UnsafeBufferPointer<UInt8>, _ column: TargetColumn, _ reading: TargetReading,
    _ options: TextOptions, _ budget: MemoryBudget
  ) throws(FormatError) -> LabelledTable {
    let layout = try LabelledTableLayout(source, column: column, options: options)
    let rows = greatestRowCount(source)
    let capacity = rows * layout.featureCount
    let targetSize = layout.target == nil ? 0 : MemoryLayout<Double>.stride
    try budget.allow(
      source.count + capacity * MemoryLayout<Element>.stride + rows * targetSize,
      for: "the table beside its file")
    var reader = LabelledTableReader(layout, reading: reading, rowCapacity: rows)
    var failure: FormatError?
    let features = [Element](unsafeUninitializedCapacity: capacity) { buffer, count in
      LargeBuffers.advise(buffer)
      do throws(FormatError) {
        try reader.readRows(into: buffer)
        count = reader.rowCount * layout.featureCount
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    let target = layout.target.map { index in
      LabelledTableTarget(index: index, name: layout.names?[index], cells: reader.cells)
    }
    return LabelledTable(
      features: Tensor([reader.rowCount, layout.featureCount], features),
      featureNames: layout.featureNames, target: target)
  }

  /// No more rows than lines.
  private static func greatestRowCount(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var ends = 1
    var previous: UInt8 = 0
    for byte in text {
      // Of `\r\n` only the first byte counts.
      let isEnd =
        byte == UInt8(ascii: "\r")
        || (byte == UInt8(ascii: "\n") && previous != UInt8(ascii: "\r"))
      ends += isEnd ? 1 : 0
      previous = byte
    }
    return ends
  }
}
