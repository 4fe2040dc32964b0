import Factorizations
import FileFormats
import RealModule
import Reporting
import Tensors

/// Many small decompositions, as filter banks and patches need them.
struct SmallSVDsWorkload: Workload {
  private let count = 2000
  private let rows = 36
  private let columns = 70

  var name: String { "svd-batch/\(count)x\(rows)x\(columns)/f64" }
  var pass: String? { "forward" }
  var dtype: String? { "f64" }
  var shape: [Int] { [count, rows, columns] }
  var goals: [Goal] {
    [
      Goal(
        work: "\(count) SVDs \(rows)×\(columns), f64",
        target: .ratio(atLeast: 3, against: ["numpy", "torch"]))
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let limit = LAPACKTestRatios.limit * Double(columns) * Double.epsilon
    let batch = RandomSource(seed: 1).normal(Shape(shape), as: Double.self)
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let error = Self.relativeError(of: try Self.decomposed(batch), against: batch)
        guard error <= limit else {
          throw .wrong("the factors' product is off by \(error), at most \(limit) is allowed")
        }
        return Figures(relativeError: error)
      },
      call: { () throws(BenchError) in blackHole(try Self.decomposed(batch)) })
    guard let peers = context.peers else { return Contest(ours: ours) }
    let path = try context.files.write(StoredArray(batch), to: "batch.npy")
    return Contest(
      ours: ours,
      peers: ["numpy.linalg.svd", "torch.linalg.svd"].map { name in
        peers.contestant(name, inputs: ["a": path], judge: Figures.reconstruction(within: limit))
      })
  }

  /// `SmallSVD` on one matrix after the other, the batch shared out to the threads.
  private static func decomposed(
    _ batch: Tensor<Double>
  ) throws(BenchError) -> BatchedSVD<Double> {
    try numerically { () throws(NumericalError) in try batch.batchedSingularValueDecomposition() }
  }

  private static func matrix(_ index: Int, of batch: Tensor<Double>) -> Tensor<Double> {
    let (rows, columns) = (batch.shape[1], batch.shape[2])
    return batch.sliced([index..<index + 1, 0..<rows, 0..<columns]).reshaped([rows, columns])
  }

  private static func relativeError(
    of batched: BatchedSVD<Double>, against batch: Tensor<Double>
  ) -> Double {
    let p = batched.singularValues.columns
    var lost = 0.0
    for index in 0..<batch.shape[0] {
      let one = SingularValueDecomposition(
        u: matrix(index, of: batched.u),
        singularValues: Array(batched.singularValues.elements[index * p..<(index + 1) * p]),
        vt: matrix(index, of: batched.vt))
      lost = .hypot(lost, matrix(index, of: batch).residualNorm(of: one))
    }
    return lost / batch.frobeniusNorm()
  }
}
