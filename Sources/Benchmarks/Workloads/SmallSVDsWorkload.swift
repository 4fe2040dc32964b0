import Factorizations
import FileFormats
import RealModule
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
        target: .ratio(atLeast: 1.8, against: ["numpy", "torch"]))
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

  private typealias Decomposition = SingularValueDecomposition<Double>

  /// LAPACK on one matrix after the other, the batch shared out to the threads.
  private static func decomposed(
    _ batch: Tensor<Double>
  ) throws(BenchError) -> [Decomposition] {
    let count = batch.shape[0]
    let results = [Result<Decomposition, NumericalError>](unsafeUninitializedCapacity: count) {
      buffer, initialized in
      let base = buffer.baseAddress
      Parallel.forEachRange(count) { range in
        for i in range { (base.map { $0 + i })?.initialize(to: decomposition(i, of: batch)) }
      }
      initialized = count
    }
    var decompositions: [Decomposition] = []
    decompositions.reserveCapacity(count)
    for result in results {
      decompositions.append(try numerically { () throws(NumericalError) in try result.get() })
    }
    return decompositions
  }

  private static func decomposition(
    _ index: Int, of batch: Tensor<Double>
  ) -> Result<Decomposition, NumericalError> {
    do throws(NumericalError) {
      return .success(try matrix(index, of: batch).singularValueDecomposition())
    } catch {
      return .failure(error)
    }
  }

  private static func matrix(_ index: Int, of batch: Tensor<Double>) -> Tensor<Double> {
    let (rows, columns) = (batch.shape[1], batch.shape[2])
    return batch.sliced([index..<index + 1, 0..<rows, 0..<columns]).reshaped([rows, columns])
  }

  private static func relativeError(
    of decompositions: [Decomposition], against batch: Tensor<Double>
  ) -> Double {
    var lost = 0.0
    for (index, decomposition) in decompositions.enumerated() {
      lost = .hypot(lost, matrix(index, of: batch).residualNorm(of: decomposition))
    }
    return lost / batch.frobeniusNorm()
  }
}
