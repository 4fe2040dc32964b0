/// What can go wrong with a file. Each kind has one exit status (docs/exit-codes.md).
///
/// The message is one line without the file's name (the command adds it), in the form
/// `what is wrong (found X, expected Y)`; the hint, when there is one, says what to do.
public struct FormatError: Error, Equatable, Sendable {
  /// The classes of file failures.
  public enum Kind: Sendable, Equatable {
    /// The content is not what the format demands: 65.
    case badData
    /// The path is empty, names nothing or names a directory: 66.
    case noInput
    /// More memory than the budget allows, or sizes beyond counting: 71.
    case resourceLimit
    /// The output cannot be created (folder missing or not writable, file exists): 73.
    case cannotCreate
    /// Reading or writing failed half-way (disk full, stream closed): 74.
    case inputOutput
    /// The user may not read the file: 77.
    case noPermission
    /// The caller asked for something that the file cannot give by that name
    /// (several arrays and no name, a suffix that names no format): 64.
    case usage
  }

  public let kind: Kind
  public let message: String
  public let hint: String?

  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}
