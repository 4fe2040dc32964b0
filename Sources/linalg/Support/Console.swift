import Glibc

/// Standard error: everything that is not a result.
struct Console {
  /// The subcommand that messages are named after.
  let command: String?
  /// Whether warnings are left out.
  var quiet = false

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Why the command fails.
  func complain(_ message: String) {
    write("linalg\(command.map { " \($0)" } ?? ""): \(message)\n")
  }

  /// Something odd that does not stop the command.
  func warn(_ message: String) {
    if !quiet { complain("warning: \(message)") }
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
