import Glibc
import Tensors

/// Reading whole files with checked system calls.
enum FileReader {
  /// How much a pipe is first asked for, in bytes.
  private static let firstPiece = 1 << 16

  /// The bytes of a file, a FIFO or, for `-`, standard input.
  ///
  /// - Throws: `FormatError.noInput` for an empty path, nothing or a directory there;
  ///   `.noPermission`; `.resourceLimit` before more is allocated than the budget allows;
  ///   `.inputOutput` when reading fails.
  /// - Parameter limit: reading stops there.
  static func read(
    _ path: String, budget: MemoryBudget, limit: Int = .max
  ) throws(FormatError) -> [UInt8] {
    guard !path.isEmpty else { throw FormatError(.noInput, "the path is empty") }
    guard path != "-" else { return try read(STDIN_FILENO, budget: budget, limit: limit) }
    guard !path.utf8.contains(0) else {
      throw FormatError(.noInput, "the path contains a NUL character")
    }
    let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw openError(errno) }
    defer { close(descriptor) }
    return try read(descriptor, budget: budget, limit: limit)
  }

  private static func openError(_ code: Int32) -> FormatError {
    switch code {
    case EACCES, EPERM: FormatError(.noPermission, "the file may not be read")
    case ENOENT, ENOTDIR: FormatError(.noInput, "no such file")
    case ENAMETOOLONG, ELOOP: FormatError(.noInput, "no such file (\(SystemError.text(code)))")
    default: FormatError(.inputOutput, "cannot open the file: \(SystemError.text(code))")
    }
  }

  /// Reads to the end. The size that the file system reports is only a hint: pipes have none and
  /// files may grow.
  private static func read(
    _ descriptor: Int32, budget: MemoryBudget, limit: Int
  ) throws(FormatError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw readError(errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FormatError(.noInput, "is a directory")
    }
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    // One byte more, so that the end of a file of the promised size is seen without growing.
    var request = min(isRegular ? max(Int(status.st_size), 0) + 1 : firstPiece, limit)
    var bytes: [UInt8] = []
    while true {
      // Growing copies: for a moment, old and new stand side by side.
      try budget.allow(bytes.count * 2 + request, for: "the file")
      let (isAtEnd, code) = append(request, from: descriptor, to: &bytes)
      guard code == 0 else { throw readError(code) }
      if isAtEnd || bytes.count >= limit { return bytes }
      request = min(max(bytes.count, firstPiece), limit - bytes.count)
    }
  }

  private static func readError(_ code: Int32) -> FormatError {
    code == EISDIR
      ? FormatError(.noInput, "is a directory")
      : FormatError(.inputOutput, "reading failed: \(SystemError.text(code))")
  }

  /// Reads up to `request` bytes more; says whether the end was met, and errno on failure.
  private static func append(
    _ request: Int, from descriptor: Int32, to bytes: inout [UInt8]
  ) -> (isAtEnd: Bool, code: Int32) {
    var isAtEnd = false
    var code: Int32 = 0
    let old = bytes
    bytes = [UInt8](unsafeUninitializedCapacity: old.count + request) { buffer, count in
      LargeBuffers.advise(buffer)
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: old)
      count = old.count
      while count < buffer.count {
        let target = buffer.baseAddress.map { $0 + count }
        let got = retrying { Glibc.read(descriptor, target, buffer.count - count) }
        if got < 0 { code = errno }
        if got == 0 { isAtEnd = true }
        guard got > 0 else { return }
        count += got
      }
    }
    return (isAtEnd, code)
  }
}
