import Glibc
import Processes

/// A started program with pipes to it.
struct ChildProcess {
  /// What came from the standard output so far.
  private(set) var output: [UInt8] = []
  /// What came from the standard error so far.
  private(set) var error: [UInt8] = []
  private let program: SpawnedProgram
  private var inputPipe: Int32?
  private var outputPipe: Int32?
  private var errorPipe: Int32?

  /// Whoever runs the tests may ignore signals: the program must meet them as it would in a shell.
  private static let signals = [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXFSZ]

  /// Starts a program.
  init(
    executable: String, arguments: [String], environment: [String: String?], folder: String?,
    output: BinaryRunner.Output
  ) throws(RunFailure) {
    // Glibc's module hides posix_spawn's own change of folder, a GNU extension: a shell does it.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\""]
    let command = (folder.map { shell + [$0] } ?? []) + [executable] + arguments
    do throws(StartError) {
      try self.init(command: command, environment: environment, output: output)
    } catch {
      throw .start("\(command[0]): \(error.reason)")
    }
  }

  private init(
    command: [String], environment: [String: String?], output: BinaryRunner.Output
  ) throws(StartError) {
    let input = try Pipe()
    let result = try Pipe()
    let error = try Pipe()
    defer { for end in [input.read, result.write, error.write] { close(end) } }
    let target: SpawnedProgram.Stream =
      switch output {
      case .captured: .descriptor(result.write)
      case .file(let path): .file(path)
      case .closed: .closed
      }
    do throws(StartError) {
      program = try SpawnedProgram(
        command, environment: environment, input: .descriptor(input.read), output: target,
        error: .descriptor(error.write), defaultSignals: Self.signals)
    } catch let failure {
      for end in [input.write, result.read, error.read] { close(end) }
      throw failure
    }
    (inputPipe, outputPipe, errorPipe) = (input.write, result.read, error.read)
    // Writing stops where the pipe is full, so that reading goes on: neither side waits for both.
    _ = fcntl(input.write, F_SETFL, O_NONBLOCK)
  }

  /// Feeds the input and collects the outputs until the program has closed both. False when the
  /// deadline passed before.
  mutating func exchange(input: [UInt8], until deadline: Double) -> Bool {
    var rest = input[...]
    if rest.isEmpty { Self.closePipe(&inputPipe) }
    while outputPipe != nil || errorPipe != nil {
      guard let timeout = MonotonicTime.pollTimeout(until: deadline) else { return false }
      var events = [
        pollfd(fd: outputPipe ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errorPipe ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: inputPipe ?? -1, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&events, nfds_t(events.count), timeout) > 0 else { continue }
      if events[0].revents != 0 { Self.receive(from: &outputPipe, into: &output) }
      if events[1].revents != 0 { Self.receive(from: &errorPipe, into: &error) }
      if events[2].revents != 0 { send(&rest) }
    }
    return true
  }

  /// Waits for the end: the exit code, or 128 plus a signal's number; nil at the deadline.
  mutating func wait(until deadline: Double) -> Int? {
    Self.closePipe(&inputPipe)
    return program.wait(seconds: deadline - MonotonicTime.now())?.ending.shellStatus
  }

  /// Ends the program by force.
  mutating func kill() {
    closePipes()
    Glibc.kill(program.process, SIGKILL)
    program.wait()
  }

  private mutating func send(_ rest: inout ArraySlice<UInt8>) {
    guard let pipe = inputPipe else { return }
    let (count, code) = Pipe.write(rest, to: pipe)
    if count > 0 { rest = rest.dropFirst(count) }
    // A program may end without reading everything.
    let isBusy = count < 0 && (code == EAGAIN || code == EINTR)
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
}
