import Glibc
import Processes

/// What a finished program left behind.
public struct RunResult: Sendable {
  /// The exit code, or 128 plus the number of the signal that ended the program.
  public let status: Int
  /// What it wrote to its standard output, empty when that was redirected.
  public let outputBytes: [UInt8]
  /// What it wrote to its standard error.
  public let errorBytes: [UInt8]

  /// The standard output as text.
  public var output: String { String(decoding: outputBytes, as: UTF8.self) }
  /// The standard error as text.
  public var error: String { String(decoding: errorBytes, as: UTF8.self) }
}

/// Why a program could not be run, or not to its end.
public enum RunFailure: Error, CustomStringConvertible {
  /// The built executable is not where tests find it.
  case noBinary(searched: [String])
  /// The program could not be started.
  case start(String)
  /// The program was still running at the time limit and was killed.
  case hang(command: String, seconds: Int)

  /// One sentence for the test's report.
  public var description: String {
    switch self {
    case .noBinary(let searched): "linalg is not built: looked for \(searched)"
    case .start(let reason): "cannot start the program: \(reason)"
    case .hang(let command, let seconds): "\(command) still ran after \(seconds) s; killed"
    }
  }
}

/// Runs the built `linalg`, or another program, as a user's shell would.
public struct BinaryRunner: Sendable {
  /// Where the program's standard output goes.
  public enum Output: Sendable {
    /// Into `RunResult.outputBytes`.
    case captured
    /// Into a file or device that exists or can be created, for example `/dev/full`.
    case file(String)
    /// Nowhere: the descriptor is closed.
    case closed
  }

  /// The absolute path of the program.
  public let executable: String
  /// After this many seconds the program counts as hanging.
  public var secondsAllowed = 60

  /// A runner of any program.
  public init(executable: String) { self.executable = executable }

  /// A runner of the `linalg` that was built with the tests, or of the one that `LINALG_BINARY`
  /// names.
  ///
  /// - Throws: `RunFailure.noBinary` with the places that were searched.
  public static func linalg() throws(RunFailure) -> BinaryRunner {
    let candidates = BuiltProducts.candidates(for: "linalg")
    guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw .noBinary(searched: candidates)
    }
    return BinaryRunner(executable: path)
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: what follows the program's name.
  ///   - environment: variables to set, or with nil to remove, over the test's own. One BLAS thread
  ///     and no colour are the default.
  ///   - folder: the working directory; nil is the test's own.
  ///   - input: the bytes of the standard input.
  ///   - output: where the standard output goes.
  /// - Throws: `RunFailure` when the program cannot be started or hangs.
  public func run(
    _ arguments: [String], environment: [String: String?] = [:], in folder: String? = nil,
    input: [UInt8] = [], output: Output = .captured
  ) throws(RunFailure) -> RunResult {
    var child = try ChildProcess(
      executable: executable, arguments: arguments, environment: Self.merged(environment),
      folder: folder, output: output)
    let seconds = Double(secondsAllowed)
    let finished = child.exchange(input: input, until: MonotonicTime.now() + seconds)
    guard finished, let status = child.wait(until: MonotonicTime.now() + seconds) else {
      child.kill()
      let command = ([executable] + arguments).joined(separator: " ")
      throw .hang(command: command, seconds: secondsAllowed)
    }
    return RunResult(status: status, outputBytes: child.output, errorBytes: child.error)
  }

  private static func merged(_ changes: [String: String?]) -> [String: String?] {
    ["OPENBLAS_NUM_THREADS": "1", "NO_COLOR": "1"].merging(changes) { _, change in change }
  }
}
