/// An expression as it is written: statements over nodes that name the nodes they consist of.
///
/// The nodes are a flat list in which parts stand before the whole. However long a chain of operators
/// is, nothing that walks over it recurses.
struct SyntaxTree {
  /// One piece of syntax.
  struct Node {
    enum Kind {
      case number(Double, isWhole: Bool)
      case text(String)
      case boolean(Bool)
      case none
      case ellipsis
      case name(String)
      case negative(Int)
      case positive(Int)
      case binary(BinaryOperator, Int, Int)
      case attribute(Int, String)
      case call(String, [Argument])
      case index(Int, [Int])
      case slice(lower: Int?, upper: Int?, step: Int?)
      case list([Int])
      case tuple([Int])
    }

    let kind: Kind
    /// Where it is complained about: an operator's place, else where it begins.
    let position: Int
  }

  enum BinaryOperator {
    case arithmetic(Arithmetic.Operator)
    case matrixProduct
  }

  /// An argument of a call; with a name when it is given by keyword.
  struct Argument {
    let keyword: Keyword?
    let value: Int
  }

  struct Keyword {
    let name: String
    let position: Int
  }

  /// `name = value`, `a, b = value` or a value alone.
  struct Statement {
    /// The names that it binds, none for a value alone.
    let targets: [Keyword]
    /// Whether a tuple is taken apart; `a, = …` has one target and takes one apart, too.
    let takesApart: Bool
    let value: Int
  }

  var nodes: [Node] = []
  var statements: [Statement] = []

  /// Adds a node.
  /// - Returns: its number.
  mutating func add(_ kind: Node.Kind, at position: Int) -> Int {
    nodes.append(Node(kind: kind, position: position))
    return nodes.count - 1
  }
}
