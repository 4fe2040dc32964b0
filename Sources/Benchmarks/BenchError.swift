import FileFormats
import JSONText
import Tensors

/// What can go wrong with a benchmark.
enum BenchError: Error {
  /// The arguments make no sense.
  case usage(String)
  /// A program cannot be started or ended badly.
  case program(String)
  /// A co-process answered with an error or not at all.
  case peer(String)
  /// A result is wrong; it is not timed.
  case wrong(String)
  /// The engine refused.
  case numerical(NumericalError)
  /// A contraction cannot be read or planned.
  case contraction(String)
  /// A file cannot be read or written.
  case file(String, FormatError)

  /// The exit status, as docs/exit-codes.md has them.
  var exitStatus: Int32 {
    switch self {
    case .usage: 64
    case .program, .peer: 69
    case .wrong: 1
    case .numerical, .contraction: 3
    case .file(_, let error): error.kind == .noInput ? 66 : 74
    }
  }

  /// One line for a message or the remark of a table row.
  var message: String {
    switch self {
    case .usage(let text), .program(let text), .peer(let text), .contraction(let text): text
    case .wrong(let text): "wrong result: \(text)"
    case .numerical(let error): "\(error)"
    case .file(let path, let error): "\(path): \(error.message)"
    }
  }
}

/// Runs engine code inside a benchmark.
func numerically<Result>(
  _ body: () throws(NumericalError) -> Result
) throws(BenchError) -> Result {
  do { return try body() } catch { throw .numerical(error) }
}

/// Runs file code inside a benchmark, naming the file.
func onFile<Result>(
  _ path: String, _ body: () throws(FormatError) -> Result
) throws(BenchError) -> Result {
  do { return try body() } catch { throw .file(path, error) }
}
