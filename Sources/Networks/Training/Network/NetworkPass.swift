import Tensors

/// The forward and backward pass of a network over batches, by hand-derived formulas, in memory that
/// is taken once.
///
/// A pass is a sequence of phases; in each of them every thread does its part, which needs nothing of
/// the others' in the same phase. The products of wide layers are split by units, so that each thread
/// reads the weights that it has updated itself; everything else is split by rows.
final class NetworkPass<Element: Scalar> {
  /// One of the phases.
  enum Phase {
    /// The batch's rows side by side.
    case gather
    /// z = a·Wᵀ + b of a hidden layer, and f(z) unless it is normalised before.
    case sums(Int)
    /// f(LN z) of a hidden layer.
    case normalize(Int)
    /// The outputs, the loss, and the adjoints of all sums.
    case outputs
    /// The adjoints of all parameters.
    case gradient
  }

  /// What a thread has summed over its rows.
  struct Tally {
    var loss = 0.0
    var correct = 0
    // Threads do not write to the same cache line.
    private var padding: (Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0)
  }

  let architecture: MLPArchitecture
  let layout: MLPLayout
  let buffers: NetworkBuffers<Element>
  let threads: Int
  private let tallyMemory: UnsafeMutablePointer<Tally>

  /// - Parameters:
  ///   - rows: the most rows of a batch.
  ///   - hasDropout: whether masks are drawn in some passes.
  ///   - learns: whether there is a backward pass.
  init(
    _ architecture: MLPArchitecture, rows: Int, threads: Int, hasDropout: Bool = false,
    learns: Bool
  ) {
    (self.architecture, self.threads) = (architecture, threads)
    layout = MLPLayout(architecture)
    buffers = NetworkBuffers(
      architecture, rows: rows, threads: threads, hasDropout: hasDropout, learns: learns)
    tallyMemory = .allocate(capacity: threads)
    tallyMemory.initialize(repeating: Tally(), count: threads)
  }

  deinit { tallyMemory.deallocate() }

  /// The phases of a forward pass.
  var forwardPhases: [Phase] {
    architecture.hidden.indices.flatMap { layer -> [Phase] in
      architecture.layerNorm ? [.sums(layer), .normalize(layer)] : [.sums(layer)]
    } + [.outputs]
  }

  /// The phases of a forward and a backward pass.
  var phases: [Phase] { [.gather] + forwardPhases + [.gradient] }

  /// What all threads have summed over the last batch.
  var tally: Tally {
    var sum = Tally()
    for thread in 0..<threads {
      sum.loss += tallyMemory[thread].loss
      sum.correct += tallyMemory[thread].correct
    }
    return sum
  }

  /// Runs steps one after the other, each by all threads.
  func withThreads(_ steps: Int, _ body: (_ step: Int, _ thread: Int) -> Void) {
    Parallel.forEachStep(steps, count: threads) { step, threads in
      for thread in threads { body(step, thread) }
    }
  }

  /// Calls `body` with BLAS at one thread if this runs on one.
  func alone<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let all = BLAS.threads
    guard threads == 1, all > 1 else { return try body() }
    BLAS.setThreads(1)
    defer { BLAS.setThreads(all) }
    return try body()
  }

  /// The threads that are worth it for batches of so many rows.
  static func threads(for architecture: MLPArchitecture, rows: Int) -> Int {
    let weights = architecture.parameters.reduce(0) {
      $0 + ($1.shape.rank == 2 ? $1.shape.count : 0)
    }
    return weights * rows >= Self.grain ? BLAS.threads : 1
  }

  /// Multiplications of a forward pass below which the threads' waiting for each other takes longer
  /// than what they spare.
  private static var grain: Int { 700_000 }

  /// A thread's part of a phase.
  ///
  /// - Parameters:
  ///   - gradient: the adjoints of the parameters; nil in a forward pass.
  ///   - dropout: the masks; nil where units are not dropped.
  func perform(
    _ phase: Phase, thread: Int, _ batch: NetworkBatch<Element>,
    parameters: UnsafePointer<Element>, gradient: UnsafeMutablePointer<Element>?,
    dropout: DropoutMask?
  ) {
    switch phase {
    case .gather: gather(batch, thread)
    case .sums(let layer): sums(layer, batch, thread, parameters, dropout)
    case .normalize(let layer): normalize(layer, batch, thread, parameters, dropout)
    case .outputs:
      tallyMemory[thread] = outputs(batch, thread, parameters, adjoins: gradient != nil)
      if gradient != nil { sumAdjoints(batch, thread, parameters, dropout) }
    case .gradient: if let gradient { parameterAdjoints(batch, thread, gradient) }
    }
  }

  /// What the first layer reads.
  func inputs(_ batch: NetworkBatch<Element>) -> UnsafePointer<Element> {
    if batch.places != nil, let gathered = buffers.inputs { return UnsafePointer(gathered) }
    return batch.samples + batch.first * architecture.inputs
  }

  /// What a layer reads.
  func inputs(of layer: Int, _ batch: NetworkBatch<Element>) -> UnsafePointer<Element> {
    layer == 0 ? inputs(batch) : UnsafePointer(buffers.hidden[layer - 1].output)
  }

  /// A thread's rows.
  func rows(_ count: Int, _ thread: Int) -> Range<Int> {
    count * thread / threads..<count * (thread + 1) / threads
  }

  /// A thread's share of units or inputs, in whole cache lines; nil where they are too few to be
  /// split.
  func columns(_ count: Int, _ thread: Int) -> Range<Int>? {
    let lines = count / 16
    guard lines >= 2 * threads || threads == 1 else { return nil }
    let first = lines * thread / threads * 16
    return first..<(thread == threads - 1 ? count : lines * (thread + 1) / threads * 16)
  }

  private func gather(_ batch: NetworkBatch<Element>, _ thread: Int) {
    guard batch.places != nil, let target = buffers.inputs else { return }
    let width = architecture.inputs
    for row in rows(batch.rows, thread) {
      (target + row * width).update(from: batch.samples + batch.sample(row) * width, count: width)
    }
  }
}
