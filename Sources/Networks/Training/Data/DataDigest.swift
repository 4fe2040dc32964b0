import Tensors

/// A fingerprint of a data set, to tell whether a model meets the data that it was trained on.
///
/// Two 64-bit lanes take one word after the other: h ← (rotl(h, r) xor word)·odd. For a given
/// word this is a bijection of the lane, and for a given lane one of the word, so that data
/// differing in a single word never share a digest; data that differ in more do with a chance of
/// about 2⁻¹²⁸. It guards against mistakes, not against forgery.
struct DataDigest {
  private var lanes: (UInt64, UInt64) = (0x6C69_6E61_6C67_0001, 0x6461_7461_7365_7401)

  /// Takes one word in.
  @inline(__always)
  mutating func add(_ word: UInt64) {
    // Odd multipliers from the golden ratio and from SplitMix64 (Steele, Lea & Flood 2014).
    lanes.0 = (lanes.0 << 27 | lanes.0 >> 37) ^ word &* 0x9E37_79B9_7F4A_7C15
    lanes.1 = (lanes.1 << 31 | lanes.1 >> 33) ^ word
    lanes.0 = lanes.0 &* 0xBF58_476D_1CE4_E5B9
    lanes.1 = lanes.1 &* 0x94D0_49BB_1331_11EB
  }

  /// Takes a text in, its length first.
  mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// Takes shape and bits of a tensor in: every element is a word of its own, widened to double
  /// precision, which keeps different numbers different.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  mutating func add<Element: Scalar>(_ tensor: Tensor<Element>) {
    for size in tensor.shape.dimensions { add(UInt64(size)) }
    tensor.withUnsafeElements { elements in
      for element in elements { add(Double(element).bitPattern) }
    }
  }

  /// The digest as 32 hexadecimal digits.
  var text: String { Self.digits(Self.mixed(lanes.0)) + Self.digits(Self.mixed(lanes.1)) }

  /// A bijection that spreads the last words over all digits (SplitMix64's).
  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private static func digits(_ word: UInt64) -> String {
    let text = String(word, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}

extension LabelledData {
  /// 32 hexadecimal digits that tell this data set from others: from the shapes, the bits of every
  /// number, the targets and the classes' labels, all in their order. The features' names do not
  /// count. In other precisions the same file has other digests, unless its numbers are exact in
  /// both.
  public var digest: String {
    var digest = DataDigest()
    digest.add(inputs)
    switch targets {
    case .values(let values):
      digest.add(0)
      digest.add(values)
    case .classes(let classes, let map):
      digest.add(1)
      digest.add(UInt64(map.count))
      for label in map.labels { digest.add(label) }
      for index in classes { digest.add(UInt64(index)) }
    }
    return digest.text
  }
}
