import FileFormats
import Gradients
import Networks
import Tensors

/// What a run starts from: the expression, its inputs and the question, all of which fit.
struct EvalContext {
  let arguments: EvalCommand
  let expression: Expression
  let question: EvalQuestion
  /// The inputs by name.
  let inputs: [String: EvalValue]
  /// The directions or the adjoint of the question.
  let vectors: [EvalValue]
  let precision: Precision
  /// The inputs as they were named, for documents.
  let inputTexts: [String]

  init(_ arguments: EvalCommand, console: Console) throws(Failure) {
    self.arguments = arguments
    let expression = try Self.marked { () throws(ExpressionError) in
      try Expression(parsing: arguments.expression, operations: .complete)
    }
    self.expression = expression
    let question = try EvalQuestion(arguments)
    self.question = question
    let assignments = try arguments.inputs.map { text throws(Failure) in
      try EvalAssignment(text, option: "--in")
    }
    var names: [String] = []
    for assignment in assignments {
      guard !names.contains(assignment.name) else {
        throw .usage("--in: \(assignment.name) is given twice")
      }
      names.append(assignment.name)
    }
    try question.checkNames(among: names)
    _ = try arguments.arithmetic.limits.applyThreads()
    let budget = try arguments.arithmetic.limits.budget()
    let reader = EvalValueReader(
      seed: UInt64(arguments.arithmetic.seed?.value ?? 0), reading: arguments.reading,
      budget: budget, console: console)
    let values = try reader.values(assignments + question.vectors)
    let inputs = Dictionary(uniqueKeysWithValues: zip(names, values))
    self.inputs = inputs
    inputTexts = zip(names, values).map { "\($0)=\($1.origin)" }
    let files = values.filter(\.isFile)
    let isNarrow = files.allSatisfy { [.f16, .bf16, .f32].contains($0.dtype) }
    precision = arguments.arithmetic.dtype ?? (isNarrow && !files.isEmpty ? .f32 : .f64)
    let elementBytes = precision == .f32 ? 4 : 8
    let results = try Self.outline(
      of: expression, inputs.mapValues(\.shape), budget,
      // A derivative has an adjoint or a tangent beside every value.
      elementBytes: question.kind == .value ? elementBytes : 2 * elementBytes)
    vectors = try Self.fitted(
      Array(values.dropFirst(names.count)), question, results: results, inputs: inputs)
    try checkSize(results, budget, elementBytes: elementBytes)
  }

  /// The input of a name that was checked.
  func input(_ name: String) -> EvalValue {
    guard let value = inputs[name] else { preconditionFailure("no input '\(name)'") }
    return value
  }

  static func marked<Result>(
    _ body: () throws(ExpressionError) -> Result
  ) throws(Failure) -> Result {
    do {
      return try body()
    } catch {
      throw .marked(error.message, lines: error.caretLines)
    }
  }

  /// The shapes of the results, if the memory suffices for all values on the way to them.
  static func outline(
    of expression: Expression, _ inputs: [String: Shape], _ budget: MemoryBudget, elementBytes: Int
  ) throws(Failure) -> [Shape] {
    let available = budget.limit - min(budget.current, budget.limit)
    do {
      return try expression.outline(of: inputs, maximumElements: available / elementBytes)
    } catch {
      guard let elements = error.elements else {
        throw .marked(error.message, lines: error.caretLines)
      }
      let (bytes, overflow) = elements.multipliedReportingOverflow(by: elementBytes)
      throw .numerical(
        nil,
        .memory(
          needed: overflow ? .max : bytes, available: available, purpose: "the expression"))
    }
  }

  /// The vectors of the question in the shapes that they must have; a question that does not fit the
  /// results is refused.
  private static func fitted(
    _ vectors: [EvalValue], _ question: EvalQuestion, results: [Shape],
    inputs: [String: EvalValue]
  ) throws(Failure) -> [EvalValue] {
    guard question.kind != .value else { return [] }
    let option = question.kind.rawValue
    guard results.count == 1 else {
      throw .usage("\(option) is about one result; the expression has \(results.count)")
    }
    guard !question.kind.needsScalar || results[0].rank == 0 else {
      throw .usage(
        "\(option) needs a scalar result; that of the expression has the shape \(results[0])",
        hint: "--vjp and --jacobian take any")
    }
    var fitted = vectors
    for place in fitted.indices {
      let isAdjoint = question.kind == .pullback
      let expected = isAdjoint ? results[0] : inputs[question.names[place]]?.shape ?? []
      try fitted[place].require(
        expected, of: isAdjoint ? "the result" : question.names[place])
    }
    return fitted
  }

  /// Refuses what is too long to be printed, or too large for the memory.
  private func checkSize(
    _ results: [Shape], _ budget: MemoryBudget, elementBytes: Int
  ) throws(Failure) {
    let asked = question.names.map { input($0).shape }
    let answers =
      question.kind == .value
      ? results
      : try Failure.numerics(nil) { () throws(NumericalError) in
        try question.shapes(result: results[0], inputs: asked)
      }
    let elements = answers.map(\.count).reduce(0) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : next
    }
    if arguments.destination.output == nil, !arguments.tape {
      try ResultTable.requirePrintable(elements)
    }
    let (bytes, overflow) = elements.multipliedReportingOverflow(by: elementBytes)
    try Failure.numerics(nil) { () throws(NumericalError) in
      try budget.check(overflow ? .max : bytes, for: "the result")
    }
  }
}
