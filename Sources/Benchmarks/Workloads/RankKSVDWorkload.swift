import Factorizations
import FileFormats
import JSONText
import Reporting
import Tensors

/// The leading k singular triples of a matrix [m, n] with a decaying spectrum.
struct RankKSVDWorkload<Element: Scalar>: Workload {
  private let m: Int
  private let n: Int
  private let k: Int
  private let options = RandomizedOptions()

  /// Ours must stay within this factor of the optimum (issue 2); no peer is asked for less than
  /// twice the optimum.
  private static var oursLimit: Double { 1.02 }
  private static var peerLimit: Double { 2 }
  /// The largest matrix whose full decomposition is worth waiting for.
  private static var fullDecompositionLimit: Int { 2048 * 2048 }

  init(_ m: Int, _ n: Int, rank: Int) {
    (self.m, self.n, self.k) = (m, n, rank)
  }

  var name: String { "svd/\(m)x\(n)/k\(k)/\(Element.dtypeName)" }
  var pass: String? { "forward" }
  var dtype: String? { Element.dtypeName }
  var shape: [Int] { [m, n] }
  var rank: Int? { k }

  /// The products of A with the sketch: `2(q + 1)` of them, whatever their precision.
  var operations: Double? {
    let width = Double(k + options.oversample)
    return 2 * Double(options.powerIterations + 1) * 2 * Double(m) * Double(n) * width
  }

  var goals: [Goal] {
    let sketches = ["sklearn.randomized_svd", "torch.svd_lowrank"]
    let work = "rank-\(k) SVD of \(m)×\(n), \(Element.dtypeName)"
    var goals = [Goal(work: work, target: .ratio(atLeast: 1.2, against: sketches))]
    if m == 2048, n == 2048, Element.self == Double.self {
      goals.append(Goal(work: work, target: .ratio(atLeast: 10, against: ["numpy.linalg.svd"])))
    }
    return goals
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let k = k
    let options = options
    let matrix = try numerically { () throws(NumericalError) in
      try DecayingMatrix.make(m, n).converted(to: Element.self)
    }
    let exact = matrix.converted(to: Double.self)
    let optimum = try numerically { () throws(NumericalError) in
      Spectrum(try exact.singularValues()).relativeError(rank: k)
    }
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let budget = MemoryBudget.unlimited()
        let found = try numerically { () throws(NumericalError) in
          try matrix.randomizedSVD(rank: k, options: options, budget: budget).decomposition
        }
        let error = exact.residualNorm(of: found.inDouble) / exact.frobeniusNorm()
        var figures = try Self.judged(error, optimum: optimum, limit: Self.oursLimit)
        figures.extraBytes = budget.peak
        return figures
      },
      call: { () throws(BenchError) in
        blackHole(
          try numerically { () throws(NumericalError) in
            try matrix.randomizedSVD(rank: k, options: options)
          })
      })
    guard let peers = context.peers else { return Contest(ours: ours) }
    let path = try context.files.write(StoredArray(matrix), to: "matrix.npy")
    return Contest(ours: ours, peers: contestants(of: peers, input: path, optimum: optimum))
  }

  private func contestants(
    of peers: PeerProcess, input: String, optimum: Double
  ) -> [Contestant] {
    func peer(_ name: String, q: JSONValue? = nil) -> Contestant {
      var parameters: JSONObject = ["rank": .integer(k)]
      if let q { parameters.append("iterations", q) }
      let label = q.map { "\(name) q=\($0.stringValue ?? $0.text())" }
      return peers.contestant(
        name, label: label, inputs: ["a": input], parameters: parameters
      ) { (answer) throws(BenchError) in
        let error = answer["relative_error"]?.numberValue ?? .nan
        return try Self.judged(error, optimum: optimum, limit: Self.peerLimit)
      }
    }
    let sketches = [
      peer("sklearn.randomized_svd", q: .string("auto")),
      peer("sklearn.randomized_svd", q: .integer(2)),
      peer("torch.svd_lowrank", q: .integer(2)),
    ]
    guard m * n <= Self.fullDecompositionLimit else { return sketches }
    return sketches + [peer("scipy.svds"), peer("numpy.linalg.svd")]
  }

  /// The figures of a relative error, unless it is too large or, which would be a wrong optimum,
  /// too small.
  private static func judged(
    _ error: Double, optimum: Double, limit: Double
  ) throws(BenchError) -> Figures {
    let excess = error / optimum - 1
    guard excess > -1e-9, error <= optimum * limit else {
      throw .wrong("relative error \(error), the optimum is \(optimum)")
    }
    return Figures(relativeError: error, excessError: max(0, excess))
  }
}

extension SingularValueDecomposition {
  /// The same factors in double precision, so that their error is measured exactly.
  var inDouble: SingularValueDecomposition<Double> {
    SingularValueDecomposition<Double>(
      u: u.converted(to: Double.self), singularValues: singularValues.map { Double($0) },
      vt: vt.converted(to: Double.self))
  }
}
