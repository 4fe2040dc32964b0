import Factorizations
import Networks
import Reporting
import Tensors

/// What a row says beside its time and its rounding.
struct AttentionRemarks {
  /// By how much the process grew during a call, without the result.
  var measuredBytes: Int?
  /// How far the result is from exact attention, by the norms.
  var approximationError: Double?
  /// How far the first head's shares of keys are from the exact ones, how far the best matrix of that
  /// rank is, and the rank that has 99 % of their energy.
  var shareError, bestShareError: Double?
  var effectiveRank: Int?
}

/// The work of one row.
protocol AttentionTrial<Element>: AnyObject {
  associatedtype Element: Scalar

  /// The operations of a pass.
  var operations: Double { get }
  var backwardOperations: Double { get }
  var remarks: AttentionRemarks { get }
  /// The output of the verified call; nil for a backward pass.
  var output: Tensor<Element>? { get }

  /// Does the work once, with a budget that counts what it takes.
  func error(_ budget: MemoryBudget) throws(NumericalError) -> BenchError
  /// The relative error that rounding explains.
  func tolerance() throws(NumericalError) -> Double
  func call() throws(NumericalError)
}

/// Exact attention.
final class ExactTrial<Element: Scalar>: AttentionTrial {
  private let problem: AttentionProblem<Element>
  private let algorithm: AttentionAlgorithm
  /// What is pulled through; nil for a forward pass.
  private var forward: (output: Tensor<Element>, logSumExp: Tensor<Element>)?
  private(set) var remarks = AttentionRemarks()
  private(set) var output: Tensor<Element>?

  init(
    _ problem: AttentionProblem<Element>, _ algorithm: AttentionAlgorithm, backward: Bool
  ) throws(NumericalError) {
    (self.problem, self.algorithm) = (problem, algorithm)
    if backward {
      forward = try problem.attention.forward(
        problem.q, problem.k, problem.v, algorithm: algorithm == .naive ? .auto : algorithm)
    }
  }

  var operations: Double { problem.attention.operations }
  var backwardOperations: Double { problem.attention.backwardOperations }

  func tolerance() throws(NumericalError) -> Double {
    try problem.tolerance(backward: forward != nil)
  }

  func error(_ budget: MemoryBudget) throws(NumericalError) -> BenchError {
    var error = BenchError()
    let stride = MemoryLayout<Element>.stride
    if let forward {
      var found: AttentionAdjoints<Element>?
      let growth = try ResidentMemory.peakGrowth { () throws(NumericalError) in
        found = try pulled(forward, budget)
      }
      let expected = try problem.adjoints()
      guard let found else { return error }
      let allowances = problem.adjointRounding
      for (one, other, allowance) in [
        (found.queries, expected.queries, allowances.queries),
        (found.keys, expected.keys, allowances.keys),
        (found.values, expected.values, allowances.values),
      ] {
        error.include(one, other, allowance: allowance)
      }
      let result = (found.queries.count + found.keys.count + found.values.count) * stride
      remarks.measuredBytes = growth.map { max(0, $0 - result) }
    } else {
      let growth = try ResidentMemory.peakGrowth { () throws(NumericalError) in
        output = try attend(budget).output
      }
      guard let output else { return error }
      remarks.measuredBytes = growth.map { max(0, $0 - output.count * stride) }
      error.include(output, try problem.output())
    }
    return error
  }

  func call() throws(NumericalError) {
    if let forward {
      blackHole(try pulled(forward, .unlimited()))
    } else {
      blackHole(try attend(.unlimited()))
    }
  }

  private func attend(
    _ budget: MemoryBudget
  ) throws(NumericalError) -> (output: Tensor<Element>, logSumExp: Tensor<Element>) {
    try problem.attention.forward(
      problem.q, problem.k, problem.v, algorithm: algorithm, budget: budget)
  }

  private func pulled(
    _ forward: (output: Tensor<Element>, logSumExp: Tensor<Element>), _ budget: MemoryBudget
  ) throws(NumericalError) -> AttentionAdjoints<Element> {
    try problem.attention.backward(
      problem.adjoint, problem.q, problem.k, problem.v, forward: forward, algorithm: algorithm,
      budget: budget)
  }
}

/// Linformer, with means of neighbours as its combinations; held against itself in double precision,
/// and its result against exact attention.
final class LinformerTrial<Element: Scalar>: AttentionTrial {
  private typealias Problem = AttentionProblem<Element>

  private let problem: AttentionProblem<Element>
  private let linformer: Linformer
  private let means: Tensor<Element>
  private var forward: Linformer.Forward<Element>?
  private(set) var remarks = AttentionRemarks()
  private(set) var output: Tensor<Element>?

  /// The longest sequence whose shares are decomposed: their singular values take T³ operations.
  private static var longestSpectrum: Int { 2048 }

  /// - Throws: `NumericalError.shape` where there are fewer keys than combinations.
  init(
    _ problem: AttentionProblem<Element>, rank: Int, backward: Bool
  ) throws(NumericalError) {
    self.problem = problem
    let attention = problem.attention
    linformer = try Linformer(
      queries: attention.queries, keys: attention.keys, values: attention.values, rank: rank)
    guard rank <= linformer.mixing[1] else {
      throw .shape("\(rank) combinations of \(linformer.mixing[1]) keys")
    }
    guard !attention.isCausal else {
      throw .shape("combinations of the keys of all positions are not causal")
    }
    means = Linformer.blockMeans(rank: rank, length: linformer.mixing[1], as: Element.self)
    if backward { forward = try attend(.unlimited()) }
  }

  var operations: Double { linformer.operations }
  var backwardOperations: Double { linformer.backwardOperations }

  func tolerance() throws(NumericalError) -> Double {
    try problem.tolerance(backward: forward != nil)
  }

  func error(_ budget: MemoryBudget) throws(NumericalError) -> BenchError {
    var error = BenchError()
    let (q, k, v) = (Problem.wide(problem.q), Problem.wide(problem.k), Problem.wide(problem.v))
    let wideMeans = Problem.wide(means)
    let exact = try linformer.forward(q, k, v, wideMeans, wideMeans)
    let stride = MemoryLayout<Element>.stride
    if let forward {
      var found: [Tensor<Element>?] = []
      let growth = try ResidentMemory.peakGrowth { () throws(NumericalError) in
        found = try pulled(forward, budget)
      }
      let expected = try linformer.backward(
        Problem.wide(problem.adjoint), q, k, v, wideMeans, wideMeans, forward: exact)
      for case (let one?, let other?) in zip(found, expected) { error.include(one, other) }
      let result = found.reduce(0) { $0 + ($1?.count ?? 0) } * stride
      remarks.measuredBytes = growth.map { max(0, $0 - result) }
    } else {
      let growth = try ResidentMemory.peakGrowth { () throws(NumericalError) in
        output = try attend(budget).output
      }
      guard let output else { return error }
      remarks.measuredBytes = growth.map { max(0, $0 - output.count * stride) }
      error.include(output, exact.output)
      let attended = try problem.output()
      remarks.approximationError =
        (Problem.wide(output) - attended).frobeniusNorm() / attended.frobeniusNorm()
      try compareShares()
    }
    return error
  }

  /// P of the first head against the approximation's softmax(Q(EK)ᵀ)·E, both of which multiply V.
  private func compareShares() throws(NumericalError) {
    let (attention, rank) = (problem.attention, linformer.mixing[0])
    // Asked before there is an array of all shares.
    let queries = problem.q.shape[problem.q.shape.rank - 2]
    guard max(queries, linformer.mixing[1]) <= Self.longestSpectrum else { return }
    let exact = try attention.firstShares(problem.q, problem.k)
    let mixed = try linformer.firstShares(problem.q, problem.k, means)
    let difference = Problem.wide(Tensor.matrixProduct(mixed, means) - exact)
    remarks.shareError = difference.frobeniusNorm() / Problem.wide(exact).frobeniusNorm()
    let spectrum = Spectrum(try exact.singularValues())
    remarks.bestShareError = spectrum.relativeError(rank: rank)
    remarks.effectiveRank = spectrum.rank(energy: 0.99)
  }

  func call() throws(NumericalError) {
    if let forward {
      blackHole(try pulled(forward, .unlimited()))
    } else {
      blackHole(try attend(.unlimited()))
    }
  }

  private func attend(
    _ budget: MemoryBudget
  ) throws(NumericalError) -> Linformer.Forward<Element> {
    try linformer.forward(problem.q, problem.k, problem.v, means, means, budget: budget)
  }

  private func pulled(
    _ forward: Linformer.Forward<Element>, _ budget: MemoryBudget
  ) throws(NumericalError) -> [Tensor<Element>?] {
    try linformer.backward(
      problem.adjoint, problem.q, problem.k, problem.v, means, means, forward: forward,
      budget: budget)
  }
}
