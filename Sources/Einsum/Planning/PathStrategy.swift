/// How the order of a contraction is chosen.
public enum PathStrategy: Sendable, Hashable {
  /// `optimal` for up to ten operands; beyond, the cheaper of `dynamic` and `greedy`.
  case auto
  /// The fewest operations over all pairwise orders, outer products included; up to 16 operands.
  case optimal
  /// The fewest operations over orders without outer products, `greedy` where that takes too long.
  case dynamic
  /// The pair that frees most memory, again and again; for any number of operands.
  case greedy
  /// This path and no other.
  case given(ContractionPath)

  /// A strategy from `auto`, `optimal`, `dp` or `greedy`, nil for anything else.
  public init?(name: String) {
    switch name {
    case "auto": self = .auto
    case "optimal": self = .optimal
    case "dp": self = .dynamic
    case "greedy": self = .greedy
    default: return nil
    }
  }

  /// A strategy from its name or from the text of a path.
  ///
  /// - Throws: `PathError.unknownStrategy` for a misspelt name, `.syntax` for a path that is none.
  ///   Whether the path suits a contraction is checked when that is planned.
  public init(parsing text: String) throws(PathError) {
    if let named = PathStrategy(name: text) {
      self = named
      return
    }
    guard let first = text.first(where: { $0 != " " }), "([".contains(first) else {
      throw .unknownStrategy(text)
    }
    self = .given(try ContractionPath(parsing: text))
  }

  /// What the strategy is called on the command line; a given path as its text.
  public var name: String {
    switch self {
    case .auto: "auto"
    case .optimal: "optimal"
    case .dynamic: "dp"
    case .greedy: "greedy"
    case .given(let path): path.text
    }
  }
}
