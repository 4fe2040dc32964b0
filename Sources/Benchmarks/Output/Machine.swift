import Glibc
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
    processor = Self.processorName() ?? "unknown processor"
    self.peers = try peers?.versions() ?? []
  }

  private static func processorName() -> String? {
    guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let length = fread(&bytes, 1, bytes.count, file)
    let lines = String(decoding: bytes[..<length], as: UTF8.self).split(separator: "\n")
    // The key is padded with tabs: `model name\t: AMD EPYC`.
    guard let line = lines.first(where: { $0.hasPrefix("model name") }),
      let colon = line.firstIndex(of: ":")
    else { return nil }
    return String(line[line.index(after: colon)...].drop { $0 == " " })
  }
}
