import Tensors

/// One pass over the lines of a Matrix Market file behind its banner.
struct MatrixMarketReader<Value: MatrixMarketValue> {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let banner: MatrixMarketBanner
  private var position = 0
  private var line = 1

  /// - Parameter bytes: what follows the banner, from its line end on.
  init(_ bytes: UnsafeBufferPointer<UInt8>, banner: MatrixMarketBanner) {
    self.bytes = bytes
    self.banner = banner
  }

  /// Reads the size line and every entry into a dense row-major matrix.
  mutating func read(
    budget: MemoryBudget
  ) throws(FormatError) -> (rows: Int, columns: Int, values: [Value]) {
    guard skipToContent() else { throw .badData("the size line is missing") }
    let sizeCount = banner.layout == .array ? 2 : 3
    var sizes: [Int] = []
    while sizes.count < sizeCount { sizes.append(try readSize(sizes.count, of: sizeCount)) }
    try endLine("the size line")
    let (rows, columns) = (sizes[0], sizes[1])
    guard banner.symmetry == .general || rows == columns else {
      throw .badData("a \(banner.symmetry.rawValue) matrix of \(rows)x\(columns) is not square")
    }
    let (shape, byteCount) = try Shape.read([rows, columns], dtype: .f64)
    try budget.allow(byteCount, for: "the matrix of \(rows)x\(columns)")
    let expected = banner.layout == .array ? arrayEntryCount(rows, columns) : sizes[2]
    // An entry takes at least a character and a blank.
    guard expected <= (bytes.count - position) / 2 + 1 else {
      throw .badData(
        "the file is too short for \(expected) entries (\(bytes.count - position) bytes follow)")
    }
    var values = [Value](repeating: 0, count: shape.count)
    if banner.layout == .array {
      try readArray(rows, columns, into: &values)
    } else {
      try readCoordinates(sizes[2], rows, columns, into: &values)
    }
    if skipToContent() {
      throw .badData("line \(line): more entries than the \(expected) of the size line")
    }
    return (rows, columns, values)
  }

  // MARK: Entries

  /// The stored entries: a triangle with the diagonal, without it when skew-symmetric.
  private func arrayEntryCount(_ rows: Int, _ columns: Int) -> Int {
    switch banner.symmetry {
    case .general: rows * columns
    case .symmetric, .hermitian: rows * (rows + 1) / 2
    case .skewSymmetric: rows * max(rows - 1, 0) / 2
    }
  }

  /// Column by column; symmetric kinds hold the lower triangle alone.
  private mutating func readArray(
    _ rows: Int, _ columns: Int, into values: inout [Value]
  ) throws(FormatError) {
    for column in 0..<columns {
      let first =
        switch banner.symmetry {
        case .general: 0
        case .symmetric, .hermitian: column
        case .skewSymmetric: column + 1
        }
      for row in first..<max(rows, first) {
        guard skipToContent() else {
          throw .badData(
            "the file ends at row \(row + 1) of column \(column + 1) "
              + "(expected \(arrayEntryCount(rows, columns)) entries)")
        }
        let value = try readValue()
        values[row * columns + column] = value
        if banner.symmetry != .general, row != column {
          values[column * columns + row] = try mirrored(value)
        }
      }
    }
  }

  /// `row column [value]` per line, from 1. Entries of one place are summed, as SciPy does.
  private mutating func readCoordinates(
    _ count: Int, _ rows: Int, _ columns: Int, into values: inout [Value]
  ) throws(FormatError) {
    for entry in 0..<count {
      guard skipToContent() else {
        throw .badData("the file ends after \(entry) entries (expected \(count))")
      }
      let row = try readIndex("row", upTo: rows) - 1
      let column = try readIndex("column", upTo: columns) - 1
      let value: Value = banner.field == .pattern ? 1 : try readValue()
      try endLine("the entry")
      if banner.symmetry != .general { try checkTriangle(row, column) }
      try add(value, row * columns + column, into: &values)
      if banner.symmetry != .general, row != column {
        try add(try mirrored(value), column * columns + row, into: &values)
      }
    }
  }

  /// The value on the other side of the diagonal.
  private func mirrored(_ value: Value) throws(FormatError) -> Value {
    guard banner.symmetry == .skewSymmetric else { return value }
    guard let negated = value.negated else {
      throw .badData("line \(line): the negative of \(value) overflows")
    }
    return negated
  }

  private func add(
    _ value: Value, _ place: Int, into values: inout [Value]
  ) throws(FormatError) {
    guard let total = values[place].sum(value) else {
      throw .badData("line \(line): the sum of the entries of one place overflows")
    }
    values[place] = total
  }

  /// The format stores the lower triangle; an entry above the diagonal could stand for a second
  /// copy, which summing would double.
  private func checkTriangle(_ row: Int, _ column: Int) throws(FormatError) {
    let name = banner.symmetry.rawValue
    guard row >= column else {
      throw .badData(
        "line \(line): entry (\(row + 1), \(column + 1)) lies above the diagonal of a \(name) matrix"
      )
    }
    guard banner.symmetry != .skewSymmetric || row != column else {
      throw .badData("line \(line): a \(name) matrix has no diagonal entry (\(row + 1))")
    }
  }

  // MARK: Tokens

  private mutating func readSize(_ index: Int, of count: Int) throws(FormatError) -> Int {
    let start = position
    guard let size = takeInteger(), size >= 0 else {
      position = start
      throw .badData(
        "line \(line): the size line needs \(count) numbers from 0 (found '\(token())')")
    }
    return size
  }

  private mutating func readIndex(_ what: String, upTo limit: Int) throws(FormatError) -> Int {
    let start = position
    guard let index = takeInteger() else {
      position = start
      throw .badData("line \(line): '\(token())' is not a \(what) index")
    }
    guard index >= 1, index <= limit else {
      throw .badData(
        "line \(line): the \(what) index \(index) is out of range (indices run from 1 to \(limit))")
    }
    return index
  }

  private mutating func readValue() throws(FormatError) -> Value {
    skipBlanks()
    let start = position
    guard let value = Value.scan(bytes, at: &position), isTokenEnd else {
      position = start
      throw .badData("line \(line): '\(token())' is not \(Self.name(banner.field))")
    }
    return value
  }

  private static func name(_ field: MatrixMarketBanner.Field) -> String {
    field == .integer ? "a 64-bit integer" : "a number within the range of doubles"
  }

  private mutating func takeInteger() -> Int? {
    skipBlanks()
    guard let value = IntegerNumber.scan(bytes, at: &position), isTokenEnd else { return nil }
    return Int(value)
  }

  private func token() -> String {
    TextQuote.short(bytes[position...].prefix { $0 > 0x20 })
  }

  private var isTokenEnd: Bool { position >= bytes.count || bytes[position] <= 0x20 }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
      position += 1
    }
  }

  private mutating func endLine(_ what: String) throws(FormatError) {
    skipBlanks()
    guard position >= bytes.count || bytes[position] == 0x0A || bytes[position] == 0x0D else {
      throw .badData("line \(line): '\(token())' follows \(what)")
    }
  }

  /// Moves over blanks, line ends and comment lines; false at the end of the file.
  private mutating func skipToContent() -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case 0x0A:
        line += 1
        position += 1
      case 0x00...0x20: position += 1
      case UInt8(ascii: "%"):
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      default: return true
      }
    }
    return false
  }
}
