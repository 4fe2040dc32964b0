/// What a piece of syntax stands for: a constant known at once, or a value that a step computes.
///
/// Attributes, indices and axes are constants; which of them a number or a list is, its place tells.
enum Meaning {
  /// A number; a whole one is at most 2⁵³ in magnitude.
  case number(Double, isWhole: Bool)
  case text(String)
  case boolean(Bool)
  case none
  case ellipsis
  case slice(IndexItem)
  case list(NumberList)
  /// A tuple, or a list that holds something besides numbers.
  case tuple([Meaning], isList: Bool)
  /// The slot of a value.
  case value(Int)

  /// The number if it is whole.
  var integer: Int? {
    if case .number(let value, isWhole: true) = self { Int(value) } else { nil }
  }

  /// Whole numbers: one, or those of a tuple or list.
  var integers: [Int]? {
    switch self {
    case .number: return integer.map { [$0] }
    case .list(let list): return list.integers
    case .tuple(let elements, _):
      let values = elements.compactMap(\.integer)
      return values.count == elements.count ? values : nil
    default: return nil
    }
  }

  /// The constant in a message.
  var words: String {
    switch self {
    case .number: "a number"
    case .text: "a text"
    case .boolean: "a truth value"
    case .none: "None"
    case .ellipsis: "'...'"
    case .slice: "a slice"
    case .list: "a list"
    case .tuple(_, let isList): isList ? "a list of values" : "a tuple"
    case .value: "a value"
    }
  }
}

/// Numbers in brackets, rectangular.
struct NumberList {
  /// The sizes, outermost first.
  let sizes: [Int]
  let elements: [Double]
  /// Whether all elements are whole numbers.
  let isWhole: Bool
  /// The node that it was written as.
  let node: Int

  /// A list of numbers or of lists of equal sizes; nil if something else is among them.
  ///
  /// - Throws: `RaggedList` for lists of different sizes.
  init?(_ meanings: [Meaning], node: Int) throws(RaggedList) {
    var elements: [Double] = []
    var inner: [Int]?
    var isWhole = true
    for (place, meaning) in meanings.enumerated() {
      let sizes: [Int]
      switch meaning {
      case .number(let value, let whole):
        sizes = []
        elements.append(value)
        isWhole = isWhole && whole
      case .list(let list):
        sizes = list.sizes
        elements += list.elements
        isWhole = isWhole && list.isWhole
      default: return nil
      }
      guard inner == nil || inner == sizes else { throw RaggedList(place: place) }
      inner = sizes
      // Lists that have names could be repeated without end.
      guard elements.count <= Expression.lengthLimit else { throw RaggedList(place: nil) }
    }
    sizes = [meanings.count] + (inner ?? [])
    guard sizes.count <= Expression.rankLimit else { throw RaggedList(place: nil) }
    (self.elements, self.isWhole, self.node) = (elements, isWhole, node)
  }

  /// The elements of a list of whole numbers.
  var integers: [Int]? {
    guard sizes.count == 1, isWhole else { return nil }
    return elements.map { Int($0) }
  }
}

/// A list that is no tensor: the place of the first element of another size, nil for too many.
struct RaggedList: Error {
  let place: Int?
}
