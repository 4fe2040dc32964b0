import Tensors

/// What the figures were measured on, without anything that names this very machine.
struct Machine {
  /// The processor's name as the kernel has it.
  let processor: String
  /// The processors that this process may use.
  let processors = Parallel.availableProcessors()
  /// OpenBLAS beneath ours, with the kernel that it chose.
  let blas = "OpenBLAS \(BLAS.version) (\(BLAS.core))"
  /// The libraries of the peers; empty without them.
  let peers: [(name: String, version: String)]

  /// - Throws: `BenchError.peer` when the peers do not answer.
  init(peers: PeerProcess?) throws(BenchError) {
    processor = Processor.name ?? "unknown processor"
    self.peers = try peers?.versions() ?? []
  }
}
