import Glibc
import Synchronization

/// Held while pipes are made and a program is started: a program started by another test in between
/// would inherit the ends that are not yet marked, and keep them open.
private let startLock = Mutex(())

/// A started program with pipes to it.
struct ChildProcess {
  /// What came from the standard output so far.
  private(set) var output: [UInt8] = []
  /// What came from the standard error so far.
  private(set) var error: [UInt8] = []
  private let process: pid_t
  private var inputPipe: Int32?
  private var outputPipe: Int32?
  private var errorPipe: Int32?

  /// Starts a program.
  init(
    executable: String, arguments: [String], environment: [String], folder: String?,
    output: BinaryRunner.Output
  ) throws(RunFailure) {
    // Glibc's module hides posix_spawn's own change of folder, a GNU extension: a shell does it.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\""]
    let command = (folder.map { shell + [$0] } ?? []) + [executable] + arguments
    self = try startLock.withLock { _ throws(RunFailure) in
      try ChildProcess(command: command, environment: environment, output: output)
    }
  }

  private init(
    command: [String], environment: [String], output: BinaryRunner.Output
  ) throws(RunFailure) {
    let input = try Self.pipe()
    let result = try Self.pipe()
    let error = try Self.pipe()
    defer { for end in [input.read, result.write, error.write] { close(end) } }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, error.write, STDERR_FILENO)
    switch output {
    case .captured: posix_spawn_file_actions_adddup2(&actions, result.write, STDOUT_FILENO)
    case .file(let path):
      let flags = O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, flags, 0o644)
    case .closed: posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO)
    }

    var attributes = posix_spawnattr_t()
    Self.restoreSignals(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    var process: pid_t = 0
    let code = Self.withCStrings(command) { argv in
      Self.withCStrings(environment) { environ in
        posix_spawn(&process, command[0], &actions, &attributes, argv, environ)
      }
    }
    (inputPipe, outputPipe, errorPipe) = (input.write, result.read, error.read)
    self.process = process
    guard code == 0 else {
      closePipes()
      throw .start("\(command[0]): \(String(cString: strerror(code)))")
    }
    // Writing stops where the pipe is full, so that reading goes on: neither side waits for both.
    _ = fcntl(input.write, F_SETFL, O_NONBLOCK)
  }

  /// Whoever runs the tests may ignore or block signals, and the tests themselves ignore SIGPIPE: the
  /// program must meet them as it would in a shell.
  private static func restoreSignals(_ attributes: inout posix_spawnattr_t) {
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM] { sigaddset(&defaults, signal) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  }

  /// Feeds the input and collects the outputs until the program has closed both. False when the
  /// deadline passed before.
  mutating func exchange(input: [UInt8], until deadline: Double) -> Bool {
    var rest = input[...]
    if rest.isEmpty { Self.closePipe(&inputPipe) }
    while outputPipe != nil || errorPipe != nil {
      let milliseconds = (deadline - BinaryRunner.now()) * 1000
      guard milliseconds > 0 else { return false }
      var events = [
        pollfd(fd: outputPipe ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errorPipe ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: inputPipe ?? -1, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&events, nfds_t(events.count), Int32(min(milliseconds, 1e6)) + 1) > 0 else {
        continue
      }
      if events[0].revents != 0 { Self.receive(from: &outputPipe, into: &output) }
      if events[1].revents != 0 { Self.receive(from: &errorPipe, into: &error) }
      if events[2].revents != 0 { send(&rest) }
    }
    return true
  }

  /// Waits for the end: the exit code, or 128 plus a signal's number; nil at the deadline.
  mutating func wait(until deadline: Double) -> Int? {
    Self.closePipe(&inputPipe)
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      guard BinaryRunner.now() < deadline else { return nil }
      usleep(500)
    }
    // wait(2): the low seven bits are the signal, the next byte is the exit code.
    let signal = Int(status & 0x7F)
    return signal == 0 ? Int(status >> 8) & 0xFF : 128 + signal
  }

  /// Ends the program by force.
  mutating func kill() {
    closePipes()
    Glibc.kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  private mutating func send(_ rest: inout ArraySlice<UInt8>) {
    guard let pipe = inputPipe else { return }
    let count = rest.withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
    if count > 0 { rest = rest.dropFirst(count) }
    // A program may end without reading everything.
    let isBusy = count < 0 && (errno == EAGAIN || errno == EINTR)
    if rest.isEmpty || count < 0 && !isBusy { Self.closePipe(&inputPipe) }
  }

  private mutating func closePipes() {
    Self.closePipe(&inputPipe)
    Self.closePipe(&outputPipe)
    Self.closePipe(&errorPipe)
  }

  private static func receive(from pipe: inout Int32?, into bytes: inout [UInt8]) {
    guard let descriptor = pipe else { return }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 { bytes += chunk[..<count] }
    if count == 0 || count < 0 && errno != EINTR { closePipe(&pipe) }
  }

  private static func closePipe(_ pipe: inout Int32?) {
    if let descriptor = pipe { close(descriptor) }
    pipe = nil
  }

  private static func pipe() throws(RunFailure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else {
      throw .start("pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(&pointers)
  }
}
