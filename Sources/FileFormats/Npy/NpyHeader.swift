public import Tensors

/// What the header of a `.npy` file says, read without touching the data.
///
/// Format: "NEP 1 — A Simple File Format for NumPy Arrays", versions 1, 2 and 3. The header is a
/// Python literal; it is taken apart by a tokenizer (`PythonLiteral`) and never evaluated.
public struct NpyHeader: Equatable, Sendable {
  /// The element type.
  public let dtype: DType
  /// The sizes, outermost first, whatever the order of the data.
  public let shape: Shape
  /// Whether the first index varies fastest.
  public let isFortranOrder: Bool
  /// Whether multi-byte elements are stored most significant byte first.
  public let isBigEndian: Bool
  /// Where the data begins, from the start of the file.
  public let dataOffset: Int
  /// How many bytes of data the shape demands.
  public let dataByteCount: Int

  /// `\x93NUMPY`.
  static let signature: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// Reads the header at the start of `bytes`; the data need not be there.
  ///
  /// - Throws: `FormatError.badData` for everything that NumPy would not have written.
  public init(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    let (text, dataOffset) = try Self.text(of: bytes)
    var literal = PythonLiteral(text)
    let fields = try literal.npyFields()
    (dtype, isBigEndian) = try Self.elementType(fields.descr)
    (shape, dataByteCount) = try Shape.read(fields.shape, dtype: dtype)
    isFortranOrder = fields.isFortranOrder
    self.dataOffset = dataOffset
  }

  /// The literal's bytes and where the data begins.
  private static func text(
    of bytes: ArraySlice<UInt8>
  ) throws(FormatError) -> (ArraySlice<UInt8>, dataOffset: Int) {
    guard bytes.starts(with: signature) else {
      throw .badData("not a .npy file (the first bytes are not \\x93NUMPY)")
    }
    let start = bytes.startIndex
    guard bytes.count >= 10 else {
      throw .badData("the header is cut (found \(bytes.count) bytes, expected at least 10)")
    }
    let (major, minor) = (bytes[start + 6], bytes[start + 7])
    guard (1...3).contains(major), minor == 0 else {
      throw .badData(
        ".npy version \(major).\(minor) is unknown (versions 1.0, 2.0 and 3.0 are read)")
    }
    let lengthSize = major == 1 ? 2 : 4
    let textStart = 8 + lengthSize
    guard bytes.count >= textStart else {
      throw .badData("the header is cut (found \(bytes.count) bytes, expected \(textStart))")
    }
    let length = bytes[start + 8..<start + textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - textStart else {
      throw .badData(
        "the header is cut (found \(bytes.count - textStart) bytes, its length field says \(length))"
      )
    }
    let offset = textStart + length
    return (bytes[start + textStart..<start + offset], offset)
  }

  /// The type that a `descr` string such as `<f8` names.
  private static func elementType(
    _ descr: String
  ) throws(FormatError) -> (DType, isBigEndian: Bool) {
    var code = Substring(descr)
    var isBigEndian = false
    if let order = code.first, "<>|=".contains(order) {
      isBigEndian = order == ">"
      code = code.dropFirst()
    }
    if let dtype = types[String(code)] { return (dtype, isBigEndian && dtype.byteSize > 1) }
    let kind = code.first.flatMap { refusedKinds[$0] } ?? "unknown elements"
    throw .badData("the dtype '\(TextQuote.short(descr))' holds \(kind)", hint: typesHint)
  }

  private static let types: [String: DType] = [
    "b1": .bool, "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64,
    "u1": .u8, "u2": .u16, "u4": .u32, "u8": .u64, "f2": .f16, "f4": .f32, "f8": .f64,
  ]

  private static let refusedKinds: [Character: String] = [
    "O": "Python objects", "S": "byte strings", "a": "byte strings", "U": "text",
    "V": "raw records", "c": "complex numbers", "M": "dates", "m": "time differences",
    "f": "floating-point numbers of an unread width",
  ]

  static let typesHint = "real numbers of 1 to 8 bytes are read: f2 f4 f8, i1 to i8, u1 to u8, b1"
}
