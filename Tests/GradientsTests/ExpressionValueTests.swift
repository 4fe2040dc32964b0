import TestSupport
import Tensors
import Testing

@testable import Gradients

/// What expressions are worth.
@Suite("Expressions: values")
struct ExpressionValueTests {
  private let inputs: [String: Tensor<Double>] = [
    "x": Tensor([3], [1, 2, 3]), "A": Tensor([2, 3], [1, 2, 3, 4, 5, 6]),
    "B": Tensor([3, 2], [1, 0, 0, 1, 1, 1]), "s": Tensor([], [5]),
  ]

  private func value(_ text: String) throws -> Tensor<Double> {
    let results = try Expression(testing: text).checked(inputs)
    try #require(results.count == 1, "\(text)")
    return results[0]
  }

  @Test(
    "precedence and association, as Python has them",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3 ** 2", 512), ("(2 ** 3) ** 2", 64),
      ("-2 ** 2", -4), ("(-2) ** 2", 4), ("2 ** -1", 0.5), ("2 ** - - 1", 2), ("-2 ** -2", -0.25),
      ("8 / 4 / 2", 1), ("8 / (4 / 2)", 4), ("8 - 4 - 2", 2), ("2 * -3", -6), ("- - 3", 3),
      ("+ - + 3", -3), ("1 - -1", 2), ("6 / 2 * 3", 9), ("6 * 2 / 3", 4), ("1e2", 100),
      (".5 + 5.", 5.5), ("1.5e-1", 0.15), ("2 * 3 ** 2", 18), ("-s ** 2", -25), ("(-s) ** 2", 25),
      ("s ** 2 ** 1", 25), ("s - 1 - 1", 3), ("s / 5 / 2", 0.5), ("1 / 8", 0.125), ("s ** 3", 125),
      ("2 ** s", 32), ("pi", Double.pi), ("e", 2.718281828459045), ("-inf", -.infinity),
      ("s ** 0.5 ** 2", 1.4953487812212205), ("007", 7), ("y = 2; y * s", 10),
      ("y = s; y = y * y; y", 25), ("x = s; x", 5), ("a, b = half_and_double(s); b - a", 7.5),
      ("a, b = (b, a) = 1, 2", .nan), ("pi = 3; pi", 3), ("total(s, s, s)", 15),
      ("total(None, (s, s))", 10), ("total(None, s)", 5), ("s.total(s, times=2)", 20),
      ("total(tensors=s, offset=1)", 6), ("total(s, [s, 2])", 12), ("scaled(s, 2, 3)", 40),
      ("s.scaled(factor=1.4, mode='rounded')", 5), ("scaled(s, -1/2)", -2.5), ("a, = s,; a", 5),
      ("sum([[1, 2], [3, 4]])", 10), ("[1, -2, +3.5].sum()", 2.5), ("sum(A)", 21), ("x @ x", 14),
      ("x @ A.T @ A @ x", 1220), ("x[-1]", 3), ("A[1, 0]", 4), ("s * 2;", 10), ("sin(s - 5)", 0),
      ("2\n * \t s\r\n", 10), ("B.T.T[0][0]", 1),
    ])
  func scalars(text: String, expected: Double) throws {
    if expected.isNaN {
      #expect(throws: ExpressionError.self) { try Expression(testing: text) }
      return
    }
    let result = try value(text)
    #expect(result.shape == [])
    // One ulp, because powers that are no whole numbers are not exact.
    #expect(
      abs(result.elements[0] - expected) <= expected.ulp.magnitude || result.elements[0] == expected
    )
  }

  @Test("tensors")
  func tensors() throws {
    #expect(try value("A @ x") == Tensor([2], [14, 32]))
    #expect(try value("x @ B") == Tensor([2], [4, 5]))
    #expect(try value("A @ B") == Tensor([2, 2], [4, 5, 10, 11]))
    #expect(try value("A + x") == Tensor([2, 3], [2, 4, 6, 5, 7, 9]))
    #expect(try value("x[:, None] * [1, 10]") == Tensor([3, 2], [1, 10, 2, 20, 3, 30]))
    #expect(try value("A.T") == Tensor([3, 2], [1, 4, 2, 5, 3, 6]))
    #expect(try value("A[None].T").shape == [3, 2, 1])
    #expect(try value("A[None].mT").shape == [1, 3, 2])
    #expect(try value("[]").shape == [0])
    #expect(try value("[[], []]").shape == [2, 0])
    #expect(try value("[[[1], [2 ** 3]]]") == Tensor([1, 2, 1], [1, 8]))
    #expect(try value("sum(A, 0)") == Tensor([3], [5, 7, 9]))
    #expect(try value("A.sum(axis=(0, -1), keepdims=True)") == Tensor([1, 1], [21]))
    #expect(try value("A.sum([0])") == Tensor([3], [5, 7, 9]))
    #expect(try value("scaled(A, 1, shape=(3, 2))") == Tensor([3, 2], [1, 2, 3, 4, 5, 6]))
    #expect(try value("A.scaled(1, 1, 'exact', 3, 2)") == Tensor([3, 2], [1, 2, 3, 4, 5, 6]))
    #expect(try value("-A[::-1, 0]") == Tensor([2], [-4, -1]))
    #expect(try value("x ** 2") == Tensor([3], [1, 4, 9]))
    #expect(try value("l = [1, 2]; l + l") == Tensor([2], [2, 4]))
  }

  @Test("several results")
  func results() throws {
    let both = try Expression(testing: "half_and_double(A)").checked(inputs)
    #expect(both.map(\.elements) == [[0.5, 1, 1.5, 2, 2.5, 3], [2, 4, 6, 8, 10, 12]])
    let mixed = try Expression(testing: "y = x * 2; y, 3, (s),").checked(inputs)
    #expect(mixed.map(\.shape) == [[3], [], []] && mixed[1].elements == [3])
    #expect(try Expression(testing: "(A, x)").checked(inputs).map(\.shape) == [[2, 3], [3]])
    #expect(try Expression(testing: "a, b = half_and_double(s)").checked(inputs).count == 2)
  }

  @Test("inputs stand for predefined names, and only names that are not bound are free")
  func names() throws {
    let text = "b = y + pi; b + z * e + y"
    let expression = try Expression(testing: text)
    #expect(expression.freeNames == ["y", "z"])
    let one = Tensor<Double>([], [1])
    let results = try expression.checked(["y": one, "z": one, "pi": one, "e": one])
    #expect(results == [Tensor([], [4])])
    for name in ["x", "W1", "θ", "_a", "été", "名"] { #expect(Expression.isName(name), "\(name)") }
    for name in ["", "1x", "a b", "a.b", "None", "true", "lambda", "x'", "xᵀ"] {
      #expect(!Expression.isName(name), "\(name)")
    }
  }

  @Test("values are let go after their last use")
  func lastUses() throws {
    let expression = try Expression(testing: "y = x * 2; z = y + y; z - s")
    let dead = expression.steps.map { Set($0.lastUses) }
    // x; 2; x·2; y + y; s; z − s.
    #expect(dead.map(\.count) == [0, 0, 2, 1, 0, 2])
  }

  @Test("chains of tens of thousands of operators, and all nesting that is allowed")
  func longChains() throws {
    let sum = "s" + String(repeating: "+s", count: 30_000)
    #expect(try value(sum) == Tensor([], [150_005]))
    let constants = "1" + String(repeating: "+1", count: 30_000)
    #expect(try value(constants) == Tensor([], [30_001]))
    let transposes = "A" + String(repeating: ".T", count: 30_000)
    #expect(try value(transposes).shape == [2, 3])
    let gradient = try ExpressionFunction(Expression(testing: sum), of: ["s"])
      .valueAndGradient(at: [Tensor<Double>([], [1])]).gradient
    #expect(gradient == [Tensor([], [30_001])])
    let depth = Expression.depthLimit
    for (open, close) in [("(", ")"), ("-", ""), ("sin(", ")"), ("2**", ""), ("+", "")] {
      let deep =
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      #expect(try value(deep).shape == [], "\(open)")
    }
  }

  @Test("functions of an expression have derivatives")
  func derivatives() throws {
    let form = try Expression(testing: "0.5 * x.T @ A @ x")
    let a = Tensor<Double>([2, 2], [1, 2, 3, 4])
    let function = ExpressionFunction(form, of: ["x"], constants: ["A": a])
    let (value, gradient) = try function.valueAndGradient(at: [Tensor<Double>([2], [1, -1])])
    // ½(A + Aᵀ)x.
    #expect(value == Tensor([], [0]) && gradient == [Tensor([2], [-1.5, -1.5])])
    let sine = ExpressionFunction(try Expression(testing: "sin(x ** 2 + x)"), of: ["x"])
    let slope = try sine.valueAndGradient(at: [Tensor<Double>([], [1])])
    #expect(abs(slope.value.elements[0] - 0.9092974268) < 1e-10)
    #expect(abs(slope.gradient[0].elements[0] + 1.2484405096) < 1e-10)
    let second = ExpressionFunction(
      try Expression(testing: "half_and_double(x)"), of: ["y", "x"], result: 1)
    let float = try second.valueAndGradient(at: [Tensor<Float>([2], [1, 1]), Tensor([], [4])])
    #expect(float.value == Tensor([], [8]))
    #expect(float.gradient == [Tensor([2], [0, 0]), Tensor([], [2])])
  }
}
