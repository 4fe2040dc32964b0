/// A tokenizer for the dictionary in a `.npy` header.
///
/// It knows the few tokens that NumPy writes (strings, integers with Python 2's `L`, `True`,
/// `False`, brackets) and refuses everything else; nothing is evaluated and nothing recurses.
struct PythonLiteral {
  /// The three entries of a `.npy` header.
  struct NpyFields {
    var descr: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  private enum Token: Equatable {
    case string(String)
    case integer(Int)
    case word(String)
    case mark(Character)
    case end
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Reads `{'descr': …, 'fortran_order': …, 'shape': …}` with the keys in any order.
  mutating func npyFields() throws(FormatError) -> NpyFields {
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{", "the header is not a dictionary")
    while true {
      let token = try next()
      if token == .mark("}") { break }
      guard case .string(let key) = token else { throw malformed("a key is not a string") }
      try expect(":", "no colon follows the key '\(TextQuote.short(key))'")
      switch key {
      case "descr" where descr == nil: descr = try description()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      case "descr", "fortran_order", "shape": throw malformed("the key '\(key)' stands twice")
      default: throw malformed("the key '\(TextQuote.short(key))' is unknown")
      }
      let separator = try next()
      if separator == .mark("}") { break }
      guard separator == .mark(",") else { throw malformed("no comma between two entries") }
    }
    guard try next() == .end else { throw malformed("something follows the dictionary") }
    guard let descr else { throw malformed("the key 'descr' is missing") }
    guard let isFortranOrder else { throw malformed("the key 'fortran_order' is missing") }
    guard let shape else { throw malformed("the key 'shape' is missing") }
    return NpyFields(descr: descr, isFortranOrder: isFortranOrder, shape: shape)
  }

  private mutating func description() throws(FormatError) -> String {
    switch try next() {
    case .string(let text): return text
    case .mark("["):
      throw .badData("the dtype is structured (a record of fields)", hint: NpyHeader.typesHint)
    default: throw malformed("'descr' is not a string")
    }
  }

  private mutating func boolean() throws(FormatError) -> Bool {
    switch try next() {
    case .word("True"): return true
    case .word("False"): return false
    default: throw malformed("'fortran_order' is neither True nor False")
    }
  }

  private mutating func tuple() throws(FormatError) -> [Int] {
    try expect("(", "'shape' is not a tuple")
    var sizes: [Int] = []
    while true {
      switch try next() {
      case .mark(")"): return sizes
      case .integer(let size): sizes.append(size)
      default: throw malformed("'shape' holds something else than integers")
      }
      switch try next() {
      case .mark(","): continue
      case .mark(")") where sizes.count == 1:
        throw malformed("'shape' is a number, not a tuple")
      case .mark(")"): return sizes
      default: throw malformed("'shape' is not closed")
      }
    }
  }

  private mutating func expect(_ mark: Character, _ complaint: String) throws(FormatError) {
    guard try next() == .mark(mark) else { throw malformed(complaint) }
  }

  private func malformed(_ what: String) -> FormatError {
    .badData("the .npy header is malformed: \(what)")
  }

  private mutating func next() throws(FormatError) -> Token {
    while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    guard let byte = peek else { return .end }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return try string(quote: byte)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return try integer()
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      return .word(take { Self.isLetter($0) })
    default:
      position += 1
      return .mark(Character(Unicode.Scalar(byte)))
    }
  }

  private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private mutating func take(while matches: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek, matches(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func string(quote: UInt8) throws(FormatError) -> Token {
    position += 1
    let text = take { $0 != quote && $0 != UInt8(ascii: "\\") }
    guard peek == quote else { throw malformed("a string is not closed") }
    position += 1
    return .string(text)
  }

  private mutating func integer() throws(FormatError) -> Token {
    let isNegative = peek == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let digits = take { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty else { throw malformed("a minus sign without a number") }
    guard let value = Int((isNegative ? "-" : "") + digits) else {
      throw .badData("a size of the shape overflows (\(TextQuote.short(digits)))")
    }
    if peek == UInt8(ascii: "L") { position += 1 }
    return .integer(value)
  }
}
