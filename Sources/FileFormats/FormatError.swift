public import Tensors

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

  /// The class, which decides the exit status.
  public let kind: Kind
  /// One line: what is wrong.
  public let message: String
  /// What to do about it, when that can be said.
  public let hint: String?

  /// A failure of a class, in words.
  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

extension FormatError {
  /// Content that is not what the format demands.
  static func badData(_ message: String, hint: String? = nil) -> FormatError {
    FormatError(.badData, message, hint: hint)
  }

  /// The same failure, said of one part of a file: `array 'x': …`.
  func inside(_ part: String) -> FormatError {
    FormatError(kind, "\(part): \(message)", hint: hint)
  }
}

extension MemoryBudget {
  /// Asks whether `bytes` fit before they are allocated, in the words of a file failure.
  ///
  /// Readers only ask: the array belongs to the caller, who alone knows when it ends.
  ///
  /// - Throws: `FormatError.resourceLimit` with the bytes needed and available.
  public func allow(_ bytes: Int, for purpose: String) throws(FormatError) {
    do {
      try check(bytes, for: purpose)
    } catch {
      guard case .memory(let needed, let available, _) = error else {
        throw FormatError(.resourceLimit, "\(purpose) is too large")
      }
      throw FormatError(
        .resourceLimit,
        "\(purpose) does not fit in memory (needs \(needed) bytes, \(available) available)",
        hint: "raise --max-memory")
    }
  }
}

extension Shape {
  /// A shape read from a file, with its size in bytes.
  ///
  /// - Throws: `FormatError.badData` for negative sizes and for counts beyond `Int`.
  static func read(_ sizes: [Int], dtype: DType) throws(FormatError) -> (Shape, byteCount: Int) {
    let shape: Shape
    do {
      shape = try Shape(checking: sizes)
    } catch {
      switch error {
      case .shape(let text), .tooLarge(let text): throw .badData(text)
      default: throw .badData("the shape \(sizes) is unsound")
      }
    }
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: dtype.byteSize)
    guard !overflow else {
      throw .badData("the shape \(shape) has more bytes than can be counted")
    }
    return (shape, bytes)
  }
}
