import Glibc

/// Writing to descriptors with every result looked at.
enum CheckedWrite {
  /// Writes every piece to the end.
  ///
  /// - Throws: `FormatError.inputOutput` with the system's reason (disk full, stream closed).
  static func write(_ content: FileContent, to descriptor: Int32) throws(FormatError) {
    for piece in content.pieces {
      let code = piece.withUnsafeBytes { write($0, to: descriptor) }
      guard code == 0 else { throw failure(code) }
    }
  }

  /// What a failed write means to the user.
  static func failure(_ code: Int32) -> FormatError {
    FormatError(.inputOutput, "writing failed: \(SystemError.text(code))")
  }

  /// 0, or errno of the call that failed.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = retrying {
        Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      }
      if written < 0, errno == EAGAIN {
        // A pipe that another program made non-blocking: wait until it takes more.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = retrying { poll(&waiting, 1, -1) }
        continue
      }
      guard written >= 0 else { return errno }
      guard written > 0 else { return EIO }
      rest = rest.dropFirst(written)
    }
    return 0
  }
}
