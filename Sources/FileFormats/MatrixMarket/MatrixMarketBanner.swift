/// The banner of a Matrix Market file and what it commits the entries to.
struct MatrixMarketBanner {
  enum Layout: String { case array, coordinate }
  enum Field: String { case real, integer, pattern }
  enum Symmetry: String {
    case general, symmetric
    case skewSymmetric = "skew-symmetric"
    case hermitian
  }

  static let signature = "%%MatrixMarket"

  let layout: Layout
  let field: Field
  let symmetry: Symmetry

  /// Reads `%%MatrixMarket matrix LAYOUT FIELD SYMMETRY`; case does not count.
  ///
  /// - Throws: `FormatError.badData` naming the word that is wrong.
  init(_ line: String) throws(FormatError) {
    let words = line.split { $0 == " " || $0 == "\t" }.map { $0.lowercased() }
    guard words.first == Self.signature.lowercased() else {
      throw .badData("the first line is not a %%MatrixMarket banner")
    }
    guard words.count == 5 else {
      throw .badData("the banner has \(words.count) words, expected 5: \(Self.expected)")
    }
    guard words[1] == "matrix" else { throw Self.unknown("object", words[1], "matrix") }
    guard let layout = Layout(rawValue: words[2]) else {
      throw Self.unknown("layout", words[2], "array or coordinate")
    }
    guard words[3] != "complex" else {
      throw .badData("complex matrices are not read (real, integer and pattern are)")
    }
    guard let field = Field(rawValue: words[3] == "double" ? "real" : words[3]) else {
      throw Self.unknown("field", words[3], "real, integer or pattern")
    }
    guard let symmetry = Symmetry(rawValue: words[4]) else {
      throw Self.unknown(
        "symmetry", words[4], "general, symmetric, skew-symmetric or hermitian")
    }
    guard layout == .coordinate || field != .pattern else {
      throw .badData("a pattern matrix cannot have the array layout")
    }
    self.layout = layout
    self.field = field
    self.symmetry = symmetry
  }

  private static let expected =
    "\(signature) matrix array|coordinate real|integer|pattern general|symmetric|…"

  private static func unknown(_ part: String, _ word: String, _ known: String) -> FormatError {
    .badData("the banner's \(part) '\(TextQuote.short(word))' is unknown (expected \(known))")
  }
}
