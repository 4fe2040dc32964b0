import Glibc

/// A file that a command writes: where, and its whole content.
public struct OutputFile: Sendable {
  /// The path as the user typed it; `-` is standard output.
  public let path: String
  /// Everything that will stand in it.
  public let content: FileContent
  /// Whether the bytes would disturb a terminal.
  public let isBinary: Bool

  /// An output of bytes that are already encoded.
  public init(_ path: String, _ content: FileContent, isBinary: Bool = false) {
    self.path = path
    self.content = content
    self.isBinary = isBinary
  }

  /// Whether the output goes to standard output.
  public var isStandardOutput: Bool { OutputTarget.isStandardOutput(path) }

  /// An output's path as messages show it.
  public static func name(of path: String) -> String { path == "-" ? "standard output" : path }

  /// Writes all outputs of a command, or none.
  ///
  /// Every file is made whole under a temporary name in its folder, written and synchronised,
  /// before the first takes its place; then they are renamed. Symbolic links are followed, an old
  /// file's mode is kept, SIGINT, SIGTERM and SIGHUP wait until the end. Devices, FIFOs and
  /// standard output are written straight, before the first rename. On a failure the old targets
  /// are untouched and no temporary stays; only a rename that fails, which the checks before
  /// leave hardly room for, can come after another that succeeded.
  ///
  /// - Parameter noClobber: refuse to replace an existing file.
  /// - Throws: `FormatError` that begins with the path when there are several outputs:
  ///   `.cannotCreate` for a missing or unwritable folder, a directory or an existing file,
  ///   `.inputOutput` when writing fails, `.usage` for two outputs of one path.
  public static func write(
    _ outputs: [OutputFile], noClobber: Bool = false
  ) throws(FormatError) {
    var targets: [OutputTarget] = []
    for output in outputs {
      let target = try naming(output, of: outputs) { () throws(FormatError) in
        try OutputTarget(output.path, noClobber: noClobber)
      }
      if target.kind != .stream, targets.contains(where: target.isSameFile) {
        throw FormatError(.usage, "two outputs have the path \(name(of: output.path))")
      }
      targets.append(target)
    }
    // A FIFO without a reader waits: that must stay interruptible, so it comes first.
    try writeStreams(outputs, targets)
    try SignalDeferral.run { () throws(FormatError) in
      try writeFiles(outputs, targets, noClobber: noClobber)
    }
  }

  /// Writes one output: see `write(_:noClobber:)`.
  public func write(noClobber: Bool = false) throws(FormatError) {
    try Self.write([self], noClobber: noClobber)
  }

  private static func writeFiles(
    _ outputs: [OutputFile], _ targets: [OutputTarget], noClobber: Bool
  ) throws(FormatError) {
    var finished: [(file: TemporaryFile, target: OutputTarget, output: OutputFile)] = []
    var placed = 0
    do throws(FormatError) {
      for (output, target) in zip(outputs, targets) {
        guard case .file(let mode) = target.kind else { continue }
        let file = try naming(output, of: outputs) { () throws(FormatError) in
          try TemporaryFile(output.content, for: target, mode: mode)
        }
        finished.append((file, target, output))
      }
      for (file, target, output) in finished {
        try naming(output, of: outputs) { () throws(FormatError) in
          try file.place(at: target, replacing: !noClobber)
        }
        placed += 1
      }
    } catch {
      for item in finished.dropFirst(placed) { item.file.discard() }
      throw error
    }
  }

  private static func writeStreams(
    _ outputs: [OutputFile], _ targets: [OutputTarget]
  ) throws(FormatError) {
    for (output, target) in zip(outputs, targets) {
      try naming(output, of: outputs) { () throws(FormatError) in
        switch target.kind {
        case .file: break
        case .standardOutput:
          try StandardOutput.write(output.content, binary: output.isBinary)
        case .stream: try writeStream(output.content, target.path)
        }
      }
    }
  }

  private static func writeStream(
    _ content: FileContent, _ path: String
  ) throws(FormatError) {
    let descriptor = retrying { open(path, O_WRONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw OutputTarget.refusal(errno)
    }
    do throws(FormatError) {
      try CheckedWrite.write(content, to: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 || errno == EINTR else { throw CheckedWrite.failure(errno) }
  }

  /// Failures of one among several outputs say which.
  private static func naming<Value>(
    _ output: OutputFile, of outputs: [OutputFile],
    _ body: () throws(FormatError) -> Value
  ) throws(FormatError) -> Value {
    do throws(FormatError) {
      return try body()
    } catch {
      throw outputs.count > 1 ? error.inside(Self.name(of: output.path)) : error
    }
  }
}
