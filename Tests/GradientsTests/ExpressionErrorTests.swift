import Tensors
import Testing

@testable import Gradients

/// What is refused, where the caret stands and what is said.
@Suite("Expressions: errors")
struct ExpressionErrorTests {
  struct Marked: Sendable, CustomTestStringConvertible {
    let text: String
    let position: Int
    let message: String
    var testDescription: String { text }

    init(_ text: String, _ position: Int, _ message: String) {
      (self.text, self.position, self.message) = (text, position, message)
    }
  }

  private static let noComparisons = "is not supported: there are no comparisons"

  @Test(
    "texts that cannot be read",
    arguments: [
      Marked("", 0, "the expression is empty"), Marked("  ", 2, "the expression is empty"),
      Marked(";", 0, "';' where a value is expected"),
      Marked("x;;", 2, "';' where a value is expected"),
      Marked("x +", 3, "the expression ends where a value is expected"),
      Marked("x y", 2, "'y' where an operator is expected"),
      Marked("x 2", 2, "a number where an operator is expected"),
      Marked("2 x", 2, "'x' where an operator is expected"),
      Marked("2x", 1, "'x' stands directly behind a number: a product is written with *"),
      Marked("2j", 1, "'j' stands directly behind a number: complex numbers are not supported"),
      Marked("1e999", 0, "the number is too large"),
      Marked("(x", 0, "'(' is not closed"), Marked("sum(x", 3, "'(' is not closed"),
      Marked("[[1]", 0, "'[' is not closed"), Marked("x[", 1, "'[' is not closed"),
      Marked("(x]", 2, "']' where ')' or ',' is expected"),
      Marked("x)", 1, "')' closes nothing"), Marked(")", 0, "')' where a value is expected"),
      Marked("x[]", 2, "no index in '[ ]'"), Marked("(x y)", 3, "'y' where ')' or ',' is expected"),
      Marked("x.", 2, "the expression ends where a name behind '.' is expected"),
      Marked("x.5", 1, "a number where an operator is expected"),
      Marked("*x", 0, "'*' where a value is expected"),
      Marked("x == 1", 2, "'==' \(noComparisons)"), Marked("x<1", 1, "'<' \(noComparisons)"),
      Marked(
        "x = y = 1", 6, "'=' binds a name at the start of a statement; there are no comparisons"),
      Marked(
        "f(x) = 1", 5, "'=' binds a name at the start of a statement; there are no comparisons"),
      Marked("x // 2", 2, "'//' is not supported: divide with /"),
      Marked("x % 2", 2, "'%' is not supported: there is no remainder"),
      Marked("x ^ 2", 2, "'^' is not supported: powers are written **"),
      Marked("x += 2", 2, "'+=' is not supported: bind a new name with ="),
      Marked("# x", 0, "'#' is not supported: there are no comments"),
      Marked("a | b", 2, "'|' is not supported: there is no logic, only arithmetic"),
      Marked(
        "lambda x: x", 0,
        "'lambda' is not supported: there are operators, calls, indices and ';'"),
      Marked(
        "x if y else z", 2, "'if' is not supported: there are operators, calls, indices and ';'"),
      Marked("None = 1", 0, "'None' cannot be bound"),
      Marked("x − 1", 2, "'−' is not an operator: minus is -"),
      Marked("xᵀ", 1, "'ᵀ' is not an operator: the transpose is .T"),
      Marked("x$", 1, "'$' has no meaning in an expression"),
      Marked("x\u{1B}", 1, "U+001B has no meaning in an expression"),
      Marked("x\u{A0}", 1, "U+00A0 (NO-BREAK SPACE) has no meaning in an expression"),
      Marked("'a", 0, "the text is not closed"), Marked("x'", 1, "the text is not closed"),
      Marked("'a\\n'", 2, "texts have no escapes: '\\' is not allowed"),
      Marked("(x)(y)", 3, "only operations can be called, by their names"),
      Marked("sum(x, axis=0, 1)", 15, "an argument without a name behind one with a name"),
      Marked("np.sin(x)", 0, "operations have no module: leave out 'np.'"),
    ])
  func syntax(marked: Marked) { expect(marked) }

  @Test(
    "names, arguments and constants that do not fit",
    arguments: [
      Marked("sni(x)", 0, "no operation is called 'sni'; did you mean 'sin'?"),
      Marked("1 + qqqqq(x)", 4, "no operation is called 'qqqqq'"),
      Marked("x = 1; x(2)", 7, "no operation is called 'x'; a product is written with *"),
      Marked("sin()", 0, "sin needs 'x': sin(x)"),
      Marked("sin(x, y)", 7, "sin takes 1 argument: sin(x)"),
      Marked(
        "x.sum(0, keepdim=True)", 9,
        "sum has no parameter 'keepdim'; did you mean 'keepdims'?"
          + ": sum(x, axis=None, keepdims=False)"),
      Marked("x.sum(0, axis=1)", 9, "'axis' is given twice"),
      Marked("sum(axis=1)", 0, "sum needs 'x': sum(x, axis=None, keepdims=False)"),
      Marked("x.sum(axis=y)", 11, "a value where a whole number or a tuple of them is expected"),
      Marked("x.sum(axis=0.5)", 11, "a number where a whole number or a tuple of them is expected"),
      Marked("x.sum(axis='a')", 11, "a text where a whole number or a tuple of them is expected"),
      Marked("x.sum(keepdims=1)", 15, "a number where True or False is expected"),
      Marked(
        "x.scaled(inf)", 9, "a value where a finite number, known at once, is expected"),
      Marked(
        "x.scaled(1, 1.5)", 12, "a number where a whole number, known at once, is expected"),
      Marked(
        "x.scaled(1, mode='exat')", 17,
        "'exat' is none of exact, rounded; did you mean 'exact'?"),
      Marked("total()", 0, "total needs 'tensors': total(offset=None, tensors…, times=1.0)"),
      Marked("x.shape", 1, "values have .T, .mT and operations such as .sum(), but no .shape"),
      Marked("x.sum", 1, "an operation is called: .sum(…)"),
      Marked("'a'", 0, "a text where a tensor is expected"),
      Marked("None", 0, "None where a tensor is expected"),
      Marked("1 + True", 4, "a truth value where a tensor is expected"),
      Marked("(1, 2) + x", 0, "a tuple where a tensor is expected; a list of numbers is one"),
      Marked("x, (x, 1)", 3, "a tuple within another has no meaning"),
      Marked("[[x, 1], 2]", 1, "a list of values within another has no meaning"),
      Marked(
        String(repeating: "a = (a,); ", count: 6000) + "a", 15,
        "a tuple within another has no meaning"),
      Marked("[x, 1]", 0, "a list holds numbers alone where it is a tensor"),
      Marked("[[1, 2], [3]]", 9, "the list is not rectangular: this element differs"),
      Marked("[1, [2]]", 4, "the list is not rectangular: this element differs"),
      Marked("()", 0, "an empty tuple is no result"),
      Marked("a, b = 1", 0, "2 names for 1 value"),
      Marked("a, b = x, 1, 2", 0, "2 names for 3 values"),
      Marked("a, b, c = half_and_double(x)", 0, "3 names for 2 values"),
      Marked("a, b = half_and_double(x), 1", 7, "a tuple within another has no meaning"),
      Marked("a, = 1, 2", 0, "1 name for 2 values"),
      Marked("x[y]", 2, "an index is a whole number known at once, not a value"),
      Marked(
        "x[99999999999999999999]", 2, "an index is a whole number known at once, not a number"),
      Marked(
        "x.sum(axis=[99999999999999999999])", 11,
        "a list where a whole number or a tuple of them is expected"),
      Marked("x[1.5]", 2, "an index is a whole number known at once, not a number"),
      Marked("x[1:'a']", 4, "a slice's bound is a whole number known at once, not a text"),
      Marked("x[::0]", 4, "the step of a slice is 0"),
      Marked("x[..., ...]", 7, "a second '...' in an index"),
    ])
  func binding(marked: Marked) { expect(marked) }

  @Test(
    "inputs that do not fit",
    arguments: [
      Marked("A @ C", 2, "2x3 @ 4x5: the inner sizes are 3 and 4"),
      Marked("x.T @ A @ x", 4, "3 @ 2x3: the inner sizes are 3 and 2"),
      Marked("1 + (A + C)", 7, "2x3 + 4x5: the shapes do not fit"),
      Marked("A ** C", 2, "2x3 ** 4x5: the shapes do not fit"),
      Marked("s @ A", 2, "scalar @ 2x3: a product with a scalar is written with *"),
      Marked("T @ T[:2]", 2, "7x2x2 @ 2x2x2: the shapes before the matrices do not fit"),
      Marked("x.mT", 1, "the matrix transpose of 3, which is no matrix; .T is what it is"),
      Marked("A[0, 3]", 1, "index 3 is outside axis 1 of 2x3"),
      Marked("A[-3]", 1, "index -3 is outside axis 0 of 2x3"),
      Marked("A[0, 0, 0]", 1, "3 indices into 2x3, which has 2 axes"),
      Marked("s[0]", 1, "1 index into scalar, which has 0 axes"),
      Marked("A + sum(A, axis=2)", 4, "sum(2x3): no axis 2"),
      Marked("total(A, C)", 0, "total(2x3, 4x5): 2x3 + 4x5: the shapes do not fit"),
      Marked("total(None, A, C)", 0, "total(None, 2x3, 4x5): 2x3 + 4x5: the shapes do not fit"),
      Marked("A.scaled(1, shape=-6)", 2, "scaled(2x3): -6 has a negative size"),
      Marked("q + A", 0, "nothing is called 'q'"),
      Marked("A + alphq", 4, "nothing is called 'alphq'; did you mean 'alpha'?"),
      Marked("bound = 1; boud", 11, "nothing is called 'boud'; did you mean 'bound'?"),
      Marked("1 + sin", 4, "'sin' is an operation: sin(x)"),
    ])
  func shapes(marked: Marked) throws {
    let shapes: [String: Shape] = [
      "A": [2, 3], "C": [4, 5], "x": [3], "s": [], "T": [7, 2, 2], "alpha": [],
    ]
    let expression = try Expression(testing: marked.text)
    let found = #expect(throws: ExpressionError.self) { try expression.outline(of: shapes) }
    #expect(
      found
        == ExpressionError(text: marked.text, position: marked.position, message: marked.message))
  }

  @Test("shapes that cannot be counted")
  func hugeShapes() throws {
    let huge: [String: Shape] = ["a": [1 << 40, 1], "b": [1, 1 << 40], "c": [0, 1 << 40]]
    for (text, position) in [("a * b", 2), ("a @ b", 2), ("c + b * a", 6)] {
      let expression = try Expression(testing: text)
      let found = #expect(throws: ExpressionError.self) { try expression.outline(of: huge) }
      #expect(found?.position == position)
      #expect(found?.message.contains("more elements than can be counted") == true)
    }
  }

  @Test("more elements than are allowed are refused where they come about")
  func elements() throws {
    let shapes: [String: Shape] = ["x": [1000], "A": [2, 3]]
    let expression = try Expression(testing: "x + sum(x[:, None] * x)")
    // x, x in another shape, their product, its sum, all again.
    let needed = 1000 + 1000 + 1_000_000 + 1 + 1000
    #expect(try expression.outline(of: shapes, maximumElements: needed) == [[1000]])
    for (limit, position) in [(needed - 1, 2), (1_001_999, 19), (1999, 9), (999, 0)] {
      let error = #expect(throws: ExpressionError.self) {
        try expression.outline(of: shapes, maximumElements: limit)
      }
      #expect(error?.position == position && (error?.elements ?? 0) > limit)
    }
    let empty = try Expression(testing: "E + 1")
    #expect(throws: ExpressionError.self) {
      try empty.outline(of: ["E": [0, 4000, 4000]], maximumElements: 10_000_000)
    }
    let mismatch = #expect(throws: ExpressionError.self) {
      try Expression(testing: "A + x").outline(of: shapes)
    }
    #expect(mismatch?.elements == nil)
  }

  @Test("limits of depth, length, axes and lists")
  func limits() {
    let depth = Expression.depthLimit
    for (open, close) in [
      ("(", ")"), ("[", "]"), ("-", ""), ("sin(", ")"), ("2**", ""), ("x[", "]"), ("x.sum(", ")"),
    ] {
      for count in [depth + 1, 20_000 / open.count] {
        let text =
          String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        let error = #expect(throws: ExpressionError.self) { try Expression(testing: text) }
        #expect(error?.message == "nesting beyond the limit of 200", "\(open)")
      }
    }
    let long = String(repeating: "x+", count: Expression.lengthLimit / 2) + "x"
    expect(Marked(long, Expression.lengthLimit, "65537 characters are beyond the limit of 65536"))
    let message = "a list of more than 65536 numbers or 64 axes"
    let doubling = "a = [1, 1]; " + String(repeating: "a = [a, a]; ", count: 20) + "a"
    let doubled = #expect(throws: ExpressionError.self) { try Expression(testing: doubling) }
    #expect(doubled?.message == message)
    let nested = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    let tooDeep = #expect(throws: ExpressionError.self) { try Expression(testing: nested) }
    #expect(tooDeep?.message == message)
    let axes = "x[" + String(repeating: "None,", count: 64) + "]"
    let error = #expect(throws: ExpressionError.self) {
      try Expression(testing: axes).outline(of: ["x": [3]])
    }
    #expect(error?.message == "a result of more than 64 axes" && error?.position == 1)
  }

  @Test("the caret stands under the place, line ends are spaces")
  func caret() {
    let error = #expect(throws: ExpressionError.self) { try Expression(testing: "1 +\n* 2") }
    #expect(error?.caretLines == ["1 + * 2", "    ^"])
  }

  private func expect(_ marked: Marked, sourceLocation: SourceLocation = #_sourceLocation) {
    let found = #expect(throws: ExpressionError.self, sourceLocation: sourceLocation) {
      try Expression(testing: marked.text)
    }
    #expect(
      found
        == ExpressionError(text: marked.text, position: marked.position, message: marked.message),
      sourceLocation: sourceLocation)
  }
}
