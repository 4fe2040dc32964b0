import TestSupport

@testable import Gradients

/// Texts drawn from the grammar of expressions, whose shapes need not fit, and damaged ones.
struct RandomExpression {
  private var generator: SeededGenerator
  private let operations: [any Operation]
  private var names = ["x", "A", "B", "s", "T", "E"]

  init(seed: UInt64, operations: OperationTable) {
    generator = SeededGenerator(seed: seed)
    self.operations = operations.operations
  }

  /// A text by the grammar.
  mutating func text() -> String {
    names = ["x", "A", "B", "s", "T", "E"]
    var statements: [String] = []
    for number in 0..<(chance(20) ? random(1...3) : 0) {
      statements.append("b\(number) = \(value(3))")
      names.append("b\(number)")
    }
    statements.append(chance(5) ? "\(value(2)), \(value(2))" : value(random(1...5)))
    return statements.joined(separator: chance(50) ? "; " : ";")
  }

  /// A text with some characters changed, or halves of two texts.
  mutating func damagedText() -> String {
    var scalars = Array(text().unicodeScalars)
    if chance(20) {
      let other = Array(text().unicodeScalars)
      scalars = scalars.prefix(random(0...scalars.count)) + other.suffix(random(0...other.count))
    }
    let pool = Array(
      "()[]{},;:.=+-*/@ \t\n'\"\\xAsTb0123456789eE_#^%<>!&|~∂−…ᵀ\u{301}\u{0}😀".unicodeScalars)
    for _ in 0..<random(1...4) {
      let place = random(0...scalars.count)
      switch random(0...3) {
      case 0 where place < scalars.count: scalars.remove(at: place)
      case 1 where place < scalars.count: scalars[place] = pool[random(0...pool.count - 1)]
      case 2 where place < scalars.count:
        let end = min(scalars.count, place + random(1...6))
        scalars.insert(contentsOf: scalars[place..<end], at: random(0...scalars.count))
      default: scalars.insert(pool[random(0...pool.count - 1)], at: place)
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private mutating func random(_ range: ClosedRange<Int>) -> Int {
    .random(in: range, using: &generator)
  }

  private mutating func chance(_ percent: Int) -> Bool { random(0...99) < percent }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[random(0...elements.count - 1)]
  }

  private mutating func value(_ depth: Int) -> String {
    guard depth > 0 else { return leaf() }
    switch random(0...13) {
    case 0...4:
      return "\(value(depth - 1)) \(pick(["+", "-", "*", "/", "@", "**"])) \(value(depth - 1))"
    case 5: return "(\(value(depth - 1)))"
    case 6: return pick(["-", "+"]) + value(depth - 1)
    case 7: return "\(value(0))\(pick([".T", ".mT", ".T.T"]))"
    case 8: return "\(pick(names))[\(index())]"
    case 9: return "(\(value(depth - 1)))[\(index())]"
    case 10: return "\(value(0)) ** \(pick(["2", "3", "-1", "0.5", "0"]))"
    default: return call(depth)
    }
  }

  private mutating func leaf() -> String {
    switch random(0...9) {
    case 0: return pick(["0", "1", "2", "0.5", "1e-3", "3."])
    case 1: return pick(["pi", "e", "inf"])
    case 2: return pick(["[1, 2, 3]", "[[1, 2], [3, 4]]", "[]", "[[1, -2, 3]]", "[0, 1]", "[2]"])
    default: return pick(names)
    }
  }

  private mutating func index() -> String {
    func bound() -> String { chance(50) ? "" : "\(random(-4...4))" }
    return (0..<random(1...3)).map { _ in
      switch random(0...5) {
      case 0: return "None"
      case 1: return "..."
      case 2, 3: return "\(random(-3...3))"
      default: return "\(bound()):\(bound())" + (chance(50) ? "" : ":\(random(-2...3))")
      }
    }.joined(separator: ", ")
  }

  private mutating func call(_ depth: Int) -> String {
    let operation = pick(operations)
    var arguments: [String] = []
    for parameter in operation.parameters {
      switch parameter.kind {
      case .operand: arguments.append(value(depth - 1))
      case .optionalOperand: arguments.append(chance(50) ? "None" : value(depth - 1))
      case .operands:
        for _ in 0..<random(1...3) { arguments.append(value(depth - 1)) }
      case .attribute(let kind, let fallback):
        if fallback == nil && chance(90) || chance(30) {
          arguments.append("\(parameter.name)=\(constant(kind))")
        }
      }
    }
    // Attributes without a default may stand in front, which only their names allow.
    let positional = arguments.filter { !$0.contains("=") }
    return
      "\(operation.name)(\((positional + arguments.filter { $0.contains("=") }).joined(separator: ", ")))"
  }

  private mutating func constant(_ kind: AttributeKind) -> String {
    switch kind {
    case .number: return pick(["0.5", "-1", "1/8", "0", "2", "1e300"])
    case .integer: return "\(random(-3...4))"
    case .boolean: return pick(["True", "False"])
    case .text(let words):
      return
        "'\(pick(words.isEmpty ? ["ij,jk", "ij->ji", "i,i", "...i->...", "ii", ",", "ij->", "é"] : words))'"
    case .axes:
      return pick([
        "0", "1", "-1", "(0, 1)", "None", "(1, 0)", "-4", "()", "(2, 3)", "6", "[1]",
        "99999999999999999999",
      ])
    }
  }
}
