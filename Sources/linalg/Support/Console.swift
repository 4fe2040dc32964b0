import Glibc

/// Standard error: everything that is not a result.
struct Console {
  /// The subcommand that messages are named after.
  let command: String?
  /// Whether warnings are left out.
  var quiet = false
  /// Whether the user refused colour.
  var noColor = false

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether a stream may be coloured: a terminal that can, and no one who minds.
  func colors(_ isTerminal: Bool) -> Bool {
    isTerminal && !noColor && Environment.value("NO_COLOR") == nil
      && Environment.value("TERM") != "dumb"
  }

  /// Why the command fails.
  func complain(_ message: String) {
    write("linalg\(command.map { " \($0)" } ?? ""): \(message)\n")
  }

  /// Something odd that does not stop the command.
  func warn(_ message: String) {
    guard !quiet else { return }
    complain(
      colors(Self.isTerminal) ? "\u{1B}[33mwarning:\u{1B}[m \(message)" : "warning: \(message)")
  }

  /// Text as it is. A failure to write here has no one left to be told to.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}
