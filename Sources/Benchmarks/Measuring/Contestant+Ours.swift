import Reporting
import Tensors

extension Contestant {
  /// The engine, called in this process.
  static func ours(
    _ name: String = "linalg", verify: @escaping () throws(BenchError) -> Figures,
    call: @escaping () throws(BenchError) -> Void
  ) -> Contestant {
    Contestant(name: name, verify: verify, call: call)
  }

  /// The same work of the engine on so many threads, with the same check of the result.
  func onThreads(_ count: Int) -> Contestant {
    func limited<Result>(
      _ body: () throws(BenchError) -> Result
    ) throws(BenchError) -> Result {
      let usual = BLAS.threads
      BLAS.setThreads(count)
      defer { BLAS.setThreads(usual) }
      return try body()
    }
    return Contestant(
      name: "\(name), \(count) thread\(count == 1 ? "" : "s")",
      verify: { () throws(BenchError) in try limited(verify) },
      run: { (repeats) throws(BenchError) in
        try limited { () throws(BenchError) in try run(repeats) }
      })
  }
}
