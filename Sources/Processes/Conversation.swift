import Glibc

/// A long-lived program that is spoken to in lines: each line that it reads is answered by one.
///
/// Its standard error is ours. It ends with its input, or is made to end, at the latest when the
/// last reference goes.
public final class Conversation {
  private let program: SpawnedProgram
  private let requests: Int32
  private let answers: Int32
  private let grace: Double
  private var hasEnded = false
  /// What came and was not handed out yet.
  private var received: [UInt8] = []
  /// The part of `received` that holds no line feed.
  private var searched = 0
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - command: the name, searched in PATH when it has no slash, and the arguments.
  ///   - environment: variables to set, or with nil to remove, over this process's own.
  ///   - grace: the seconds that the program has to end when its input does, and again when it is
  ///     asked to by SIGTERM.
  public init(
    _ command: [String], environment: [String: String?] = [:], grace: Double = 2
  ) throws(StartError) {
    let input = try Pipe()
    do throws(StartError) {
      let output = try Pipe()
      do throws(StartError) {
        program = try SpawnedProgram(
          command, environment: environment, input: .descriptor(input.read),
          output: .descriptor(output.write))
      } catch {
        output.close()
        throw error
      }
      close(input.read)
      close(output.write)
      (requests, answers) = (input.write, output.read)
    } catch {
      input.close()
      throw error
    }
    self.grace = grace
    // A program that does not read shall not stop us: writing goes on only where there is room.
    _ = fcntl(requests, F_SETFL, O_NONBLOCK)
  }

  deinit { end() }

  /// Closes the program's input and waits for its end; a program that stays is made to end.
  public func end() {
    guard !hasEnded else { return }
    hasEnded = true
    close(requests)
    // What it still prints is read, so that it neither waits for room nor meets a broken pipe.
    let deadline = MonotonicTime.now() + grace
    while let timeout = MonotonicTime.pollTimeout(until: deadline) {
      guard !isReadable(timeout) || receive() else { break }
      received.removeAll(keepingCapacity: true)
    }
    close(answers)
    program.end(after: max(0, deadline - MonotonicTime.now()), grace: grace)
  }

  /// Sends a line and waits for the next line from the program.
  ///
  /// - Parameters:
  ///   - request: the line, without its line feed; nil waits for a line that nobody asked for.
  ///   - seconds: how long all of it may take.
  ///   - limit: the most bytes that the answer may have.
  /// - Returns: the line without its line feed.
  public func exchange(
    _ request: [UInt8]?, seconds: Double, limit: Int
  ) throws(ConversationError) -> [UInt8] {
    precondition(!hasEnded, "a request after the end of a conversation")
    let deadline = MonotonicTime.now() + seconds
    var unsent = request.map { $0 + [UInt8(ascii: "\n")] }?[...] ?? []
    while true {
      if unsent.isEmpty, let line = nextLine() { return line }
      guard received.count <= limit else { throw error(.tooLong(limit: limit)) }
      guard let timeout = MonotonicTime.pollTimeout(until: deadline) else {
        throw error(timeoutReason(seconds))
      }
      var events = [
        pollfd(fd: answers, events: Int16(POLLIN), revents: 0),
        pollfd(fd: unsent.isEmpty ? -1 : requests, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&events, nfds_t(events.count), timeout) > 0 else { continue }
      if events[1].revents != 0 { send(&unsent) }
      guard events[0].revents == 0 || receive() else {
        if let line = nextLine() { return line }
        throw error(program.wait(seconds: grace).map { .ended($0.ending) } ?? .closedOutput)
      }
    }
  }

  /// Somebody else may hold the output of a program that has ended: something it started.
  private func timeoutReason(_ seconds: Double) -> ConversationError.Reason {
    program.wait(seconds: 0).map { .ended($0.ending) } ?? .timeout(seconds: seconds)
  }

  private func error(_ reason: ConversationError.Reason) -> ConversationError {
    ConversationError(
      reason: reason, unfinishedLine: Array(received.prefix(ConversationError.keptBytes)))
  }

  /// Writes what there is room for. To a program that does not read any more nothing is sent: its
  /// answer or its end tells why.
  private func send(_ unsent: inout ArraySlice<UInt8>) {
    let (count, code) = Pipe.write(unsent, to: requests)
    if count >= 0 {
      unsent = unsent.dropFirst(count)
    } else if code != EINTR, code != EAGAIN {
      unsent = []
    }
  }

  private func isReadable(_ timeout: Int32) -> Bool {
    var event = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
    return poll(&event, 1, timeout) > 0
  }

  /// Reads what there is; false when the program has closed its output.
  private func receive() -> Bool {
    let count = read(answers, &chunk, chunk.count)
    guard count > 0 else { return count < 0 && errno == EINTR }
    received += chunk[..<count]
    return true
  }

  /// The bytes up to the next line feed, nil when there is none yet.
  private func nextLine() -> [UInt8]? {
    guard let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = received.count
      return nil
    }
    defer {
      received.removeSubrange(...end)
      searched = 0
    }
    return Array(received[..<end])
  }
}
