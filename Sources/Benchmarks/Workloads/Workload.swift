import Tensors
import Reporting

/// A piece of work that ours and the peers do side by side: one entry of `workloadTable`.
///
/// A new workload is one file with such a type and one line in the table; its peers are entries
/// of `Peers/peer.py`.
protocol Workload: Sendable {
  /// Group, sizes, variant: `svd/2048x2048/k50/f64`. `--only` selects by its beginning.
  var name: String { get }
  /// Forward or backward; nil where there is no such thing.
  var pass: String? { get }
  /// The precision, nil for whole commands.
  var dtype: String? { get }
  /// The sizes of the input, outermost first; empty for whole commands.
  var shape: [Int] { get }
  /// The rank of an approximation.
  var rank: Int? { get }
  /// The floating-point operations of ours, for its share of the machine's limit; nil where no
  /// count would mean anything.
  var operations: Double? { get }
  /// What BENCHMARKS.md wants of this work.
  var goals: [Goal] { get }

  /// Builds the input, outside any clock, and says who works on it.
  func contest(in context: BenchContext) throws(BenchError) -> Contest
}

extension Workload {
  var pass: String? { nil }
  var dtype: String? { nil }
  var shape: [Int] { [] }
  var rank: Int? { nil }
  var operations: Double? { nil }
  var goals: [Goal] { [] }
}

/// A number to reach.
struct Goal {
  /// How it is measured.
  enum Target {
    /// The time of the fastest peer whose name begins with one of `against`, over ours. The peer
    /// may be ours in another way: a part of the work, or fewer threads.
    case ratio(atLeast: Double, against: [String])
    /// The time of ours alone and, unless nil, its memory.
    case limits(seconds: Double, bytes: Int?)
  }

  /// The work in words.
  let work: String
  let target: Target
}

/// A number to reach over many workloads together.
struct SuiteGoal {
  /// The work in words.
  let work: String
  /// The names of the workloads.
  let workloads: Set<String>
  /// The least geometric mean of the ratios, each that of the workload's fastest peer.
  let reach: Double
  /// Beginnings of peers' names.
  let against: [String]
}

/// What a workload needs from its surroundings.
struct BenchContext {
  let files: TemporaryFiles
  let launcher: ProgramLauncher
  /// The peers; nil when ours is measured alone.
  let peers: PeerProcess?
  let options: BenchOptions
}

/// Ours and the peers on one input.
struct Contest {
  let ours: Contestant
  /// Whom ours is compared with: other programs, and ours in other ways.
  var peers: [Contestant] = []
}

/// Somebody who does the work; a wrong result is `BenchError.wrong`.
typealias Contestant = Reporting.Contestant<Figures, BenchError>

/// What came out of one contestant.
typealias Outcome = Reporting.Outcome<Figures>

/// What a result is worth and what it cost beside time.
struct Figures {
  /// The largest difference from the reference.
  var maxAbsError: Double?
  /// The relative error in the Frobenius norm.
  var relativeError: Double?
  /// The relative error over the smallest possible one, minus 1.
  var excessError: Double?
  /// What the memory budget counted beside input and result.
  var extraBytes: Int?
  /// The peak memory of a whole process.
  var peakBytes: Int?
}
