import TestSupport
import Tensors

@testable import Einsum

/// A planned and executed contraction, held against the definition.
struct EvaluationCheck {
  let resolved: ResolvedContraction

  /// What an evaluation showed.
  struct Outcome {
    /// The largest difference, in units of what rounding allows.
    let share: Double
    /// The bytes that were reserved at one time, and those that were predicted.
    let peak: Int
    let predicted: Int

    var isSound: Bool { share <= 1 && peak <= predicted }
  }

  init(_ text: String, _ shapes: [Shape]) throws {
    resolved = try Subscripts(parsing: text).resolved(
      shapes: shapes, names: shapes.indices.map { "\($0).npy" })
  }

  /// Numbers from -1 to 1.
  static func operands<Element: Scalar>(
    _ shapes: [Shape], as type: Element.Type, using generator: inout SeededGenerator
  ) -> [Tensor<Element>] {
    shapes.map { shape in
      Tensor(
        shape,
        (0..<shape.count).map { _ in Element(Double.random(in: -1...1, using: &generator)) })
    }
  }

  /// Every product rounds once for each operand; sums of n terms in blocks and lanes wander off by
  /// √n roundings. Both in units of Σ|products|; 4 for the order of steps.
  func tolerance<Element: Scalar>(of type: Element.Type) -> Double {
    let kept = Set(resolved.contraction.output)
    let sizes = resolved.contraction.sizes
    let terms = sizes.indices.reduce(1.0) { $0 * (kept.contains($1) ? 1 : Double(sizes[$1])) }
    let operands = Double(resolved.contraction.operands.count)
    return 4 * Double(Element.epsilon) * (operands + terms.squareRoot())
  }

  /// Plans and evaluates; every strategy must come to the same.
  func outcome<Element: Scalar>(
    _ operands: [Tensor<Element>], by strategy: PathStrategy = .auto
  ) throws -> Outcome {
    let bytes = MemoryLayout<Element>.stride
    let plan = try resolved.contraction.plan(strategy: strategy, elementBytes: bytes)
    let execution = ExecutionPlan(plan)
    let budget = MemoryBudget.unlimited()
    var steps: [Int] = []
    let reshaped = zip(operands, resolved.operandShapes).map { $0.reshaped($1) }
    let result = try execution.evaluated(reshaped, budget: budget) { steps.append($0) }
    let output = resolved.output(from: result)
    let isComplete =
      output.shape == resolved.outputShape && steps == Array(plan.pairSteps.indices)
      && execution.kernels.count == steps.count && budget.current == 0
    return Outcome(
      share: isComplete ? share(of: output, operands) : .infinity, peak: budget.peak,
      predicted: execution.peakBytes(elementBytes: bytes))
  }

  private func share<Element: Scalar>(
    of output: Tensor<Element>, _ operands: [Tensor<Element>]
  ) -> Double {
    let expected = resolved.reference(operands)
    let magnitude = resolved.magnitude(operands)
    let tolerance = tolerance(of: Element.self)
    var share = 0.0
    for position in 0..<output.count where output.elements[position] != expected.elements[position]
    {
      let difference = abs(Double(output.elements[position]) - Double(expected.elements[position]))
      let allowed = tolerance * Double(magnitude.elements[position])
      share = max(share, difference.isNaN || allowed == 0 ? .infinity : difference / allowed)
    }
    return share
  }
}

extension ContractionPath {
  /// Any valid path: steps of one to three operands.
  static func random(_ operandCount: Int, using generator: inout SeededGenerator) -> Self {
    var (steps, present) = ([[Int]](), operandCount)
    repeat {
      let single = Int.random(in: 0..<4, using: &generator) == 0
      let count = single ? 1 : min(present, Int.random(in: 2...3, using: &generator))
      steps.append(Array((0..<present).shuffled(using: &generator).prefix(count)))
      present -= count - 1
    } while present > 1
    return ContractionPath(steps)
  }
}
