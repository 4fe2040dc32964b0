import FileFormats
import Gradients
import Tensors

/// What stands behind `--in NAME=`, not yet read.
enum EvalSource {
  /// Arrays that need no file, filled by a rule.
  enum Filling: String, CaseIterable {
    /// Standard normal.
    case randn
    /// Uniform between 0 and 1.
    case rand
    case zeros
    case ones
  }

  case literal(Tensor<Double>)
  case filled(Filling, Shape)
  case file(String)

  /// Tells numbers, lists and fillings from paths.
  ///
  /// - Parameter role: what the text is for, in messages: `--in A`.
  init(_ text: String, role: String) throws(Failure) {
    let trimmed = String(text.drop { $0 == " " })
    if let number = Double(trimmed) {
      self = .literal(Tensor([], [number]))
    } else if trimmed.hasPrefix("[") {
      self = .literal(try Self.list(trimmed, role: role))
    } else if let open = trimmed.firstIndex(of: "("), trimmed.hasSuffix(")"),
      let filling = Filling(rawValue: String(trimmed[..<open]))
    {
      let sizes = trimmed[trimmed.index(after: open)...].dropLast()
      self = .filled(filling, try Self.shape(sizes, of: filling, role: role))
    } else {
      self = .file(text)
    }
  }

  private static func list(_ text: String, role: String) throws(Failure) -> Tensor<Double> {
    let list: Expression
    do throws(ExpressionError) {
      list = try Expression(parsing: text, operations: OperationTable([]))
      _ = try list.outline(of: [:])
    } catch {
      throw .marked("\(role): \(error.message)", lines: error.caretLines)
    }
    return try Failure.numerics(nil) { () throws(NumericalError) in
      try list.evaluated([String: Tensor<Double>]())[0]
    }
  }

  private static func shape(
    _ text: Substring, of filling: Filling, role: String
  ) throws(Failure) -> Shape {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " } }
    let sizes = words == [""] ? [] : words.compactMap { Int($0) }
    guard sizes.count == words.count || words == [""], let shape = try? Shape(checking: sizes)
    else {
      throw .usage(
        "\(role): '\(text)' are no sizes (expected whole numbers from 0 up, as in "
          + "\(filling.rawValue)(8,8))")
    }
    return shape
  }
}

/// `NAME=VALUE` as it was typed.
struct EvalAssignment {
  let name: String
  let value: String
  /// What the value is for, in messages.
  let role: String

  /// - Parameter anyName: whether a name may be more than a name in expressions is.
  init(_ text: String, option: String, anyName: Bool = false) throws(Failure) {
    guard let equals = text.firstIndex(of: "=") else {
      throw .usage("\(option) \(text): expected NAME=VALUE")
    }
    name = text[..<equals].filter { $0 != " " }
    value = String(text[text.index(after: equals)...])
    role = "\(option) \(name)"
    guard anyName || Expression.isName(name) else {
      throw .usage(
        "\(option): '\(name)' is no name", hint: "names are letters, digits and _, as in Python")
    }
  }
}
