import JSONText

/// SplitMix64 (Steele, Lea, Flood 2014): the same documents in every run.
struct DocumentGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A document nested at most `depth` levels, with every kind of value.
  mutating func document(depth: Int = 4) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
    case 0: return .null
    case 1: return .bool(.random(using: &self))
    case 2: return .integer(integer())
    case 3: return .number(number())
    case 4, 5: return .string(string())
    case 6:
      return .array(
        (0..<Int.random(in: 0...30, using: &self)).map { _ in document(depth: depth - 2) })
    default:
      var object = JSONObject()
      for index in 0..<Int.random(in: 0...5, using: &self) {
        object.append("\(index)" + string(), document(depth: depth - 1))
      }
      return .object(object)
    }
  }

  private mutating func integer() -> Int {
    Bool.random(using: &self)
      ? Int.random(in: -1000...1000, using: &self) : Int.random(in: .min ... .max, using: &self)
  }

  /// Any finite double: all exponents, subnormals and both zeros included.
  private mutating func number() -> Double {
    let value = Double(bitPattern: next())
    return value.isFinite
      ? value
      : [0.0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1][
        Int.random(in: 0..<5, using: &self)]
  }

  private mutating func string() -> String {
    let alphabet: [Unicode.Scalar] = [
      "a", "Z", "0", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "e",
      "\u{301}", "σ", "₁", "€", "\u{2028}", "\u{FFFD}", "\u{FFFF}", "😀", "\u{10FFFF}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &self) {
      text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &self)])
    }
    return text
  }
}
