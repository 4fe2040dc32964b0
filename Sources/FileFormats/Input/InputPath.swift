import Glibc

/// An input as the user typed it: `path`, `path:member` or `-` for standard input.
public struct InputPath: Sendable, Equatable {
  /// The file's path, `-` for standard input.
  public let path: String
  /// The array inside the file, when one was named.
  public let member: String?

  /// An input whose parts are known.
  public init(path: String, member: String? = nil) {
    self.path = path
    self.member = member
  }

  /// Splits what the user typed, looking at which files exist.
  ///
  /// A file of the full name wins, so that names with colons stay usable; then the first colon
  /// behind an existing file (or `-`) separates. When nothing exists, the colon behind a suffix
  /// that holds several arrays does, for the message.
  public static func parse(_ text: String) -> InputPath {
    if text == "-" || access(text, F_OK) == 0 { return InputPath(path: text) }
    var promised: InputPath?
    for colon in text.indices where text[colon] == ":" && colon > text.startIndex {
      let path = String(text[..<colon])
      let member = String(text[text.index(after: colon)...])
      let candidate = InputPath(path: path, member: member)
      if path == "-" || access(path, F_OK) == 0 { return candidate }
      let holdsSeveral = FileFormat(suffixOf: path)?.holdsSeveralArrays ?? false
      if promised == nil, holdsSeveral { promised = candidate }
    }
    return promised ?? InputPath(path: text)
  }
}
