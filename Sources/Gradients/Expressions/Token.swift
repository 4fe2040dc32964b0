/// A piece of an expression and the place where it begins.
struct Token {
  /// What stands there.
  enum Kind: Equatable {
    /// A number; whole if it is written with digits alone and can be counted with.
    case number(Double, isWhole: Bool)
    /// What stands between quotes.
    case text(String)
    case name(String)
    case symbol(Symbol)
    /// The place after the last piece.
    case end
  }

  /// Operators and marks.
  enum Symbol: String, CaseIterable {
    case ellipsis = "..."
    case power = "**"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case matrixProduct = "@"
    case open = "("
    case close = ")"
    case openBracket = "["
    case closeBracket = "]"
    case comma = ","
    case colon = ":"
    case semicolon = ";"
    case equals = "="
    case dot = "."

    /// Longer symbols come before their own beginnings.
    static let spellings = allCases.map { (symbol: $0, scalars: Array($0.rawValue.unicodeScalars)) }

    /// What closes what this opens.
    var closing: Symbol? {
      switch self {
      case .open: .close
      case .openBracket: .closeBracket
      default: nil
      }
    }
  }

  let kind: Kind
  /// The offset in Unicode scalars.
  let position: Int

  /// The piece in a message.
  var words: String {
    switch kind {
    case .number: "a number"
    case .text: "a text"
    case .name(let name): quotedName(name)
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    case .end: "the end"
    }
  }
}

/// A name in a message: in quotes, cut where it is long.
func quotedName(_ name: String) -> String {
  name.count <= 40 ? "'\(name)'" : "'\(name.prefix(39))…'"
}
