import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// Derivatives against formulas.
@Suite("eval: derivatives")
struct EvalDerivativeTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeArray([1, -1], [2], to: "x.npy")
    try command.writeArray([1, 2, 3, 4], [2, 2], to: "A.npy")
    try command.folder.write("3\n5\n", to: "v.csv")
  }

  private static let form = "0.5 * x.T @ A @ x"
  private static let inputs = "--in x=x.npy --in A=A.npy"

  @Test(
    "values of formulas",
    arguments: [
      // ½(A + Aᵀ)x, ½xxᵀ.
      (form, "\(inputs) --grad x", "-1.5 -1.5\n"),
      (form, "\(inputs) --grad A", "0.5 -0.5\n-0.5 0.5\n"),
      (form, "\(inputs) --grad x,A", "# x\n-1.5 -1.5\n\n# A\n0.5 -0.5\n-0.5 0.5\n"),
      (form, "\(inputs) --grad A --grad x", "# A\n0.5 -0.5\n-0.5 0.5\n\n# x\n-1.5 -1.5\n"),
      (form, "\(inputs) --hessian x", "1.0 2.5\n2.5 4.0\n"),
      (form, "\(inputs) --hvp x=[1,0]", "1.0 2.5\n"), (form, "\(inputs) --jvp x=[1,0]", "-1.5\n"),
      (form, "\(inputs) --jvp x=v.csv", "-12.0\n"),
      (form, "\(inputs) --jvp x=[1,0] --jvp A=[[0,0],[0,2]]", "-0.5\n"),
      (form, "\(inputs) --vjp 2 --wrt x", "-3.0 -3.0\n"),
      ("A @ x", "\(inputs) --jacobian x", "1.0 2.0\n3.0 4.0\n"),
      ("A @ x", "\(inputs) --jacobian x --mode forward", "1.0 2.0\n3.0 4.0\n"),
      ("A @ x", "\(inputs) --jacobian x --mode reverse", "1.0 2.0\n3.0 4.0\n"),
      ("A @ x", "\(inputs) --vjp [1,0] --wrt x,A", "# x\n1.0 2.0\n\n# A\n1.0 -1.0\n0.0 -0.0\n"),
      ("A @ x", "\(inputs) --vjp v.csv --wrt x", "18.0 26.0\n"),
      ("A @ x", "\(inputs) --jvp x=ones(2)", "3.0 7.0\n"),
      // Unreached and unused variables.
      ("x @ x", "\(inputs) --grad A", "0.0 0.0\n0.0 0.0\n"), ("3", "--in x=2 --grad x", "0.0\n"),
      ("x ** 2", "--in x=[1,2] --jacobian x", "2.0 0.0\n0.0 4.0\n"),
      ("stop_gradient(x) * x", "--in x=3 --grad x", "3.0\n"),
      ("x ** 2 + x", "--in x=1 --grad x", "3.0\n"), ("x ** 5", "--in x=2 --hessian x", "160.0\n"),
      ("x1 * x2", "--in x1=2 --in x2=3 --hvp x1=1 --hvp x2=0", "# x1\n0.0\n\n# x2\n1.0\n"),
    ])
  func formulas(expression: String, options: String, text: String) throws {
    #expect(try command.evaluate(expression, options) == text)
  }

  @Test(
    "the book's numbers",
    arguments: [
      ("sin(x ** 2 + x)", "--in x=1 --grad x", -1.2484405096),
      ("sin(x ** 2 + x)", "--in x=1", 0.9092974268),
      ("v = w2 * log(w1); v + sqrt(v)", "--in w1=2 --in w2=3 --grad w2", 0.933485),
      ("v = w2 * log(w1); v + sqrt(v)", "--in w1=2 --in w2=3 --jvp w2=1", 0.933485),
    ])
  func numbers(expression: String, options: String, expected: Double) throws {
    let text = try command.evaluate(expression, options)
    #expect(abs((Double(text.dropLast()) ?? .nan) - expected) < 1e-6)
  }

  @Test("several results go into one file under the inputs' names")
  func files() throws {
    #expect(try command.evaluate(Self.form, "\(Self.inputs) --grad x,A -o g.npz").isEmpty)
    #expect(try command.evaluate("g", "--in g=g.npz:x") == "-1.5 -1.5\n")
    #expect(try command.evaluate(Self.form, "\(Self.inputs) --grad x -o g.npy").isEmpty)
    #expect(try command.readArray("g.npy") == Tensor([2], [-1.5, -1.5]))
    try command.expectEvalRefusal(
      Self.form, "\(Self.inputs) --grad x,A -o g.npy", status: 64, ".npz")
    let stream = try command.eval(Self.form, "\(Self.inputs) --grad x,A -o -")
    #expect(stream.outputBytes.starts(with: [0x50, 0x4B]))
  }

  @Test("the Jacobian's mode and passes are told")
  func modes() throws {
    for (expression, options, mode, passes) in [
      ("A @ x", "--jacobian A", "reverse", 2), ("A @ x", "--jacobian A --mode auto", "reverse", 2),
      ("A @ x", "--jacobian A --mode forward", "forward", 4),
      ("x[:, None, None] * A", "--jacobian x", "forward", 2),
    ] {
      let document = try command.evaluateDocument(expression, "\(Self.inputs) \(options)")
      let summary = document["summary"]?.objectValue
      #expect(summary?["mode"]?.stringValue == mode, "\(options)")
      #expect(summary?["passes"]?.integerValue == passes, "\(options)")
    }
    let document = try command.evaluateDocument(Self.form, "\(Self.inputs) --hessian x")
    #expect(document["summary"]?.objectValue?["passes"]?.integerValue == 2)
  }

  @Test("the textbook table of a reverse pass")
  func tape() throws {
    let text = try command.evaluate("sin(x ** 2 + x)", "--in x=1 --grad x --tape")
    #expect(text.hasPrefix("step  operation  shape "))
    #expect(text.split(separator: "\n").count == 5 && text.contains("  ∂v2/∂v1 = 2  "))
    #expect(try command.evaluate("x * x", "--in x=3 --grad x --tape").contains("∂v2/∂v1 = 6"))
    let document = try command.evaluateDocument("sin(x ** 2 + x)", "--in x=1 --grad x --tape")
    let rows = document["rows"]?.arrayValue?.compactMap(\.objectValue) ?? []
    #expect(rows.map { $0["operation"]?.stringValue } == ["x", "v1 ** 2", "v2 + v1", "sin(v3)"])
    #expect(rows.map { $0.number("value") }.prefix(3) == [1, 1, 2])
    #expect(rows[2]["derivatives"]?.stringValue == "∂v3/∂v2 = 1, ∂v3/∂v1 = 1")
    let adjoints = rows.map { $0.number("adjoint") }
    let cosine = -0.4161468365471424
    for (found, expected) in zip(adjoints, [3 * cosine, cosine, cosine, 1]) {
      #expect(abs(found - expected) < 1e-12)
    }
    let steps = try command.evaluateDocument(
      "0.5 * x.T @ A @ x", "\(Self.inputs) --grad x --tape")["rows"]?.arrayValue?
      .compactMap { $0.objectValue?["operation"]?.stringValue }
    #expect(steps == ["x", "v1.T", "0.5 * v2", "v3 @ A", "v4 @ v1"])
  }
}
