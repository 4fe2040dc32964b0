import FileFormats
import Networks
import Reporting
import Tensors

/// One run of `rnn-bench` in one precision.
struct RNNBenchRun<Element: Scalar> {
  private let arguments: RNNBenchCommand

  init(_ arguments: RNNBenchCommand) { self.arguments = arguments }

  private static var keys: [Column] {
    [
      Column("cell", header: "cell", format: .text),
      Column("algorithm", header: "algorithm", format: .text),
      Column("pass", header: "pass", format: .text),
    ]
      + ["batch", "steps", "input", "hidden", "layers"].map {
        Column($0, header: $0, format: .integer)
      }
  }

  func execute() throws(Failure) {
    let console = arguments.table.console("rnn-bench")
    _ = try arguments.arithmetic.limits.applyThreads()
    let memory = try arguments.arithmetic.limits.budget().limit
    let comparison = try arguments.bench.comparison("rnn-bench", keys: Self.keys)
    let cells = arguments.cell?.values ?? [.lstm, .gru]
    let algorithms = arguments.algorithms?.values ?? RecurrentAlgorithm.allCases
    try arguments.bench.requireTimed(algorithms.map(\.rawValue))
    let passes = arguments.passes.passes
    try requireMemory(memory, cells)
    var table = BenchTable(
      options: arguments.bench, keys: Self.keys, remarks: [],
      baseline: RecurrentAlgorithm.gates.rawValue,
      productRate: BLAS.productRate(Element.self, clock: Stopwatch.now))
    let progress = Progress(
      "timing",
      steps: cells.count * algorithms.count * passes.count * BenchTable.steps(arguments.bench),
      unit: "runs", console: console)
    for cell in cells {
      let subject = try Failure.numerics(nil) { () throws(NumericalError) in
        try RNNBenchSubject<Element>(
          cell, sizes, layers: layers, seed: arguments.arithmetic.seed?.value ?? 0)
      }
      for pass in passes {
        table.time(
          algorithms.map { subject.benchCase($0, pass, memory: memory) }, progress: progress)
      }
    }
    progress.finish()
    let report = arguments.bench.report(
      table, comparison, command: "rnn-bench", arithmetic: arguments.arithmetic,
      precision: Element.self == Float.self ? .f32 : .f64)
    try arguments.bench.emit(report, of: table, comparison, output: arguments.table)
  }

  private var layers: Int { arguments.layers?.value ?? 1 }

  private var sizes: RecurrentSizes {
    RecurrentSizes(
      batch: arguments.batch?.value ?? 32, steps: arguments.steps?.value ?? 50,
      inputs: arguments.input?.value ?? 128, units: arguments.hidden?.value ?? 256)
  }

  /// Refuses sizes whose operands alone are too large, before they are drawn.
  private func requireMemory(_ limit: Int, _ cells: [BenchedCell]) throws(Failure) {
    do {
      // The inputs, an output of every layer and its state of every step, and the same in doubles.
      let steps = try Shape(checking: [sizes.batch, sizes.steps])
      let width = try Shape(checking: [sizes.inputs + 8 * sizes.units * layers])
      let weights = try Shape(checking: [4 * sizes.units, sizes.inputs + sizes.units, layers])
      let elements = try Shape(checking: steps.dimensions + width.dimensions).count
      let bytes = try Shape(checking: [elements + weights.count, 3]).byteCount(of: Double.self)
      try MemoryBudget(limit: limit).reserve(bytes, for: "the bench's operands and references")
    } catch {
      throw .numerical(nil, error)
    }
  }
}

/// One stack of layers with its operands, and its results by the formulas in double precision.
private struct RNNBenchSubject<Element: Scalar> {
  private let cell: BenchedCell
  private let sizes: RecurrentSizes
  private let layers: [RecurrentStack<Element>.Weights]
  private let x, adjoint: Tensor<Element>
  private let state: RecurrentStack<Element>.State
  private let outputs: Tensor<Double>
  private let adjoints: RecurrentTrace<Double>.Adjoints

  init(
    _ cell: BenchedCell, _ sizes: RecurrentSizes, layers count: Int, seed: Int
  ) throws(NumericalError) {
    func random(_ shape: Shape, _ place: Int, scale: Double = 1) -> Tensor<Element> {
      RandomSource(seed: UInt64(seed), stream: .sample, substream: UInt32(place))
        .normal(shape, as: Element.self) * Element(scale)
    }
    func wide(_ tensor: Tensor<Element>) -> Tensor<Double> { tensor.converted(to: Double.self) }
    (self.cell, self.sizes) = (cell, sizes)
    let (kind, h) = (cell.cell, sizes.units)
    // Weights as networks begin with: of about 1/√H.
    let scale = 1 / Double(h).squareRoot()
    layers = (0..<count).map { layer in
      let inputs = layer == 0 ? sizes.inputs : h
      return .init(
        random([kind.gates * h, inputs + h], 2 * layer + 4, scale: scale),
        random([kind.biases * h], 2 * layer + 5, scale: scale))
    }
    x = random([sizes.batch, sizes.steps, sizes.inputs], 0)
    adjoint = random([sizes.batch, sizes.steps, h], 1)
    let states: Shape = [count, sizes.batch, h]
    state = .init(h: random(states, 2), c: cell == .lstm ? random(states, 3) : nil)
    let trace = try RecurrentStack<Double>(
      kind, layers.map { .init(wide($0.matrix), wide($0.bias)) }, algorithm: .gates
    ).forward(wide(x), state: .init(h: wide(state.h), c: state.c.map(wide)), recording: true)
    outputs = trace.outputs
    adjoints = try trace.pulled(outputs: wide(adjoint), needsInput: true)
  }

  func benchCase(_ algorithm: RecurrentAlgorithm, _ pass: Pass, memory: Int) -> BenchCase {
    let stack = RecurrentStack<Element>(cell.cell, layers, algorithm: algorithm)
    let isForward = pass == .forward
    // Backward a recorded forward pass is pulled through again and again.
    let trace = TraceBox<Element>()
    let contestant = BenchCase.contestant(
      algorithm.rawValue, tolerance: { tolerance }, memory: memory,
      compute: { (budget) throws(NumericalError) in
        let found = try stack.forward(x, state: state, recording: !isForward, budget: budget)
        guard isForward else {
          trace.trace = found
          return error(of: try found.pulled(outputs: adjoint, needsInput: true))
        }
        var error = BenchError()
        error.include(found.outputs, outputs)
        return error
      },
      call: { () throws(NumericalError) in
        if isForward {
          blackHole(try stack.forward(x, state: state, recording: false))
        } else {
          blackHole(try trace.trace?.pulled(outputs: adjoint, needsInput: true))
        }
      })
    return BenchCase(
      variant: algorithm.rawValue,
      cells: [.text(cell.rawValue), .text(algorithm.rawValue), .text(pass.rawValue)]
        + [sizes.batch, sizes.steps, sizes.inputs, sizes.units, layers.count].map(Cell.integer),
      operations: { Double(operations * (isForward ? 1 : 2)) }, remarks: { _ in [] },
      contestant: contestant)
  }

  /// Those of the products; backward there are two of the same size for each.
  private var operations: Int {
    layers.indices.reduce(0) { sum, layer in
      sum
        + RecurrentSizes(
          batch: sizes.batch, steps: sizes.steps,
          inputs: layer == 0 ? sizes.inputs : sizes.units, units: sizes.units
        ).operations(cell.cell)
    }
  }

  /// What rounding explains: sums over inputs, units and, for the weights, all steps, through every
  /// step and layer.
  private var tolerance: Double {
    let terms = sizes.inputs + sizes.units + sizes.batch
    return 4 * Double(terms * layers.count) * Double(sizes.steps).squareRoot()
      * Double(Element.epsilon)
  }

  private func error(of found: RecurrentTrace<Element>.Adjoints) -> BenchError {
    var error = BenchError()
    if let one = found.x, let expected = adjoints.x { error.include(one, expected) }
    for (one, expected) in zip(found.layers, adjoints.layers) {
      error.include(one.matrix, expected.matrix)
      error.include(one.bias, expected.bias)
    }
    return error
  }
}

/// A recorded pass that outlives the call that made it.
private final class TraceBox<Element: Scalar> {
  var trace: RecurrentTrace<Element>?
}
