import Glibc

/// A program started by `posix_spawn`, with its standard input and output where they are wanted.
struct SpawnedProgram {
  /// What a finished program cost.
  struct Usage {
    /// The exit code, or 128 plus the number of the signal that ended it.
    let status: Int
    /// The most memory that was resident at one time, in bytes.
    let peakBytes: Int
  }

  /// The new process.
  let process: pid_t

  /// Starts a program; a name without a slash is searched in PATH.
  ///
  /// - Parameters:
  ///   - environment: variables set over this process's own.
  ///   - input: the descriptor that becomes its standard input; nil is `/dev/null`.
  ///   - output: the same for its standard output.
  /// - Throws: `BenchError.program` when it cannot be started.
  init(
    _ command: [String], environment: [String: String] = [:], input: Int32? = nil,
    output: Int32? = nil
  ) throws(BenchError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (source, target) in [(input, STDIN_FILENO), (output, STDOUT_FILENO)] {
      if let source {
        posix_spawn_file_actions_adddup2(&actions, source, target)
      } else {
        let mode = target == STDIN_FILENO ? O_RDONLY : O_WRONLY
        posix_spawn_file_actions_addopen(&actions, target, "/dev/null", mode, 0)
      }
    }
    // This process ignores SIGPIPE; the program shall meet it as in a shell.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

    var process: pid_t = 0
    let variables = Self.merged(environment)
    let code = withCStrings(command) { argv in
      withCStrings(variables) { environ in
        posix_spawnp(&process, command[0], &actions, &attributes, argv, environ)
      }
    }
    guard code == 0 else {
      throw .program("\(command[0]): cannot be started: \(String(cString: strerror(code)))")
    }
    self.process = process
  }

  /// Waits for the end.
  func wait() -> Usage {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    // wait(2): the low seven bits are the signal, the next byte is the exit code.
    let signal = Int(status & 0x7F)
    let code = signal == 0 ? Int(status >> 8) & 0xFF : 128 + signal
    // Linux counts in kilobytes.
    return Usage(status: code, peakBytes: usage.ru_maxrss * 1024)
  }

  private static func merged(_ changes: [String: String]) -> [String] {
    var result = changes.map { "\($0.key)=\($0.value)" }
    var entry = environ
    while let text = entry.pointee.map({ String(cString: $0) }) {
      if changes[String(text.prefix { $0 != "=" })] == nil { result.append(text) }
      entry += 1
    }
    return result
  }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return body(&pointers)
}
