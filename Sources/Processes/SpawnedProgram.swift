public import Glibc

/// A program started by `posix_spawn`. Whoever starts one waits for it.
public final class SpawnedProgram {
  /// Where a standard stream of the program leads.
  public enum Stream: Sendable {
    /// `/dev/null`.
    case null
    /// Where the same stream of this process leads.
    case inherited
    /// Nowhere: the descriptor is closed.
    case closed
    /// To an open descriptor of this process.
    case descriptor(Int32)
    /// Into a file or device, created or cut to nothing.
    case file(String)
  }

  /// What a finished program was and cost.
  public struct Usage: Sendable {
    /// How it ended.
    public let ending: Ending
    /// The most memory that was resident at one time, in bytes.
    public let peakBytes: Int
  }

  /// The new process.
  public let process: pid_t
  /// Set once the process has been waited for: from then on its number may be another's.
  private var usage: Usage?

  /// Starts a program; a name without a slash is searched in PATH.
  ///
  /// It starts with no signal blocked, whatever this thread blocks.
  ///
  /// - Parameters:
  ///   - command: the name and the arguments.
  ///   - environment: variables to set, or with nil to remove, over this process's own.
  ///   - defaultSignals: signals that this process may ignore but the program shall meet as in a
  ///     shell.
  public init(
    _ command: [String], environment: [String: String?] = [:], input: Stream = .null,
    output: Stream = .null, error: Stream = .inherited,
    defaultSignals: [Int32] = [SIGPIPE, SIGXFSZ]
  ) throws(StartError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    Self.add(input, as: STDIN_FILENO, to: &actions)
    Self.add(output, as: STDOUT_FILENO, to: &actions)
    Self.add(error, as: STDERR_FILENO, to: &actions)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (defaults, blocked) = (sigset_t(), sigset_t())
    sigemptyset(&defaults)
    for signal in defaultSignals { sigaddset(&defaults, signal) }
    sigemptyset(&blocked)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var process: pid_t = 0
    let code = withCStrings(command) { argv in
      withCStrings(Self.merged(environment)) { environ in
        inheritanceLock.withLock { _ in
          posix_spawnp(&process, command[0], &actions, &attributes, argv, environ)
        }
      }
    }
    guard code == 0 else { throw StartError(code) }
    self.process = process
  }

  private static func add(
    _ stream: Stream, as target: Int32, to actions: inout posix_spawn_file_actions_t
  ) {
    let isInput = target == STDIN_FILENO
    switch stream {
    case .null:
      let mode = isInput ? O_RDONLY : O_WRONLY
      posix_spawn_file_actions_addopen(&actions, target, "/dev/null", mode, 0)
    case .inherited: break
    case .closed: posix_spawn_file_actions_addclose(&actions, target)
    case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, target)
    case .file(let path):
      let mode = isInput ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, target, path, mode, 0o644)
    }
  }

  private static func merged(_ changes: [String: String?]) -> [String] {
    var result = changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
    var entry = environ
    while let text = entry.pointee.map({ String(cString: $0) }) {
      if changes[String(text.prefix { $0 != "=" })] == nil { result.append(text) }
      entry += 1
    }
    return result
  }
}

// The end of a program.
extension SpawnedProgram {
  /// Waits for the end.
  @discardableResult
  public func wait() -> Usage {
    while true {
      if let usage = collected(options: 0) { return usage }
    }
  }

  /// Waits for the end, but not longer than some seconds; nil when the program still runs.
  public func wait(seconds: Double) -> Usage? {
    let deadline = MonotonicTime.now() + seconds
    var microseconds: UInt32 = 100
    while true {
      if let usage = collected(options: WNOHANG) { return usage }
      guard MonotonicTime.now() < deadline else { return nil }
      usleep(microseconds)
      microseconds = min(2 * microseconds, 10_000)
    }
  }

  /// Sees to it that the program ends: after some seconds it is asked to by SIGTERM, and a grace
  /// period later forced to by SIGKILL. What it started itself is its own to end.
  @discardableResult
  public func end(after seconds: Double, grace: Double) -> Usage {
    if let usage = wait(seconds: seconds) { return usage }
    kill(process, SIGTERM)
    if let usage = wait(seconds: grace) { return usage }
    kill(process, SIGKILL)
    return wait()
  }

  /// What the process left behind, nil while it runs.
  private func collected(options: Int32) -> Usage? {
    if let usage { return usage }
    var status: Int32 = 0
    var resources = rusage()
    let found = wait4(process, &status, options, &resources)
    // Where children are not waited for (SIGCHLD is ignored), one that ended is only missing.
    guard found == process || found < 0 && errno == ECHILD else { return nil }
    // Linux counts in kilobytes.
    let result = Usage(ending: Ending(waitStatus: status), peakBytes: resources.ru_maxrss * 1024)
    usage = result
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
