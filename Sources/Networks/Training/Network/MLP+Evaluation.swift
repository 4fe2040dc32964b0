public import Tensors

extension MLP {
  /// The rows that go through the network together.
  private static var rows: Int { 256 }

  /// The outputs of samples, some hundred at a time: no array of N times the units of a hidden layer
  /// is formed.
  ///
  /// - Parameter x: [N, D].
  /// - Returns: [N, C]; logits for a classification.
  /// - Throws: `NumericalError.shape` where D is not the network's, `.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func outputs(
    _ x: Tensor<Element>, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> Tensor<Element> {
    guard x.shape.rank == 2, x.columns == architecture.inputs else {
      throw .shape("samples of shape \(x.shape) for a network of \(architecture.inputs) inputs")
    }
    let shape: Shape = [x.rows, architecture.outputs]
    return try withEvaluator(count: x.rows, budget) { (evaluator, parameters) in
      let width = architecture.outputs
      return Tensor(uninitialized: shape) { target in
        x.withUnsafeElements { x in
          guard let x = x.baseAddress, let target = target.baseAddress else { return }
          let batch = NetworkBatch(rows: 0, samples: x, targets: .none)
          _ = evaluator.run(batch, count: shape[0], parameters: parameters) {
            first, rows, outputs in
            (target + first * width).initialize(from: outputs, count: rows * width)
          }
        }
      }
    }
  }

  /// The class of each sample: the place of the first of its largest outputs.
  ///
  /// - Parameter x: [N, D].
  /// - Throws: as `outputs`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func classes(
    _ x: Tensor<Element>, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> [Int32] {
    let width = architecture.outputs
    return try outputs(x, budget: budget).withUnsafeElements { outputs in
      stride(from: 0, to: outputs.count, by: width).map { start in
        var best = start
        for place in start..<start + width where outputs[place] > outputs[best] { best = place }
        return Int32(best - start)
      }
    }
  }

  /// How well the network answers samples.
  ///
  /// - Throws: `NumericalError.shape` where they do not fit the network, `.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func evaluation(
    on samples: Samples<Element>, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> Evaluation {
    try samples.check(architecture)
    return try withEvaluator(count: samples.count, budget) {
      (evaluator, parameters) throws(NumericalError) in
      try evaluator.evaluation(samples, parameters: parameters)
    }
  }

  private func withEvaluator<Result>(
    count: Int, _ budget: MemoryBudget,
    _ body: (NetworkEvaluator<Element>, UnsafePointer<Element>) throws(NumericalError) -> Result
  ) throws(NumericalError) -> Result {
    let rows = max(1, min(Self.rows, count))
    let threads = NetworkPass<Element>.threads(for: architecture, rows: rows)
    let layout = MLPLayout(architecture)
    let bytes =
      layout.count * MemoryLayout<Element>.stride
      + NetworkBuffers<Element>.byteCount(
        architecture, rows: rows, threads: threads, hasDropout: false, learns: false)
    return try budget.reserving(bytes, for: "evaluating the network") {
      () throws(NumericalError) in
      let memory = AlignedMemory<Element>(layout.count)
      layout.store(parameters, into: memory.elements)
      let pass = NetworkPass<Element>(architecture, rows: rows, threads: threads, learns: false)
      defer { withExtendedLifetime(memory) {} }
      return try body(NetworkEvaluator(pass: pass, rows: rows), memory.elements)
    }
  }
}
