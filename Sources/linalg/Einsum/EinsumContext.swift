import Einsum
import FileFormats
import JSONText
import Tensors

/// One array to contract, or what is known of it.
struct EinsumOperand {
  /// What messages call it.
  let name: String
  let shape: Shape
  /// The type of its numbers; nil for a mere shape.
  let dtype: DType?
  /// Its numbers; nil when only planned for.
  let array: StoredArray?
  /// Whether it comes from a text table, which has rows and columns even where a vector is meant.
  var isTable = false

  init(name: String, shape: Shape, dtype: DType?, array: StoredArray?) {
    (self.name, self.shape, self.dtype, self.array) = (name, shape, dtype, array)
  }

  /// An operand from a file.
  init(
    _ path: String, headerOnly: Bool, _ reading: ReadingOptions, budget: MemoryBudget,
    console: Console
  ) throws(Failure) {
    name = displayName(path)
    if headerOnly {
      let header = try Failure.naming(path) { () throws(FormatError) in
        try ArrayHeader(path, options: ReadOptions(format: reading.inputFormat, budget: budget))
      }
      (shape, dtype, array) = (header.shape, header.dtype, nil)
    } else {
      let file = try reading.load(path, budget: budget, console: console)
      let stored = try Failure.naming(path) { () throws(FormatError) in try file.array() }
      (shape, dtype, array) = (stored.shape, stored.dtype, stored)
      isTable = [.csv, .tsv, .txt].contains(file.format)
    }
  }

  /// The shape for a term of the subscripts: a table of one row or one column serves as a vector.
  func shape(for term: Subscripts.Term?) -> Shape {
    guard let term, isTable, term.labelCount == 1, term.ellipsisPosition == nil,
      shape.rank == 2, shape.dimensions.contains(1)
    else { return shape }
    return [shape.count]
  }
}

/// What a contraction starts from: the arguments, the arrays, and the plan.
struct EinsumContext {
  let arguments: EinsumCommand
  let operands: [EinsumOperand]
  let resolved: ResolvedContraction
  let execution: ExecutionPlan
  let precision: Precision
  let console: Console
  let budget: MemoryBudget

  /// - Parameters:
  ///   - subscripts: what the arguments say.
  ///   - strategy: how the order is found.
  init(
    _ arguments: EinsumCommand, _ subscripts: Subscripts, _ strategy: PathStrategy,
    _ operands: [EinsumOperand], budget: MemoryBudget, console: Console
  ) throws(Failure) {
    self.arguments = arguments
    self.operands = operands
    self.budget = budget
    self.console = console
    do {
      let shapes = operands.enumerated().map { index, operand in
        operand.shape(
          for: index < subscripts.operands.count ? subscripts.operands[index] : nil)
      }
      resolved = try subscripts.resolved(shapes: shapes, names: operands.map(\.name))
    } catch {
      throw .marked(error.message, lines: error.caretLines)
    }
    let isNarrow = operands.allSatisfy { [.f16, .bf16, .f32].contains($0.dtype) }
    precision = arguments.arithmetic.dtype ?? (isNarrow && !operands.isEmpty ? .f32 : .f64)
    let bytes = precision == .f32 ? 4 : 8
    execution = try Self.planned(
      resolved.contraction, arguments, strategy, bytes: bytes, budget)
    let diagonal = diagonalBytes(elementBytes: bytes)
    try Failure.numerics(nil) { () throws(NumericalError) in
      try budget.check(diagonal, for: "the result with its diagonal written out")
    }
    let isPrinted =
      arguments.runs && arguments.destination.output == nil && !arguments.explain
      && !arguments.verification.verify
    if isPrinted { try ResultTable.requirePrintable(resolved.outputShape.count) }
  }

  /// The order under the memory limit, and how it runs.
  private static func planned(
    _ contraction: Contraction, _ arguments: EinsumCommand, _ strategy: PathStrategy, bytes: Int,
    _ budget: MemoryBudget
  ) throws(Failure) -> ExecutionPlan {
    let limit = arguments.runs ? budget.limit - min(budget.current, budget.limit) : budget.limit
    do throws(PlanningError) {
      return ExecutionPlan(
        try contraction.plan(
          strategy: strategy, elementBytes: bytes, maximumBytes: limit,
          peakBytes: { ExecutionPlan($0).peakBytes(elementBytes: bytes) }))
    } catch {
      switch error {
      case .path, .tooManyOperands: throw .usage("--path: \(error)")
      case .memory(let smallest):
        let order = if case .given = strategy { "this order" } else { "the order that takes least" }
        throw .numerical(
          nil,
          .memory(
            needed: smallest, available: limit,
            purpose: "the contraction \(shortened(contraction.text)), in \(order),"))
      }
    }
  }

  /// The bytes of a result and of the output that holds it on a diagonal; 0 where labels do not
  /// repeat in the output.
  func diagonalBytes(elementBytes: Int) -> Int {
    guard resolved.writesDiagonal else { return 0 }
    let result = resolved.contraction.shape(resolved.contraction.output).count
    return EinsumTable.product(resolved.outputShape.count + result, elementBytes)
  }

  /// The most bytes that a run holds at one time beside its operands.
  func peakBytes(elementBytes: Int) -> Int {
    max(
      execution.peakBytes(elementBytes: elementBytes), diagonalBytes(elementBytes: elementBytes))
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 60 ? text : text.prefix(59) + "…"
  }

  /// A strategy by name, a path as text, or one from the JSON that `--explain` printed.
  static func strategy(_ text: String) throws(Failure) -> PathStrategy {
    guard text.hasPrefix("@") else {
      do {
        return try PathStrategy(parsing: text)
      } catch {
        throw .usage("--path: \(error)")
      }
    }
    let file = String(text.dropFirst())
    guard !file.isEmpty else { throw .usage("--path: no file stands behind @") }
    let steps = try Failure.naming(file) { () throws(FormatError) in
      try PathFile.steps(file)
    }
    return .given(ContractionPath(steps))
  }
}

/// A path in a JSON document: `summary.path` of `--explain --format json`, or `path` at the top.
enum PathFile {
  static func steps(_ path: String) throws(FormatError) -> [[Int]] {
    let document = try JSONFile.document(path)
    let found =
      document.objectValue?["summary"]?.objectValue?["path"] ?? document.objectValue?["path"]
    guard let steps = found?.arrayValue else {
      throw FormatError(.badData, "the document has no path (expected summary.path)")
    }
    var result: [[Int]] = []
    for step in steps {
      let positions = step.arrayValue?.compactMap(\.integerValue) ?? []
      guard !positions.isEmpty, positions.count == step.arrayValue?.count else {
        throw FormatError(.badData, "a step of the path is not a list of positions")
      }
      result.append(positions)
    }
    return result
  }
}
