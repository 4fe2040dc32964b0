public import Tensors

/// One line of the table that textbooks draw of reverse mode (Griewank & Walther 2008, table 3.2).
public struct ReverseStep<Element: Scalar>: Sendable {
  /// `v1`, `v2`, …
  public let name: String
  /// What it is: an input's name, or an operation of earlier steps and constants.
  public let operation: String
  /// v
  public let value: Tensor<Element>
  /// ∂v/∂u for the steps u that it is made of, while v and they are single numbers.
  public let derivatives: [(operand: String, value: Element)]
  /// v̄ = ∂y/∂v, zeros where the result does not depend on it.
  public let adjoint: Tensor<Element>
}

extension Expression {
  /// The steps that depend on some inputs, with their adjoints.
  ///
  /// - Parameters:
  ///   - names: the inputs that are differentiated by.
  ///   - inputs: a value for every free name, of shapes that `outline` accepts, such that there is
  ///     one result, a scalar.
  public func reversePass<Element: Scalar>(
    by names: [String], at inputs: [String: Tensor<Element>]
  ) throws(NumericalError) -> [ReverseStep<Element>] {
    let tape = Tape<Tensor<Element>>()
    var traced = inputs.mapValues { Traced<Tensor<Element>>(constant: $0) }
    for name in names { traced[name] = inputs[name].map { tape.input($0) } }
    var record = ReverseRecord<Element>()
    let result = try evaluated(traced) { step, operands, values throws(NumericalError) in
      try record.append(step, operands, values)
    }[0]
    let adjoints = try tape.adjoints(
      of: record.rows.map { $0.value }, seeds: [(result, Tensor([], [1]))])
    return zip(record.rows, adjoints).map { row, adjoint in
      ReverseStep(
        name: row.name, operation: row.operation, value: row.value.value,
        derivatives: row.derivatives, adjoint: adjoint ?? .zeros(row.value.shape))
    }
  }
}

/// The steps that depend on a tape's inputs, as an evaluation meets them.
private struct ReverseRecord<Element: Scalar> {
  typealias Value = Traced<Tensor<Element>>

  struct Row {
    let name: String
    let operation: String
    let value: Value
    let derivatives: [(operand: String, value: Element)]
  }

  private(set) var rows: [Row] = []
  /// What each slot is called where it is used.
  private var names: [Int: String] = [:]

  mutating func append(
    _ step: ExpressionStep, _ operands: [Value?], _ values: [Value]
  ) throws(NumericalError) {
    let words = step.operands.map { $0.flatMap { names[$0] } ?? "None" }
    let text = step.words(words)
    for (offset, value) in values.enumerated() {
      let slot = step.first + offset
      guard value.origin != nil else {
        names[slot] = constantWords(step, value, text)
        continue
      }
      let name = "v\(rows.count + 1)"
      names[slot] = name
      rows.append(
        Row(
          name: name, operation: values.count == 1 ? text : "\(text)[\(offset)]", value: value,
          derivatives: try derivatives(of: step, offset, words, operands, value)))
    }
  }

  /// A constant where it is used: a number, or what it was made of.
  private func constantWords(_ step: ExpressionStep, _ value: Value, _ text: String) -> String {
    if case .input = step.action { return text }
    guard value.shape.rank == 0 else { return step.operands.isEmpty ? text : "(\(text))" }
    return "\(value.value.elements[0])"
  }

  private func derivatives(
    of step: ExpressionStep, _ offset: Int, _ words: [String], _ operands: [Value?], _ value: Value
  ) throws(NumericalError) -> [(operand: String, value: Element)] {
    let places = operands.indices.filter { operands[$0]?.origin != nil }
    guard !places.isEmpty, value.shape.rank == 0,
      places.allSatisfy({ operands[$0]?.shape.rank == 0 })
    else { return [] }
    let local = StepFunction(
      step: step, places: places, operands: operands.map { $0?.value }, offset: offset)
    let slopes = try local.valueAndGradient(at: places.compactMap { operands[$0]?.value }).gradient
    return zip(places, slopes).map { (words[$0], $1.elements[0]) }
  }
}

/// One step as a function of some of its operands.
private struct StepFunction<Element: Scalar>: TensorFunction {
  let step: ExpressionStep
  let places: [Int]
  let operands: [Tensor<Element>?]
  let offset: Int

  func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    var values: [V?] = operands.map { operand in
      operand.map { V(constant: $0.converted(to: V.Element.self)) }
    }
    for (place, input) in zip(places, inputs) { values[place] = input }
    return try step.results(of: values)[offset]
  }
}
