import Glibc
import JSONText

/// A long-lived program that answers one JSON object per line.
final class Coprocess {
  /// A single answer may take this long: the slowest peer's run with a wide margin.
  private static let secondsAllowed: Int32 = 900

  private let name: String
  private let program: SpawnedProgram
  private let requests: Int32
  private let answers: Int32
  private var received: [UInt8] = []

  /// Starts the program.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: `BenchError.program`.
  init(_ name: String, command: [String], environment: [String: String]) throws(BenchError) {
    // A program that has ended shall be an error of the next request, not the end of this one.
    signal(SIGPIPE, SIG_IGN)
    let input = try Self.pipe()
    let output = try Self.pipe()
    defer {
      close(input.read)
      close(output.write)
    }
    (requests, answers, self.name) = (input.write, output.read, name)
    do throws(BenchError) {
      program = try SpawnedProgram(
        command, environment: environment, input: input.read, output: output.write)
    } catch {
      close(input.write)
      close(output.read)
      throw error
    }
  }

  /// The program ends with its input.
  deinit {
    close(requests)
    close(answers)
    _ = program.wait()
  }

  /// Sends one request and waits for its answer.
  ///
  /// - Throws: `BenchError.peer` with the program's own message, or when it does not answer.
  func ask(_ request: JSONObject) throws(BenchError) -> JSONObject {
    let line = Array((JSONValue.object(request).text() + "\n").utf8)
    var sent = 0
    while sent < line.count {
      let count = line[sent...].withUnsafeBytes { write(requests, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { throw .peer("\(name) has ended") }
      sent += max(0, count)
    }
    let answer: JSONValue
    do {
      answer = try JSONValue.parse(try receiveLine())
    } catch let error as BenchError {
      throw error
    } catch {
      throw .peer("\(name) answered no JSON: \(error)")
    }
    guard let object = answer.objectValue else { throw .peer("\(name) answered no object") }
    if let error = object["error"]?.stringValue { throw .peer(error) }
    return object
  }

  /// The bytes up to the next line feed.
  private func receiveLine() throws(BenchError) -> [UInt8] {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeSubrange(...end) }
        return Array(received[..<end])
      }
      var event = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      let ready = poll(&event, 1, Self.secondsAllowed * 1000)
      guard ready != 0 else { throw .peer("\(name) did not answer") }
      guard ready > 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(answers, &chunk, chunk.count)
      guard count > 0 || (count < 0 && errno == EINTR) else { throw .peer("\(name) has ended") }
      received += chunk[..<max(0, count)]
    }
  }

  private static func pipe() throws(BenchError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else {
      throw .program("no pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}
