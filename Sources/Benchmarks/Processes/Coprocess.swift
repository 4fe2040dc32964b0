import JSONText
import Processes

/// A long-lived program that answers one JSON object per line.
final class Coprocess {
  /// A single answer may take this long: the slowest peer's run with a wide margin.
  private static let secondsAllowed = 900.0
  /// An answer may have this many bytes; the longest are lists of versions and messages.
  private static let longestAnswer = 1 << 24

  private let name: String
  private let conversation: Conversation

  /// Starts the program.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: `BenchError.program`.
  init(_ name: String, command: [String], environment: [String: String]) throws(BenchError) {
    self.name = name
    conversation = try starting(command) { () throws(StartError) in
      try Conversation(command, environment: environment)
    }
  }

  /// Sends one request and waits for its answer.
  ///
  /// - Throws: `BenchError.peer` with the program's own message, or when it does not answer.
  func ask(_ request: JSONObject) throws(BenchError) -> JSONObject {
    let line: [UInt8]
    do {
      line = try conversation.exchange(
        Array(JSONValue.object(request).text().utf8), seconds: Self.secondsAllowed,
        limit: Self.longestAnswer)
    } catch {
      throw .peer("\(name) \(error)")
    }
    let answer: JSONValue
    do {
      answer = try JSONValue.parse(line)
    } catch {
      throw .peer("\(name) answered no JSON: \(error)")
    }
    guard let object = answer.objectValue else { throw .peer("\(name) answered no object") }
    if let error = object["error"]?.stringValue { throw .peer(error) }
    return object
  }
}

/// Runs `body`, which starts a program; a failure names it.
func starting<Result>(
  _ command: [String], _ body: () throws(StartError) -> Result
) throws(BenchError) -> Result {
  do {
    return try body()
  } catch {
    throw .program("\(command[0]): cannot be started: \(error.reason)")
  }
}
