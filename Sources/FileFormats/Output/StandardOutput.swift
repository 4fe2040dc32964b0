import Glibc

/// Standard output with every write checked.
///
/// A reader that went away shows as an error only when SIGPIPE is ignored; otherwise the signal
/// ends the process, as shells expect.
public enum StandardOutput {
  /// Writes everything.
  ///
  /// - Parameter binary: whether the bytes would disturb a terminal, which is then refused.
  /// - Throws: `FormatError.usage` for binary on a terminal, `.inputOutput` when the stream is
  ///   closed or full.
  public static func write(_ content: FileContent, binary: Bool = false) throws(FormatError) {
    if binary, isTerminal {
      throw FormatError(
        .usage, "binary output on a terminal is refused", hint: "redirect it: > FILE, or use -o")
    }
    try CheckedWrite.write(content, to: STDOUT_FILENO)
  }

  /// Writes a text in UTF-8.
  public static func write(_ text: String) throws(FormatError) {
    try write(FileContent(text: text))
  }

  /// Whether standard output is a terminal.
  public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Closes standard output: some file systems report a full disk only then. To be called once,
  /// at the end of the program; a stream that was never open is no failure.
  ///
  /// - Throws: `FormatError.inputOutput` when closing fails.
  public static func finish() throws(FormatError) {
    guard close(STDOUT_FILENO) != 0, errno != EBADF, errno != EINTR else { return }
    throw CheckedWrite.failure(errno)
  }
}
