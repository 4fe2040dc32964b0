import Factorizations
import FileFormats
import JSONText
import Reporting
import Tensors

/// The whole decomposition of a square matrix by LAPACK, ours and theirs.
struct FullSVDWorkload: Workload {
  private let size: Int

  init(size: Int) { self.size = size }

  var name: String { "full-svd/\(size)x\(size)/f64" }
  var pass: String? { "forward" }
  var dtype: String? { "f64" }
  var shape: [Int] { [size, size] }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let limit = LAPACKTestRatios.limit * Double(size) * Double.epsilon
    let matrix = try numerically { () throws(NumericalError) in
      try DecayingMatrix.make(size, size)
    }
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let budget = MemoryBudget.unlimited()
        let found = try numerically { () throws(NumericalError) in
          try matrix.singularValueDecomposition(budget: budget)
        }
        guard matrix.lapackTestRatios(of: found).pass else {
          throw .wrong("LAPACK's test ratios exceed \(LAPACKTestRatios.limit)")
        }
        return Figures(
          relativeError: matrix.residualNorm(of: found) / matrix.frobeniusNorm(),
          extraBytes: budget.peak)
      },
      call: { () throws(BenchError) in
        blackHole(
          try numerically { () throws(NumericalError) in
            try matrix.singularValueDecomposition()
          })
      })
    guard let peers = context.peers else { return Contest(ours: ours) }
    let path = try context.files.write(StoredArray(matrix), to: "matrix.npy")
    return Contest(
      ours: ours,
      peers: ["numpy.linalg.svd", "torch.linalg.svd"].map { name in
        peers.contestant(name, inputs: ["a": path], judge: Figures.reconstruction(within: limit))
      })
  }
}

extension Figures {
  /// Judges what a peer says about the relative error of its factors' product.
  static func reconstruction(
    within limit: Double
  ) -> (JSONObject) throws(BenchError) -> Figures {
    { (answer) throws(BenchError) in
      let error = answer["relative_error"]?.numberValue ?? .nan
      guard error <= limit else {
        throw .wrong("the factors' product is off by \(error), at most \(limit) is allowed")
      }
      return Figures(relativeError: error)
    }
  }
}
