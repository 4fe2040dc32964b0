/// Why no line came from a program.
public struct ConversationError: Error, Sendable {
  /// What happened.
  public enum Reason: Sendable, Equatable {
    /// The program has ended.
    case ended(Ending)
    /// The program runs, but has closed its standard output.
    case closedOutput
    /// The time was up.
    case timeout(seconds: Double)
    /// The line is longer than any answer may be.
    case tooLong(limit: Int)
  }

  /// At most this much of an unfinished line is kept for a message.
  static let keptBytes = 1000

  /// What happened.
  public let reason: Reason
  /// The beginning of a line that the program did not end.
  public let unfinishedLine: [UInt8]
}

extension ConversationError: CustomStringConvertible {
  /// What the program did: `ended with status 3`.
  public var description: String {
    switch reason {
    case .ended(let ending): "\(ending)"
    case .closedOutput: "closed its standard output"
    case .timeout(let seconds): "gave no answer within \(Self.text(seconds)) s"
    case .tooLong(let limit): "printed a line of more than \(limit) bytes"
    }
  }

  private static func text(_ seconds: Double) -> String {
    Int(exactly: seconds).map(String.init) ?? "\(seconds)"
  }
}
