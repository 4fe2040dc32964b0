import Glibc
import TestSupport
import Tensors
import Testing

@testable import Gradients

/// Expressions that nobody would write: whatever the text and the shapes, nothing traps.
@Suite("Expressions: random texts")
struct ExpressionRandomTests {
  /// How many are drawn; `make soak` sets more.
  private static let count =
    getenv("SOAK_EXPRESSIONS").flatMap { Int(String(cString: $0)) } ?? 10_000
  /// More elements than this are refused.
  private static let largest = 50_000

  private let inputs: [String: Tensor<Double>] = {
    let shapes: [String: Shape] = [
      "x": [3], "A": [2, 3], "B": [3, 3], "s": [], "T": [2, 3, 3], "E": [0, 3],
    ]
    var generator = SeededGenerator(seed: 3)
    return shapes.mapValues { shape in
      Tensor(shape, (0..<shape.count).map { _ in generator.normal() })
    }
  }()

  @Test(
    "whatever is written is computed with the shapes that were foretold, or refused",
    arguments: [false, true])
  func texts(withAllOperations: Bool) throws {
    let operations: OperationTable = withAllOperations ? .standard : .forTests
    var random = RandomExpression(seed: 1, operations: operations)
    var counts = (parsed: 0, fitting: 0, computed: 0)
    for number in 0..<Self.count {
      let text = number % 3 == 0 ? random.damagedText() : random.text()
      do {
        let expression = try Expression(parsing: text, operations: operations)
        counts.parsed += 1
        let shapes = try expression.outline(
          of: inputs.mapValues(\.shape), maximumElements: Self.largest)
        counts.fitting += 1
        try compute(expression, shapes, comparingModes: !withAllOperations)
        counts.computed += 1
      } catch let error as ExpressionError {
        let length = text.unicodeScalars.count
        #expect(error.position >= 0 && error.position <= length && error.text == text)
        #expect(!error.message.isEmpty && error.caretLines.count == 2, "\(text)")
      } catch is NumericalError {
        counts.computed += 1
      }
    }
    // Enough of every kind came about.
    #expect(counts.parsed > Self.count / 2, "\(counts)")
    #expect(counts.fitting > Self.count / 12 && counts.computed > Self.count / 12, "\(counts)")
  }

  private func compute(
    _ expression: Gradients.Expression, _ shapes: [Shape], comparingModes: Bool
  ) throws {
    let results = try expression.evaluated(inputs)
    #expect(results.map(\.shape) == shapes, "\(expression.text)")
    let names = inputs.keys.sorted()
    let function = ExpressionFunction(expression, of: names, result: shapes.count - 1)
    let values = names.compactMap { inputs[$0] }
    let (value, pull) = try function.valueAndPullback(at: values)
    #expect(value.shape == shapes[shapes.count - 1], "\(expression.text)")
    let adjoints = try pull(Tensor(repeating: 1, value.shape))
    #expect(adjoints.map(\.shape) == values.map(\.shape), "\(expression.text)")
    let slope = try function.valueAndDerivative(at: values, along: values).derivative
    #expect(slope.shape == value.shape, "\(expression.text)")
    // Near singular matrices the modes differ by more than rounding.
    guard comparingModes else { return }
    // ȳᵀ(Jẋ) = (Jᵀȳ)ᵀẋ with ȳ of ones and ẋ = x.
    let forward = slope.sum()
    let reverse = zip(adjoints, values).reduce(0.0) { $0 + ($1.0 * $1.1).sum() }
    let size = zip(adjoints, values).reduce(slope.frobeniusNorm()) {
      $0 + $1.0.frobeniusNorm() * $1.1.frobeniusNorm()
    }
    // Large numbers that cancel leave rounding errors larger than what is left.
    if (forward + reverse).isFinite, size < 1e6, !expression.text.contains("1e300") {
      #expect(abs(forward - reverse) <= 1e-9 * (1 + size), "\(expression.text)")
    }
  }
}
