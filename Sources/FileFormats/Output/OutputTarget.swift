import Glibc

/// What stands at an output path, found before anything is created.
struct OutputTarget {
  /// How the path is written to.
  enum Kind: Equatable {
    /// `-`.
    case standardOutput
    /// A device, FIFO or descriptor: written straight.
    case stream
    /// A regular file, new or replaced as a whole; `mode` is that of the old one.
    case file(mode: mode_t?)
  }

  /// The path as the user typed it.
  let name: String
  /// The path with symbolic links followed.
  let path: String
  let kind: Kind

  /// - Throws: `FormatError.cannotCreate` for an empty path, a directory, a missing folder, a
  ///   file that may not be written or, with `noClobber`, any existing file.
  init(_ name: String, noClobber: Bool) throws(FormatError) {
    self.name = name
    guard !Self.isStandardOutput(name) else {
      (path, kind) = ("-", .standardOutput)
      return
    }
    guard !name.isEmpty else { throw Self.refusal("the path is empty") }
    guard !name.utf8.contains(0) else { throw Self.refusal("the path contains a NUL character") }
    if Self.isDescriptor(name) {
      (path, kind) = (name, .stream)
      return
    }
    path = try Self.followed(name)
    kind = try Self.kind(of: path, noClobber: noClobber)
    // Asked here so that a missing folder shows before another output has been written.
    guard case .file = kind else { return }
    guard access(folder, F_OK) == 0 else { throw Self.refusal("no such folder") }
    guard access(folder, W_OK | X_OK) == 0 else { throw Self.refusal(errno) }
  }

  /// The folder that holds the file, with a slash at its end.
  var folder: String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }

  /// Whether a path is standard output. Opened by its name, a file behind it would be overwritten
  /// from its beginning.
  static func isStandardOutput(_ name: String) -> Bool { name == "-" || name == "/dev/stdout" }

  /// Whether another target is the same file, however its folder is written.
  func isSameFile(as other: OutputTarget) -> Bool {
    guard kind != .standardOutput else { return other.kind == .standardOutput }
    var (status, otherStatus) = (stat(), stat())
    guard path.split(separator: "/").last == other.path.split(separator: "/").last,
      stat(folder, &status) == 0, stat(other.folder, &otherStatus) == 0
    else { return false }
    return status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
  }

  /// Why a file cannot be created, from an error number.
  static func refusal(_ code: Int32) -> FormatError { refusal(SystemError.text(code)) }

  private static func refusal(_ reason: String) -> FormatError {
    FormatError(.cannotCreate, "cannot write the output: \(reason)")
  }

  /// Names of open descriptors may lead to regular files, which must not be replaced: the
  /// descriptor would go on pointing to the old one.
  private static func isDescriptor(_ name: String) -> Bool {
    name == "/dev/stderr" || name.hasPrefix("/dev/fd/")
      || name.hasPrefix("/proc/")
  }

  private static func kind(of path: String, noClobber: Bool) throws(FormatError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      switch errno {
      case ENOENT where path.hasSuffix("/"): throw refusal("no such folder")
      case ENOENT: return .file(mode: nil)
      default: throw refusal(errno)
      }
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw refusal("it is a directory")
    case S_IFREG:
      if noClobber { throw refusal("the file exists (--no-clobber)") }
      guard access(path, W_OK) == 0 else { throw refusal(errno) }
      return .file(mode: status.st_mode & 0o7777)
    default: return .stream
    }
  }

  /// Follows symbolic links by hand: unlike `realpath`, the last one may lead to nothing yet.
  private static func followed(_ name: String) throws(FormatError) -> String {
    var path = name
    for _ in 0..<40 {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
      guard let target = linkTarget(path) else { throw refusal(errno) }
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
      path = target.hasPrefix("/") ? target : folder + target
    }
    throw refusal(ELOOP)
  }

  private static func linkTarget(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { buffer in
      let length = buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
      }
      return length < 0 ? nil : String(decoding: buffer.prefix(length), as: UTF8.self)
    }
  }
}
