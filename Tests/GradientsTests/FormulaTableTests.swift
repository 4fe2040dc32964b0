import Tensors
import Testing

@testable import Gradients

/// The matrix calculus of the textbooks: gradients by reverse mode against their formulas, both
/// written as expressions.
struct FormulaTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let function: String
    let variable: String
    let gradient: String

    var testDescription: String { "∂(\(function))/∂\(variable)" }
  }

  static let rows = [
    Row(function: "trace(X)", variable: "X", gradient: "I"),
    Row(function: "trace(A @ X)", variable: "X", gradient: "A.T"),
    Row(function: "trace(X.T @ A)", variable: "X", gradient: "A"),
    Row(function: "trace(A @ X @ B)", variable: "X", gradient: "A.T @ B.T"),
    Row(function: "trace(X.T @ A @ X)", variable: "X", gradient: "(A + A.T) @ X"),
    Row(function: "det(P)", variable: "P", gradient: "det(P) * inv(P).T"),
    Row(function: "logdet(P)", variable: "P", gradient: "inv(P).T"),
    Row(function: "sum(G * (X @ A))", variable: "X", gradient: "G @ A.T"),
    Row(function: "sum(G * (A @ X))", variable: "X", gradient: "A.T @ G"),
    Row(function: "a @ x", variable: "x", gradient: "a"),
    Row(function: "0.5 * x @ A @ x", variable: "x", gradient: "0.5 * (A + A.T) @ x"),
    Row(
      function: "x @ A @ a", variable: "A", gradient: "reshape(x, (4, 1)) * reshape(a, (1, 4))"),
    Row(function: "norm(X)**2", variable: "X", gradient: "2 * X"),
    Row(function: "norm(B - A @ X)**2", variable: "X", gradient: "-2 * A.T @ (B - A @ X)"),
    Row(function: "a @ solve(P, x)", variable: "x", gradient: "solve(P.T, a)"),
    Row(
      function: "a @ solve(P, x)", variable: "P",
      gradient: "-reshape(solve(P.T, a), (4, 1)) * solve(P, x)"),
    Row(
      function: "b @ lstsq(T, t)", variable: "t",
      gradient: "T @ solve(T.T @ T, b)"),
    Row(
      function: "b @ lstsq(T, t)", variable: "T",
      gradient: """
        u = T @ solve(T.T @ T, b); z = lstsq(T, t); r = t - T @ z; \
        -reshape(u, (6, 1)) * z + reshape(r, (6, 1)) * solve(T.T @ T, b)
        """),
    Row(
      function: "nuclear_norm(X)", variable: "X", gradient: "U, s, Vt = svd(X); U @ Vt"),
    Row(function: "sum(G * expm(c * A))", variable: "c", gradient: "sum(G * (A @ expm(c * A)))"),
    Row(
      function: "gaussian_log_likelihood(x, a, S)", variable: "x",
      gradient: "-solve(S, x - a)"),
    Row(
      function: "log(sum(exp(x)))", variable: "x", gradient: "softmax(x)"),
    Row(
      function: "sum(a * softmax(x))", variable: "x",
      gradient: "s = softmax(x); s * (a - a @ s)"),
  ]

  static let inputs: [String: Tensor<Double>] = {
    var inputs: [String: Tensor<Double>] = ["I": .identity(4), "c": Tensor([], [0.7])]
    let shapes: [(String, Shape)] = [
      ("X", [4, 4]), ("A", [4, 4]), ("B", [4, 4]), ("G", [4, 4]), ("x", [4]), ("a", [4]),
      ("b", [3]), ("T", [6, 3]), ("t", [6]),
    ]
    for (place, (name, shape)) in shapes.enumerated() {
      inputs[name] = RandomSource(seed: 4, substream: UInt32(place)).normal(shape, as: Double.self)
    }
    for (name, domain) in [
      ("P", SampleOperand.Domain.wellConditioned), ("S", .positiveDefinite),
    ] {
      inputs[name] = OperationSample([SampleOperand([4, 4], domain)]).inputs(seed: 6)[0]
    }
    return inputs
  }()

  @Test("A gradient equals its formula", arguments: rows)
  func formula(row: Row) throws {
    let function = ExpressionFunction(
      try Expression(parsing: row.function, operations: .standard), of: [row.variable],
      constants: Self.inputs)
    let point = try #require(Self.inputs[row.variable])
    let gradient = try function.valueAndGradient(at: [point]).gradient[0]
    let formula = try Expression(parsing: row.gradient, operations: .standard)
    let expected = try formula.evaluated(Self.inputs)[0]
    #expect(gradient.shape == expected.shape)
    // The condition numbers of P, S and TᵀT stay below 100.
    let tolerance = 1e4 * Double.ulpOfOne * (1 + expected.frobeniusNorm())
    #expect((gradient - expected).frobeniusNorm() <= tolerance)
  }

  @Test(
    "Identities of trace, vec and kron",
    arguments: [
      "trace(A @ B) - trace(B @ A)", "trace(A @ B @ X) - trace(B @ X @ A)",
      "norm(vec(A @ X @ B) - kron(B.T, A) @ vec(X))",
      "norm(kron(A, B) @ kron(X, G) - kron(A @ X, B @ G))",
      "trace(A.T @ B) - vec(A) @ vec(B)", "norm(inv(kron(P, S)) - kron(inv(P), inv(S)))",
      "det(A @ B) - det(A) * det(B)", "logdet(expm(A)) - trace(A)",
    ])
  func identity(text: String) throws {
    let difference = try Expression(parsing: text, operations: .standard).evaluated(Self.inputs)[0]
    #expect(difference.elements[0].magnitude <= 1e4 * .ulpOfOne * 100)
  }
}
