public import Tensors

/// Tables of numbers as text: CSV, TSV, `;`- and whitespace-separated.
public enum TextTable {
  /// Reads a table.
  ///
  /// RFC 4180 quotes, a byte order mark, any line ends, blank lines and `#` comments are
  /// understood. Numbers are rounded correctly; `inf` and `nan` are numbers.
  ///
  /// - Returns: an `f64` array of shape [rows, columns], both at least 1.
  /// - Throws: `FormatError.badData` naming line and column; `.resourceLimit` when the numbers do
  ///   not fit the budget.
  public static func decode(
    _ bytes: ArraySlice<UInt8>, options: TextOptions = TextOptions(), budget: MemoryBudget
  ) throws(FormatError) -> StoredArray {
    let text = try TextCheck.text(bytes)
    let capacity = greatestCellCount(text)
    try budget.allow(capacity * MemoryLayout<Double>.size, for: "the table")
    var shape: Shape = [0, 0]
    var failure: FormatError?
    let values = [UInt8](unsafeUninitializedCapacity: capacity * MemoryLayout<Double>.size) {
      buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      text.withUnsafeBufferPointer { source in
        var reader = TextTableReader(source, options: options)
        var offset = 0
        do throws(FormatError) {
          try reader.readRows { value in
            precondition(offset < target.count, "more cells than were counted")
            target.storeBytes(
              of: value.bitPattern.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset += MemoryLayout<Double>.size
          }
          shape = [reader.rowCount, reader.columnCount]
          count = offset
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return StoredArray(dtype: .f64, shape: shape, bytes: values[...])
  }

  /// No more cells than this: every number begins with a byte of `isContent` behind one that is
  /// none (delimiters, quotes, blanks, line ends).
  private static func greatestCellCount(_ text: ArraySlice<UInt8>) -> Int {
    text.withUnsafeBufferPointer { bytes in
      var starts = 0
      var wasContent = false
      for byte in bytes {
        let isContent = isContent(byte)
        starts += isContent && !wasContent ? 1 : 0
        wasContent = isContent
      }
      return starts
    }
  }

  /// Whether numbers and words are made of this byte.
  @inline(__always)
  private static func isContent(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") <= 9 || (byte | 0x20) &- UInt8(ascii: "a") <= 25
      || byte == DecimalNumber.point || byte == DecimalNumber.minus || byte == DecimalNumber.plus
  }

  /// A table with the shortest texts that read back as the same numbers, one row per line.
  ///
  /// `f16`, `bf16` and `f32` are written with the digits that `Float` needs: `0.1`, not
  /// `0.10000000149011612`.
  ///
  /// A vector becomes one column, a scalar one cell.
  ///
  /// - Throws: `FormatError.usage` for more than two axes, `.badData` for no elements: an empty
  ///   text would not read back.
  public static func encode(
    _ array: StoredArray, delimiter: Unicode.Scalar = ","
  ) throws(FormatError) -> FileContent {
    let columns = try array.tableSize(for: "a text table").columns
    guard array.shape.count > 0 else {
      throw .badData("an array of shape \(array.shape) has no numbers to write as text")
    }
    var text: [UInt8] = []
    text.reserveCapacity(array.shape.count * 12)
    let separator = [UInt8](Character(delimiter).utf8)
    array.forEachText { position, number in
      if position % columns != 0 {
        text += separator
      } else if position > 0 {
        text.append(UInt8(ascii: "\n"))
      }
      text += number.utf8
    }
    text.append(UInt8(ascii: "\n"))
    return FileContent(text)
  }
}

extension StoredArray {
  /// Rows and columns of a two-dimensional text format: vectors are columns.
  ///
  /// - Throws: `FormatError.usage` for more than two axes.
  func tableSize(for format: String) throws(FormatError) -> (rows: Int, columns: Int) {
    switch shape.rank {
    case 0: return (1, 1)
    case 1: return (shape[0], 1)
    case 2: return (shape[0], shape[1])
    default:
      throw FormatError(
        .usage, "an array of shape \(shape) has more than two axes; \(format) has two",
        hint: "write it as .npy")
    }
  }

  /// Calls `body` with every element's position and shortest round-trip text, in order.
  ///
  /// `f16` and `bf16` print as the `Float` of equal value.
  func forEachText(_ body: (Int, String) -> Void) {
    switch dtype {
    case .bool: forEachText(UInt8.self, body) { $0 == 0 ? "0" : "1" }
    case .i8: forEachText(Int8.self, body) { String($0) }
    case .i16: forEachText(Int16.self, body) { String($0) }
    case .i32: forEachText(Int32.self, body) { String($0) }
    case .i64: forEachText(Int64.self, body) { String($0) }
    case .u8: forEachText(UInt8.self, body) { String($0) }
    case .u16: forEachText(UInt16.self, body) { String($0) }
    case .u32: forEachText(UInt32.self, body) { String($0) }
    case .u64: forEachText(UInt64.self, body) { String($0) }
    case .f16: forEachText(UInt16.self, body) { SmallFloat.f16.widened($0).description }
    case .bf16: forEachText(UInt16.self, body) { SmallFloat.bf16.widened($0).description }
    case .f32: forEachText(UInt32.self, body) { Float(bitPattern: $0).description }
    case .f64: forEachText(UInt64.self, body) { Double(bitPattern: $0).description }
    }
  }

  private func forEachText<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ raw: Raw.Type, _ body: (Int, String) -> Void, _ text: (Raw) -> String
  ) {
    for position in 0..<shape.count {
      body(position, text(bytes.littleEndian(position * MemoryLayout<Raw>.size, as: Raw.self)))
    }
  }
}
