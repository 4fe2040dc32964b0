import FileFormats
import Tensors

/// What the program tells its caller (docs/exit-codes.md).
enum ExitStatus: Int32 {
  case done = 0
  /// A requirement is not met.
  case checkFailed = 1
  /// Singular, not positive definite, no convergence.
  case numerical = 3
  case usage = 64
  case badData = 65
  case noInput = 66
  /// A program that the command speaks with cannot be started.
  case unavailable = 69
  case internalError = 70
  case resourceLimit = 71
  case cannotCreate = 73
  case inputOutput = 74
  case noPermission = 77
}

/// Why a command ends without a result. Everything that the engine throws becomes one of these.
enum Failure: Error {
  /// The arguments contradict each other or the input's shape.
  case usage(String, hint: String? = nil)
  /// The arguments are wrong at a place that further lines show.
  case marked(String, lines: [String])
  /// A file cannot be read or written; nil when the message names the path itself.
  case file(String?, FormatError)
  /// The numbers of an input defeat the method.
  case numerical(String?, NumericalError)
  /// A program that the command speaks with, by its name, failed it.
  case program(String, ProgramError)
  /// A `--require-…` or a selection that nothing satisfies; the table was printed before.
  case unmet([String])
}

/// What is wrong with a program that a command speaks with.
enum ProgramError: Error {
  /// It cannot be started, for the system's reason.
  case notStarted(reason: String)
  /// It crashed, hung or said what makes no sense.
  case misbehaved(String, hint: String? = nil)
}

extension Failure {
  /// Runs `body`; what goes wrong with a file is said of `path`.
  static func naming<Result>(
    _ path: String?, _ body: () throws(FormatError) -> Result
  ) throws(Failure) -> Result {
    do {
      return try body()
    } catch {
      throw .file(path, error)
    }
  }

  /// Runs `body`; what goes wrong with numbers is said of `path`.
  static func numerics<Result>(
    _ path: String?, _ body: () throws(NumericalError) -> Result
  ) throws(Failure) -> Result {
    do {
      return try body()
    } catch {
      throw .numerical(path, error)
    }
  }
}

extension ExitStatus {
  /// The status for a failure: the one map, without a default, so that a new kind of error
  /// cannot slip through.
  init(_ failure: Failure) {
    switch failure {
    case .usage, .marked: self = .usage
    case .unmet: self = .checkFailed
    case .file(_, let error):
      switch error.kind {
      case .badData: self = .badData
      case .noInput: self = .noInput
      case .resourceLimit: self = .resourceLimit
      case .cannotCreate: self = .cannotCreate
      case .inputOutput: self = .inputOutput
      case .noPermission: self = .noPermission
      case .usage: self = .usage
      }
    case .numerical(_, let error):
      switch error {
      case .shape, .notFinite: self = .badData
      case .singular, .notPositiveDefinite, .degenerate, .noConvergence, .diverged:
        self = .numerical
      case .memory, .tooLarge: self = .resourceLimit
      }
    case .program(_, let error):
      switch error {
      case .notStarted: self = .unavailable
      case .misbehaved: self = .badData
      }
    }
  }
}

extension Failure {
  /// One line per message, without the command's name.
  var messages: [String] {
    switch self {
    case .usage(let text, let hint): [Self.joined(nil, text, hint)]
    case .marked(let text, let lines): [text] + lines.map { "  " + $0 }
    case .file(let path, let error): [Self.joined(path, error.message, error.hint)]
    case .numerical(let path, let error):
      [Self.joined(path, Self.text(error), Self.hint(error))]
    case .program(let name, .notStarted(let reason)):
      [Self.joined(name, "the program cannot be started (\(reason))", nil)]
    case .program(let name, .misbehaved(let text, let hint)): [Self.joined(name, text, hint)]
    case .unmet(let requirements): requirements
    }
  }

  private static func joined(_ path: String?, _ message: String, _ hint: String?) -> String {
    (path.map { "\(name($0)): " } ?? "") + message + (hint.map { "; \($0)" } ?? "")
  }

  /// An input's path as messages show it; `OutputFile.name(of:)` does the same for outputs.
  private static func name(_ path: String) -> String {
    switch path {
    case "": "''"
    case "-": "standard input"
    default: path
    }
  }

  private static func text(_ error: NumericalError) -> String {
    switch error {
    case .shape(let text), .tooLarge(let text), .degenerate(let text), .diverged(let text):
      return text
    case .notFinite(let index, let value):
      let place = index.map(String.init).joined(separator: ", ")
      return "the number at [\(place)] is not finite (found \(value))"
    case .singular(let pivot): return "the matrix is singular (pivot \(pivot) is zero)"
    case .notPositiveDefinite(let minor):
      return "the matrix is not positive definite (leading minor \(minor))"
    case .noConvergence(let routine): return "no convergence (\(routine))"
    case .memory(let needed, let available, let purpose):
      // From here on sizes may have been cut to what can be counted.
      let bytes = needed < 1 << 59 ? "\(needed)" : "more than 2^59"
      return "\(purpose) needs \(bytes) bytes, \(available) are available"
    }
  }

  private static func hint(_ error: NumericalError) -> String? {
    if case .memory = error { return "raise --max-memory" }
    return nil
  }
}
