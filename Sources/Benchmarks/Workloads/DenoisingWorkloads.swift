import Factorizations
import FileFormats
import Imaging
import JSONText
import Reporting
import Tensors

/// The blocks that `linalg denoise` takes by default.
struct BlockChoice {
  let side = 32
  let stride = 6

  /// For the name of a workload.
  var name: String { "blocks\(side)s\(stride)" }
  var scope: DenoisingScope { .blocks(side: side, stride: stride) }
}

/// Removing noise from a square matrix by one decomposition of the whole.
struct GlobalDenoisingWorkload: Workload {
  private let task: DenoisingTask

  init(size: Int) { task = DenoisingTask(size: size, scope: .global) }

  /// Ours without the shrinking and the product.
  private static let decomposition = "linalg SVD alone"
  /// Denoising may take so many times as long as the decomposition in it (issue 3).
  private static let costLimit = 1.3

  var name: String { "denoise/\(task.size)x\(task.size)/global/f64" }
  var dtype: String? { "f64" }
  var shape: [Int] { task.shape }
  var goals: [Goal] {
    [
      Goal(
        work: "denoising \(task.size)×\(task.size) as a whole, f64: ≤ \(Self.costLimit) × its SVD",
        target: .ratio(atLeast: 1 / Self.costLimit, against: [Self.decomposition]))
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let matrix = try task.noisyMatrix()
    let reference = try Self.textbookResult(matrix, sigma: task.sigma)
    let decompose = { () throws(BenchError) in
      try numerically { () throws(NumericalError) in try matrix.singularValueDecomposition() }
    }
    let decomposition = Contestant.ours(
      Self.decomposition,
      verify: { () throws(BenchError) in
        guard matrix.lapackTestRatios(of: try decompose()).pass else {
          throw .wrong("LAPACK's test ratios exceed \(LAPACKTestRatios.limit)")
        }
        return Figures()
      },
      call: { () throws(BenchError) in blackHole(try decompose()) })
    return Contest(
      ours: task.ours(on: matrix, reference: reference),
      peers: try [decomposition]
        + task.peer("numpy global denoising", on: matrix, reference: reference, in: context))
  }

  /// The formula as it is printed, for square matrices: s becomes u√((y²−2)²−4)/y where
  /// y = s/u ≥ 2, u = σ√n (Gavish & Donoho 2017).
  private static func textbookResult(
    _ matrix: Tensor<Double>, sigma: Double
  ) throws(BenchError) -> Tensor<Double> {
    let svd = try numerically { () throws(NumericalError) in
      try matrix.singularValueDecomposition()
    }
    let unit = sigma * Double(matrix.columns).squareRoot()
    let shrunk = svd.singularValues.map { value -> Double in
      let y = value / unit
      let square = y * y - 2
      return y < 2 ? 0 : unit * (square * square - 4).squareRoot() / y
    }
    return Tensor.matrixProduct(svd.u.scalingColumns(by: shrunk), svd.vt)
  }
}

/// Removing noise from a square matrix block by block: thousands of small decompositions, shared
/// out to the threads.
struct BlockDenoisingWorkload: Workload {
  private let task: DenoisingTask
  private let blocks = BlockChoice()

  init(size: Int) { task = DenoisingTask(size: size, scope: blocks.scope) }

  var name: String { "denoise/\(task.size)x\(task.size)/\(blocks.name)/f64" }
  var dtype: String? { "f64" }
  var shape: [Int] { task.shape }
  var goals: [Goal] {
    [
      Goal(
        work: "denoising \(task.size)×\(task.size) in blocks, f64: all threads against one",
        target: .ratio(atLeast: 1.8, against: ["linalg, 1 thread"]))
    ]
  }

  /// Every block by LAPACK is the reference.
  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let matrix = try task.noisyMatrix()
    let reference = try task.denoised(matrix, method: .lapack)
    let ours = task.ours(on: matrix, reference: reference)
    return Contest(
      ours: ours,
      peers: try [ours.onThreads(1)]
        + task.peer(
          "numpy block denoising", on: matrix, reference: reference, in: context,
          parameters: ["side": .integer(blocks.side), "stride": .integer(blocks.stride)]))
  }
}

/// What both scopes have in common: the matrix, our way, and how results are judged.
private struct DenoisingTask {
  let size: Int
  let scope: DenoisingScope
  /// σ of the noise: some 20 planted values of 512×512 stand above its edge.
  let sigma = 0.1

  var shape: [Int] { [size, size] }

  func noisyMatrix() throws(BenchError) -> Tensor<Double> {
    try numerically { () throws(NumericalError) in
      try DecayingMatrix.make(size, size, noise: sigma)
    }
  }

  func denoised(
    _ matrix: Tensor<Double>, method: BlockGrid.Method = .fastest,
    budget: MemoryBudget = .unlimited()
  ) throws(BenchError) -> Tensor<Double> {
    try numerically { () throws(NumericalError) in
      var denoiser = Denoiser([matrix], budget: budget)
      if scope == .global { try denoiser.decompose() }
      return try denoiser.denoised(by: .frobenius, in: scope, sigma: sigma, method: method)
        .matrices[0]
    }
  }

  func ours(on matrix: Tensor<Double>, reference: Tensor<Double>) -> Contestant {
    .ours(
      verify: { () throws(BenchError) in
        let budget = MemoryBudget.unlimited()
        let result = try denoised(matrix, budget: budget)
        let error = (result - reference).maximumMagnitude()
        var figures = try Self.judged(error, for: matrix)
        figures.extraBytes = budget.peak
        return figures
      },
      call: { () throws(BenchError) in blackHole(try denoised(matrix)) })
  }

  /// A peer's entry of `peer.py`; none without peers.
  func peer(
    _ name: String, on matrix: Tensor<Double>, reference: Tensor<Double>,
    in context: BenchContext, parameters: JSONObject = [:]
  ) throws(BenchError) -> [Contestant] {
    guard let peers = context.peers else { return [] }
    var parameters = parameters
    parameters.append("sigma", .number(sigma))
    let inputs = [
      "a": try context.files.write(StoredArray(matrix), to: "noisy.npy"),
      "reference": try context.files.write(StoredArray(reference), to: "reference.npy"),
    ]
    return [
      peers.contestant(name, inputs: inputs, parameters: parameters) {
        (answer) throws(BenchError) in
        try Self.judged(answer["max_abs_error"]?.numberValue ?? .nan, for: matrix)
      }
    ]
  }

  /// At the edge of the noise the shrinker grows as a square root, so that rounding ε moves what
  /// becomes of a singular value there by √ε: results agree to √ε·‖A‖.
  private static func judged(
    _ error: Double, for matrix: Tensor<Double>
  ) throws(BenchError) -> Figures {
    let limit = Double.epsilon.squareRoot() * matrix.frobeniusNorm()
    guard error <= limit else {
      throw .wrong("the result is off by \(error), at most \(limit) is allowed")
    }
    return Figures(maxAbsError: error)
  }
}
