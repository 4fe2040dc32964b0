/// How a text table is to be read.
public struct TextOptions: Sendable, Equatable {
  /// Whether the first row holds names.
  public enum Header: String, Sendable, CaseIterable {
    /// A first row without any number is a header.
    case auto
    case yes
    case no
  }

  /// What stands between two cells.
  public enum Delimiter: Sendable, Equatable {
    /// Exactly one such character; an ASCII one that no number is written with, else reading traps.
    case character(Unicode.Scalar)
    /// Any run of spaces and tabs.
    case whitespace

    /// The delimiter that a user typed: one ASCII character, `\t`, `tab`, `space` or
    /// `whitespace`.
    ///
    /// - Throws: `FormatError.usage` for other texts and for characters that numbers, quotes or
    ///   comments are made of.
    public init(_ text: String) throws(FormatError) {
      switch text {
      case "\\t", "tab", "\t": self = .character("\t")
      case " ", "space", "whitespace": self = .whitespace
      default:
        let scalars = text.unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1, Self.isUsable(scalar) else {
          throw FormatError(
            .usage, "'\(TextQuote.short(text))' cannot be a delimiter",
            hint: "use one character such as , ; | or the words tab, space")
        }
        self = .character(scalar)
      }
    }

    /// Whether a cell cannot contain the character.
    static func isUsable(_ scalar: Unicode.Scalar) -> Bool {
      let isLetterOrDigit = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      return scalar.isASCII && !isLetterOrDigit && !"+-.#\"\n\r\0".unicodeScalars.contains(scalar)
    }
  }

  /// The delimiter; nil looks at the first row (tab, then `;`, then `,`, else whitespace).
  public var delimiter: Delimiter?
  /// Whether the first row holds names.
  public var header: Header

  /// Everything detected, unless said otherwise.
  public init(delimiter: Delimiter? = nil, header: Header = .auto) {
    self.delimiter = delimiter
    self.header = header
  }
}
