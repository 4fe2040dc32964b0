import TestSupport
import Tensors
import Testing

@testable import Einsum

/// Random equations, planned and executed, against the definition.
@Suite("Execution: random equations")
struct EinsumPropertyTests {
  /// What one equation is evaluated with.
  private func strategies(
    _ index: Int, _ count: Int, using generator: inout SeededGenerator
  ) -> [PathStrategy] {
    switch index % 4 {
    case 0: [.auto, .optimal, .dynamic, .greedy]
    case 1: [.auto] + (0..<3).map { _ in .given(.random(count, using: &generator)) }
    default: [.auto]
    }
  }

  private func check<Element: Scalar>(
    _ equations: Int, seed: UInt64, as type: Element.Type
  ) throws {
    var generator = SeededGenerator(seed: seed)
    var (evaluations, exact, operandCounts, diagonals) = (0, 0, Set<Int>(), 0)
    for index in 0..<equations {
      let equation = RandomEquation(limits: .wide, using: &generator)
      let check = try EvaluationCheck(equation.text, equation.shapes)
      let operands = EvaluationCheck.operands(equation.shapes, as: type, using: &generator)
      operandCounts.insert(operands.count)
      diagonals += check.resolved.writesDiagonal ? 1 : 0
      for strategy in strategies(index, operands.count, using: &generator) {
        let outcome = try check.outcome(operands, by: strategy)
        #expect(outcome.isSound, "\(equation.text) \(equation.shapes) \(strategy.name): \(outcome)")
        evaluations += 1
        exact += outcome.peak == outcome.predicted ? 1 : 0
      }
    }
    #expect(operandCounts == [1, 2, 3, 4, 5] && diagonals > equations / 100)
    #expect(exact * 100 >= evaluations * 95, "\(exact) of \(evaluations) peaks as predicted")
  }

  @Test(arguments: [UInt64(1), 2, 3]) func inDouble(seed: UInt64) throws {
    try check(700, seed: seed, as: Double.self)
  }

  @Test(arguments: [UInt64(4), 5, 6]) func inSingle(seed: UInt64) throws {
    try check(700, seed: seed, as: Float.self)
  }

  /// The smallest limit that is named counts what steps need beside their results, and works.
  @Test func limitsCountScratchMemory() throws {
    var generator = SeededGenerator(seed: 7)
    var changed = 0
    for _ in 0..<400 {
      let equation = RandomEquation(limits: .wide, using: &generator)
      let check = try EvaluationCheck(equation.text, equation.shapes)
      let contraction = check.resolved.contraction
      let peak: (ContractionPlan) -> Int = { ExecutionPlan($0).peakBytes(elementBytes: 8) }
      func plan(_ limit: Int) throws(PlanningError) -> ContractionPlan {
        try contraction.plan(maximumBytes: limit, peakBytes: peak)
      }
      var smallest = 0
      do throws(PlanningError) {
        _ = try plan(0)
        continue
      } catch {
        guard case .memory(let limit) = error else { throw error }
        smallest = limit
      }
      let least = try plan(smallest)
      #expect(peak(least) == smallest, "\(equation.text) \(equation.shapes)")
      changed += least.method == .limited ? 1 : 0
      #expect(throws: PlanningError.memory(smallestLimit: smallest)) { try plan(smallest - 1) }
      let operands = EvaluationCheck.operands(equation.shapes, as: Double.self, using: &generator)
      let outcome = try check.outcome(operands, by: .given(least.path))
      #expect(outcome.isSound && outcome.peak <= smallest, "\(equation.text) \(equation.shapes)")
    }
    #expect(changed > 10)
  }

  /// Nine and ten operands, of which not every order is tried.
  @Test(arguments: [9, 10]) func limitsOfMoreOperandsWork(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let contraction = Planning.connected(count, bonds: 4, using: &generator)
    let peak: (ContractionPlan) -> Int = { ExecutionPlan($0).peakBytes(elementBytes: 8) }
    do throws(PlanningError) {
      _ = try contraction.plan(maximumBytes: 0, peakBytes: peak)
      Issue.record("no limit of 0 bytes works")
    } catch {
      guard case .memory(let limit) = error else { throw error }
      #expect(peak(try contraction.plan(maximumBytes: limit, peakBytes: peak)) <= limit)
    }
  }
}
