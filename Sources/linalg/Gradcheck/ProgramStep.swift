import FileFormats
import JSONText
import Processes

/// One exchange with an external program: its first line, or a request with its answer. It words
/// what goes wrong.
struct ProgramStep {
  /// What a program prints of its own, beside numbers: names, messages.
  static let shortestLimit = 1 << 20
  /// The most bytes of one number: 24 of digits, and generous spaces.
  private static let bytesPerNumber = 64
  /// No line may be longer than this; beyond it, arrays come as files.
  private static let longestLimit = 1 << 30
  /// At most this many characters of what a program printed are repeated.
  private static let quotedCharacters = 80

  /// The name of the program.
  let program: String
  /// What messages call the exchange.
  let name: String

  /// The most bytes that an answer with an array for each parameter may have.
  static func limit(forNumbers counts: [Int]) -> Int {
    var limit = shortestLimit
    for count in counts {
      guard count < longestLimit / bytesPerNumber else { return longestLimit }
      limit = min(limit + count * bytesPerNumber, longestLimit)
    }
    return limit
  }

  /// What the program did wrong.
  ///
  /// - Parameter printed: its line, or the beginning of one.
  func failure(_ text: String, printed: [UInt8] = [], hint: String? = nil) -> Failure {
    let quoted = TextQuote.short(printed, longest: Self.quotedCharacters)
    let remark = printed.isEmpty ? "" : " (printed '\(quoted)')"
    return .program(program, .misbehaved("\(name): \(text)\(remark)", hint: hint))
  }

  /// Sends a line, if there is one, and waits for the next from the program.
  func exchange(
    _ request: [UInt8]?, with conversation: Conversation, seconds: Double, limit: Int
  ) throws(Failure) -> [UInt8] {
    do {
      return try conversation.exchange(request, seconds: seconds, limit: limit)
    } catch {
      var hint: String?
      if case .timeout = error.reason { hint = "allow more with --timeout" }
      throw failure("the program \(error)", printed: error.unfinishedLine, hint: hint)
    }
  }

  /// The JSON object that a line is.
  ///
  /// - Parameter hint: for a line that is something else.
  func object(
    _ line: [UInt8], hint: @autoclosure () -> String
  ) throws(Failure) -> JSONObject {
    let value: JSONValue
    do {
      value = try JSONValue.parse(line)
    } catch {
      throw failure(
        "the line is not JSON: column \(error.column): \(error.reason)", printed: line,
        hint: hint())
    }
    guard let object = value.objectValue else {
      throw failure("the line is not a JSON object", printed: line, hint: hint())
    }
    return object
  }

  /// A name from the program as a message shows it.
  static func quoted(_ name: String) -> String { "'\(TextQuote.short(name))'" }
}
