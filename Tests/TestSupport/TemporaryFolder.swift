import Glibc

/// A folder of its own for one test, removed with all that is in it when the last reference goes.
public final class TemporaryFolder: Sendable {
  /// The absolute path.
  public let path: String

  /// Creates an empty folder below `TMPDIR` or `/tmp`.
  ///
  /// - Throws: `FileFailure` when it cannot be created.
  public init() throws(FileFailure) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((parent + "/linalg-test-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw FileFailure("mkdtemp", parent) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.remove(path) }

  /// The absolute path of a name in the folder, whether it exists or not.
  public func path(_ name: String) -> String { path + "/" + name }

  /// Creates or replaces a file and returns its absolute path.
  ///
  /// - Throws: `FileFailure` when it cannot be written.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws(FileFailure) -> String {
    try PackageFiles.write(bytes, to: path(name))
    return path(name)
  }

  /// Creates or replaces a text file and returns its absolute path.
  ///
  /// - Throws: `FileFailure` when it cannot be written.
  @discardableResult
  public func write(_ text: String, to name: String) throws(FileFailure) -> String {
    try write(Array(text.utf8), to: name)
  }

  /// The bytes of a file in the folder.
  ///
  /// - Throws: `FileFailure` when it cannot be read.
  public func read(_ name: String) throws(FileFailure) -> [UInt8] {
    try PackageFiles.read(path(name))
  }

  /// The names in the folder, hidden ones too, sorted.
  public func list() -> [String] { Self.names(in: path).sorted() }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private static func remove(_ path: String) {
    // A test may have taken the permission away to see what the program says.
    chmod(path, 0o700)
    for name in names(in: path) {
      let child = path + "/" + name
      var status = stat()
      guard lstat(child, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR { remove(child) } else { unlink(child) }
    }
    rmdir(path)
  }
}
