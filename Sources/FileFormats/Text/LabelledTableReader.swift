import Tensors

/// One pass over the rows of a labelled table, or two: when the target's cells, numbers at first,
/// turn out to be words, the pass begins again.
struct LabelledTableReader {
  private let layout: LabelledTableLayout
  private let reading: TargetReading
  private let rowCapacity: Int
  private var cursor: TextCursor
  private(set) var rowCount = 0
  private var numbers: [Double] = []
  private var words = WordColumn()
  private var readsWords = false

  init(_ layout: LabelledTableLayout, reading: TargetReading, rowCapacity: Int) {
    self.layout = layout
    self.reading = reading
    self.rowCapacity = rowCapacity
    cursor = layout.cursor
  }

  /// The target's cells, once the rows were read.
  var cells: TargetCells {
    readsWords ? .words(words.indices, texts: words.texts) : .numbers(numbers)
  }

  /// Reads every row; the features go to `target`, which has room for as many rows as there are
  /// lines.
  ///
  /// - Throws: `FormatError.badData` naming line and column.
  @inline(__always)
  mutating func readRows<Element: Scalar>(
    into target: UnsafeMutableBufferPointer<Element>
  ) throws(FormatError) {
    if layout.target != nil { numbers.reserveCapacity(rowCapacity) }
    while cursor.skipToRow() {
      precondition(rowCount < rowCapacity, "more rows than lines")
      let isWord = try !readRow(target)
      if isWord {
        // Here all that was read is forgotten.
        (readsWords, numbers) = (true, [])
        (cursor, rowCount) = (layout.cursor, 0)
        words.indices.reserveCapacity(rowCapacity)
      } else {
        rowCount += 1
      }
    }
  }

  /// Reads the cells of one row up to its line end; false when the target's cell is the first one
  /// that is a word.
  @inline(__always)
  private mutating func readRow<Element: Scalar>(
    _ target: UnsafeMutableBufferPointer<Element>
  ) throws(FormatError) -> Bool {
    var column = 0
    var position = rowCount * layout.featureCount
    repeat {
      if column == layout.target {
        guard try readTarget(column + 1) else { return false }
      } else if column < layout.columnCount {
        var value = 0.0
        if let number = cursor.takeNumber() {
          value = number
        } else {
          value = try cursor.readUncommonNumber(
            column + 1, hints: layout.isDetected && layout.names == nil ? .unseenHeader : [])
        }
        let element = Element(value)
        guard element.isFinite else { throw notFinite(value, column + 1) }
        target.initializeElement(at: position, to: element)
        position += 1
      } else {
        _ = try cursor.readCell(column + 1)
      }
      column += 1
    } while cursor.takeDelimiter()
    guard column == layout.columnCount else { throw ragged(column) }
    return true
  }

  private func notFinite(_ value: Double, _ column: Int) -> FormatError {
    let place = "line \(cursor.line), column \(column)"
    return value.isFinite
      ? .badData("\(place): \(value) exceeds the largest f32 number (3.4e38)")
      : .badData("\(place): \(value) in the data, where only finite numbers may stand")
  }

  private func ragged(_ count: Int) -> FormatError {
    let others =
      rowCount > 0 ? "the rows before it have" : layout.names == nil ? "expected" : "the header has"
    return .badData(
      "line \(cursor.line): the row has \(count) columns, \(others) \(layout.columnCount)")
  }

  // MARK: The target

  /// Reads the target's cell; false when it is the first one that is a word.
  @inline(__always)
  private mutating func readTarget(_ column: Int) throws(FormatError) -> Bool {
    let start = cursor
    if readsWords {
      // A word that was met before has passed every check.
      if words.repeatWord(try cursor.readCell(column)) { return true }
    } else if let number = cursor.takeNumber(), number.isFinite {
      numbers.append(number)
      return true
    }
    cursor = start
    return try readUncommonTarget(column)
  }

  @inline(never)
  private mutating func readUncommonTarget(_ column: Int) throws(FormatError) -> Bool {
    let place = "line \(cursor.line), column \(column)"
    let cell = try cursor.readCell(column)
    let text = TextQuote.short(cell)
    guard !cell.isEmpty else { throw .badData("\(place): the target's cell is empty") }
    switch TextCell.number(cell) {
    case .value(let number)? where !number.isFinite:
      throw .badData("\(place): \(text) as a target")
    case .value(let number)? where !readsWords: numbers.append(number)
    case .value? where reading == .detected:
      throw .badData(
        "\(place): the number '\(text)' stands among words in the target column",
        hint: "--task classification takes all its cells for words")
    case .overflow? where !readsWords:
      throw .badData("\(place): \(text) exceeds the largest number (1.8e308)")
    case _ where readsWords: words.appendNew(cell)
    case _ where reading == .numbers: throw .badData("\(place): '\(text)' is not a number")
    case _ where reading == .detected && rowCount > 0:
      throw .badData(
        "\(place): '\(text)' stands among numbers in the target column",
        hint: "--task classification takes all its cells for words")
    default: return false
    }
    return true
  }
}

/// Words that repeat, each kept once.
private struct WordColumn {
  var indices: [Int32] = []
  private(set) var texts: [String] = []
  private var places: [String: Int32] = [:]

  /// Appends a word that has been appended before; false, with nothing done, for a new one.
  mutating func repeatWord(_ word: String) -> Bool {
    guard let place = places[word] else { return false }
    indices.append(place)
    return true
  }

  mutating func appendNew(_ word: String) {
    let place = Int32(texts.count)
    places[word] = place
    texts.append(word)
    indices.append(place)
  }
}
