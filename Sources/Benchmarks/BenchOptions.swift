import Reporting

/// What the user asked for.
struct BenchOptions {
  /// What the program does.
  enum Mode {
    /// Times the workloads.
    case table
    /// Fits the growth exponents.
    case scaling
    /// Serves requests to run programs (`ProgramLauncher`).
    case launcher
    case help
  }

  var mode = Mode.table
  /// The built `linalg`; nil leaves the whole-command rows out.
  var linalg: String?
  /// A Python with the peers; nil measures ours alone.
  var python: String?
  /// The folder of the peers' scripts.
  var peers = "Sources/Benchmarks/Peers"
  /// A picture for the whole-command row.
  var picture = "examples/pictures/hills.png"
  /// The Markdown page to write.
  var output: String?
  /// Workloads whose names begin so.
  var only = ""
  var runs = 5
  var threads = 2
  var format = TableFormat.table

  static let usage = """
    Times linalg's engine and command against NumPy, SciPy, scikit-learn, PyTorch and
    opt_einsum.

    Usage: benchmarks [--linalg PATH] [--python PATH] [options]
      --linalg PATH    the built command, for the rows about whole commands
      --python PATH    a Python with the peers; without it ours is measured alone
      --peers FOLDER   the peers' scripts (default: Sources/Benchmarks/Peers)
      --picture PNG    the picture that is compressed (default: examples/pictures/hills.png)
      --only PREFIX    workloads whose names begin so, for example svd/2048
      --runs N         timed runs of each contestant (default: 5)
      --threads N      threads of both sides (default: 2)
      --format F       table, markdown, csv, tsv or json
      --output FILE    also write the Markdown page
      --scaling        fit the growth of time with size instead

    """

  /// Reads the arguments after the program's name.
  ///
  /// - Throws: `BenchError.usage`.
  init(_ arguments: [String]) throws(BenchError) {
    var rest = arguments[...]
    while let flag = rest.popFirst() {
      switch flag {
      case "--help", "-h": mode = .help
      case "--scaling": mode = .scaling
      case "--launcher": mode = .launcher
      default:
        guard let value = rest.popFirst() else { throw .usage("\(flag) needs a value") }
        try set(flag, value)
      }
    }
  }

  private mutating func set(_ flag: String, _ value: String) throws(BenchError) {
    switch flag {
    case "--linalg": linalg = value
    case "--python": python = value
    case "--peers": peers = value
    case "--picture": picture = value
    case "--output": output = value
    case "--only": only = value
    case "--runs": runs = try Self.positive(flag, value)
    case "--threads": threads = try Self.positive(flag, value)
    case "--format":
      guard let known = TableFormat(rawValue: value) else {
        throw .usage("--format \(value): not one of table, markdown, csv, tsv, json")
      }
      format = known
    default: throw .usage("unknown option \(flag)")
    }
  }

  private static func positive(_ flag: String, _ value: String) throws(BenchError) -> Int {
    guard let number = Int(value), number > 0 else {
      throw .usage("\(flag) \(value): a positive number is needed")
    }
    return number
  }
}
