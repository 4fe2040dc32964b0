import FileFormats
import JSONText
import Processes
import Reporting

/// Runs whole programs and measures their time and peak memory.
///
/// Linux counts the memory of the process that starts a program into the program's own peak
/// (`exec` keeps the high-water mark of the address space it leaves). The bench holds large
/// matrices, so it starts programs through a small copy of itself that does nothing else.
struct ProgramLauncher {
  /// What one program did, as a mean over its calls.
  struct Run {
    let seconds: Double
    let peakBytes: Int
  }

  private let process: Coprocess

  /// Starts the copy.
  init(environment: [String: String]) throws(BenchError) {
    process = try Coprocess(
      "the launcher", command: ["/proc/self/exe", "--launcher"], environment: environment)
  }

  /// Runs a program to its end, `repeats` times; several are preceded by one that does not count.
  ///
  /// - Throws: `BenchError.peer` when it cannot be started or fails.
  func run(_ command: [String], repeats: Int = 1) throws(BenchError) -> Run {
    let answer = try process.ask([
      "command": .array(command.map(JSONValue.string)), "repeats": .integer(repeats),
    ])
    guard let seconds = answer["seconds"]?.numberValue,
      let peak = answer["peak_bytes"]?.integerValue
    else { throw .peer("the launcher's answer is incomplete") }
    return Run(seconds: seconds, peakBytes: peak)
  }

  /// The copy's life: one program, or a few calls of it, per line of standard input.
  static func serve() {
    while let line = readLine() {
      var answer: JSONObject
      do throws(BenchError) {
        answer = try serve(line)
      } catch {
        answer = ["error": .string(error.message)]
      }
      // Whoever asked has gone when the answer cannot be written.
      guard (try? StandardOutput.write(JSONValue.object(answer).text() + "\n")) != nil else {
        return
      }
    }
  }

  private static func serve(_ line: String) throws(BenchError) -> JSONObject {
    guard let request = try? JSONValue.parse(line).objectValue,
      let repeats = request["repeats"]?.integerValue, repeats > 0,
      let command = request["command"]?.arrayValue?.compactMap(\.stringValue), !command.isEmpty
    else { throw .usage("the launcher does not understand \(line)") }
    if repeats > 1 { _ = try finish(command) }
    var peak = 0
    let stopwatch = Stopwatch()
    for _ in 0..<repeats { peak = max(peak, try finish(command)) }
    return [
      "seconds": .number(stopwatch.seconds / Double(repeats)), "peak_bytes": .integer(peak),
    ]
  }

  /// Runs a program and returns its peak memory.
  private static func finish(_ command: [String]) throws(BenchError) -> Int {
    let program = try starting(command) { () throws(StartError) in try SpawnedProgram(command) }
    let usage = program.wait()
    guard usage.ending == .status(0) else { throw .program("\(command[0]) \(usage.ending)") }
    return usage.peakBytes
  }
}
