import Glibc
import Tensors
import TestSupport
import Testing

@testable import linalg

/// The programs that docs/gradient-protocol.md and examples/gradcheck show.
@Suite("Programs of the gradient protocol's page")
struct GradientProtocolTests {
  private let programs: ScriptedPrograms

  init() throws { programs = try ScriptedPrograms() }

  private static let pythonIsMissing = Comment("python3 is missing")
  private static let hasPython = ScriptedPrograms.pythonPath != nil

  /// The block of code in a language on the page.
  private func block(_ language: String) throws -> String {
    let page = String(
      decoding: try PackageFiles.read(PackageFiles.path("docs/gradient-protocol.md")),
      as: UTF8.self)
    let parts = page.split(separator: "```\(language)\n")
    #expect(parts.count == 2, "one block")
    return String(try #require(parts.last?.split(separator: "```").first))
  }

  /// The page's function is x₀² sin x₁.
  private func checkPage(_ command: [String]) throws {
    let program = try programs.start(command)
    #expect(program.parameters.map(\.name) == ["x"])
    #expect(program.parameters[0].shape == [2])
    for (a, b) in [(1.0, 0.5), (-3, 1e-9), (0, 0), (1e100, 2)] {
      let point = [Tensor([2], [a, b])]
      #expect(try program.value(at: point) == a * a * sin(b))
      let answer = try program.valueAndGradient(at: point)
      #expect(answer.value == a * a * sin(b))
      #expect(answer.gradient == [Tensor([2], [2 * a * sin(b), a * a * cos(b)])])
    }
  }

  @Test("the program in Python", .enabled(if: hasPython, pythonIsMissing))
  func python() throws {
    try checkPage(try programs.python(try block("python")))
  }

  @Test("the program in C", .enabled(if: access("/usr/bin/cc", X_OK) == 0, "cc is missing"))
  func c() throws {
    let source = try programs.folder.write(try block("c"), to: "program.c")
    let binary = programs.folder.path("program")
    let compiler = BinaryRunner(executable: "/usr/bin/cc")
    let result = try compiler.run(["-Wall", "-Werror", "-o", binary, source, "-lm"])
    #expect(result.status == 0, "\(result.error)")
    try checkPage([binary])
  }

  /// The gradient against the differences of values in the direction of every coordinate.
  private func largestError(_ arguments: [String]) throws -> Double {
    let python = try #require(ScriptedPrograms.pythonPath)
    let program = try programs.start(
      [python, PackageFiles.path("examples/gradcheck/loss.py")] + arguments)
    #expect(program.parameters.map(\.shape) == [[3], []])
    let point = [0.5, -1, 0.25, 0.1]
    func tensors(_ x: [Double]) -> [Tensor<Double>] {
      [Tensor([3], Array(x[..<3])), Tensor([], [x[3]])]
    }
    let (value, gradient) = try program.valueAndGradient(at: tensors(point))
    #expect(try value == program.value(at: tensors(point)))
    let claimed = gradient.flatMap(\.elements)
    // The error of central differences is h²/6·f''' + eps·|f|/h: about 1e-10 for values near 1.
    let h = 1e-5
    return try point.indices.map { index in
      var (left, right) = (point, point)
      left[index] -= h
      right[index] += h
      let difference =
        try (program.value(at: tensors(right)) - program.value(at: tensors(left))) / (2 * h)
      return abs(difference - claimed[index])
    }.max() ?? .infinity
  }

  @Test(
    "the example is right, and wrong when it is asked to be",
    .enabled(if: hasPython, pythonIsMissing))
  func example() throws {
    #expect(try largestError([]) < 1e-9)
    #expect(try largestError(["--wrong"]) > 0.09)
  }
}
