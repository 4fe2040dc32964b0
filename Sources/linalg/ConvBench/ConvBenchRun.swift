import FileFormats
import Networks
import Reporting
import Tensors

/// One run of `conv-bench` in one precision.
struct ConvBenchRun<Element: Scalar> {
  private let arguments: ConvBenchCommand

  init(_ arguments: ConvBenchCommand) { self.arguments = arguments }

  private static var keys: [Column] {
    [
      Column("layer", header: "layer", format: .text),
      Column("algorithm", header: "algorithm", format: .text),
      Column("pass", header: "pass", format: .text),
      Column("shape", header: "input", format: .integer),
      Column("kernel", header: "kernel", format: .integer),
      Column("stride", header: "stride", format: .integer),
      Column("padding", header: "padding", format: .integer),
    ]
  }

  private static var remarks: [Column] {
    [
      Column("multiplications", header: "multiplications", format: .count),
      Column("auto", header: "auto", format: .text),
    ]
  }

  func execute() throws(Failure) {
    let console = arguments.table.console("conv-bench")
    let layers = try self.layers()
    let algorithms = try self.algorithms(for: layers)
    try arguments.bench.requireTimed(Set(algorithms.joined()).map(\.rawValue))
    _ = try arguments.arithmetic.limits.applyThreads()
    let memory = try arguments.arithmetic.limits.budget().limit
    for layer in layers { try requireMemory(for: layer, atLeast: memory) }
    let comparison = try arguments.bench.comparison("conv-bench", keys: Self.keys)
    let passes = arguments.passes.passes
    let cases = zip(layers, algorithms).reduce(0) { $0 + $1.1.count } * passes.count
    var table = BenchTable(
      options: arguments.bench, keys: Self.keys, remarks: Self.remarks,
      baseline: ConvolutionAlgorithm.direct.rawValue,
      productRate: BLAS.productRate(Element.self, clock: Stopwatch.now))
    let progress = Progress(
      "timing", steps: cases * BenchTable.steps(arguments.bench), unit: "runs", console: console)
    for (layer, algorithms) in zip(layers, algorithms) {
      let subject = try Failure.numerics(nil) { () throws(NumericalError) in
        try ConvBenchSubject<Element>(layer, seed: arguments.arithmetic.seed?.value ?? 0)
      }
      for pass in passes {
        table.time(
          algorithms.map { subject.benchCase($0, pass, memory: memory) }, progress: progress)
      }
    }
    progress.finish()
    let report = arguments.bench.report(
      table, comparison, command: "conv-bench", arithmetic: arguments.arithmetic,
      precision: Element.self == Float.self ? .f32 : .f64)
    try arguments.bench.emit(report, of: table, comparison, output: arguments.table)
  }

  /// Refuses a layer whose operands and references this machine cannot hold, before they are drawn.
  private func requireMemory(for layer: ConvLayer, atLeast limit: Int) throws(Failure) {
    let geometry = layer.geometry
    let elements = [geometry.inputShape, geometry.weightShape, geometry.resultShape]
      .reduce(0) { $0 + Double($1.count) }
    // Each is there in this precision and, with its adjoint, in doubles; direct packs them once more.
    let bytes = 6 * Double(MemoryLayout<Double>.stride) * elements
    let available = max(limit, MemoryBudget.system().limit)
    guard bytes > Double(available) else { return }
    throw .numerical(
      nil,
      .memory(
        needed: Int(min(bytes, 0x1p60)), available: available,
        purpose: "the bench of \(layer.name) with its references"))
  }

  private func layers() throws(Failure) -> [ConvLayer] {
    do {
      guard let shape = arguments.shape?.shapes[0], let kernel = arguments.kernel?.shapes[0] else {
        return try (arguments.layers ?? .resnet50).layers(batch: arguments.batch?.value ?? 1)
      }
      let geometry = try ConvolutionGeometry(
        x: shape, w: kernel, stride: PlaneSize(arguments.stride?.value ?? 1),
        padding: PlaneSize(arguments.padding?.value ?? 0),
        dilation: PlaneSize(arguments.dilation?.value ?? 1), groups: arguments.groups?.value ?? 1)
      return [ConvLayer(name: "conv2d", geometry: geometry)]
    } catch {
      // The user typed these shapes.
      throw .typed(error)
    }
  }

  /// The algorithms for each layer; one that was named and can do none of them is refused.
  private func algorithms(for layers: [ConvLayer]) throws(Failure) -> [[ConvolutionAlgorithm]] {
    let chosen = arguments.algorithms?.values ?? ConvolutionAlgorithm.allCases
    let isNamed = chosen.count < ConvolutionAlgorithm.allCases.count
    for algorithm in chosen where isNamed {
      guard layers.contains(where: { Convolution($0.geometry).supports(algorithm) }) else {
        throw .usage("--algorithms \(algorithm.rawValue): it can do none of these convolutions")
      }
    }
    return layers.map { layer in
      chosen.filter { Convolution(layer.geometry).supports($0) }
    }
  }
}

/// One convolution with its operands, and its results by the definition in double precision.
private struct ConvBenchSubject<Element: Scalar> {
  private let layer: ConvLayer
  private let convolution: Convolution
  private let x, w, b, adjoint: Tensor<Element>
  private let result: Tensor<Double>
  private let adjoints: Convolution.Adjoints<Double>

  init(_ layer: ConvLayer, seed: Int) throws(NumericalError) {
    func random(_ shape: Shape, _ place: UInt32) -> Tensor<Element> {
      RandomSource(seed: UInt64(seed), stream: .sample, substream: place)
        .normal(shape, as: Element.self)
    }
    func wide(_ tensor: Tensor<Element>) -> Tensor<Double> { tensor.converted(to: Double.self) }
    self.layer = layer
    let geometry = layer.geometry
    convolution = Convolution(geometry)
    (x, w) = (random(geometry.inputShape, 0), random(geometry.weightShape, 1))
    (b, adjoint) = (random([geometry.outputs], 2), random(geometry.resultShape, 3))
    result = try convolution.forward(wide(x), wide(w), wide(b), by: .direct)
    adjoints = try convolution.backward(wide(adjoint), wide(x), wide(w), by: .direct)
  }

  /// What rounding explains: a sum of so many terms, times what transforms lose.
  private func tolerance(_ algorithm: ConvolutionAlgorithm, _ pass: Pass) -> Double {
    let geometry = layer.geometry
    let terms = geometry.weightShape.count / geometry.outputs
    let places = geometry.batch * geometry.result.area
    let growth =
      switch algorithm {
      case .direct, .im2col, .fft: 4.0
      case .winograd2: 16.0
      case .winograd4: 256.0
      }
    let longest = pass == .forward ? terms : max(terms, places, geometry.outputs)
    return growth * Double(longest) * Double(Element.epsilon)
  }

  func benchCase(_ algorithm: ConvolutionAlgorithm, _ pass: Pass, memory: Int) -> BenchCase {
    let geometry = layer.geometry
    let isForward = pass == .forward
    let contestant = BenchCase.contestant(
      algorithm.rawValue, tolerance: { tolerance(algorithm, pass) }, memory: memory,
      compute: { (budget) throws(NumericalError) in
        try isForward ? forwardError(algorithm, budget) : backwardError(algorithm, budget)
      },
      call: { () throws(NumericalError) in
        if isForward {
          blackHole(try convolution.forward(x, w, b, by: algorithm))
        } else {
          blackHole(try convolution.backward(adjoint, x, w, by: algorithm))
        }
      })
    return BenchCase(
      variant: algorithm.rawValue,
      cells: [
        .text(layer.name), .text(algorithm.rawValue), .text(pass.rawValue),
        .integers(geometry.inputShape.dimensions), .integers(geometry.weightShape.dimensions),
        .integer(geometry.stride.down), .integer(geometry.padding.down),
      ],
      // Backward there are two products of the forward pass' size: for the input, for the weights.
      operations: { Double(convolution.directOperations * (isForward ? 1 : 2)) },
      remarks: { _ in
        [
          isForward ? .integer(convolution.multiplications(by: algorithm)) : .missing,
          convolution.automatic == algorithm ? .text("auto") : .missing,
        ]
      }, contestant: contestant)
  }

  private func forwardError(
    _ algorithm: ConvolutionAlgorithm, _ budget: MemoryBudget
  ) throws(NumericalError) -> BenchError {
    var error = BenchError()
    error.include(try convolution.forward(x, w, b, by: algorithm, budget: budget), result)
    return error
  }

  private func backwardError(
    _ algorithm: ConvolutionAlgorithm, _ budget: MemoryBudget
  ) throws(NumericalError) -> BenchError {
    let found = try convolution.backward(adjoint, x, w, by: algorithm, budget: budget)
    var error = BenchError()
    for (one, expected) in [
      (found.x, adjoints.x), (found.w, adjoints.w), (found.b, adjoints.b),
    ] {
      if let one, let expected { error.include(one, expected) }
    }
    return error
  }
}
