/// Pieces of a file inside one-line messages.
public enum TextQuote {
  /// At most this many characters of a file are repeated in a message.
  public static let longest = 40

  /// `text` on one line, with control characters escaped, cut when long.
  public static func short(_ text: String, longest: Int = longest) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(longest) {
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        result += scalar.escaped(asASCII: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > longest ? result + "…" : result
  }

  /// Bytes as text; what is not UTF-8 shows as U+FFFD.
  public static func short(
    _ bytes: some Collection<UInt8>, longest: Int = longest
  ) -> String {
    // Four bytes per character at most: a longer piece is cut anyway.
    short(String(decoding: bytes.prefix(4 * longest + 4), as: UTF8.self), longest: longest)
  }
}
