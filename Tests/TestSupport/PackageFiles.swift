import Glibc

/// Files that tests read beside the program.
public enum PackageFiles {
  /// The folder of `Package.swift`.
  public static let root: String = {
    // …/Tests/TestSupport/PackageFiles.swift
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The path of a file of the package, from its path below the root.
  public static func path(_ relative: String) -> String { root + "/" + relative }

  /// The path of a file or folder of the shared test data, or nil where the data is missing: a test
  /// that needs it then reports itself as skipped.
  ///
  /// The data is looked for in the folder that `LINALG_SHARED_DATA` names, then in `shared/data`
  /// beside the package and beside its parent.
  public static func sharedData(_ name: String) -> String? {
    let named = getenv("LINALG_SHARED_DATA").map { [String(cString: $0)] } ?? []
    return (named + [root + "/../shared/data", root + "/../../shared/data"])
      .map { $0 + "/" + name }
      .first { access($0, R_OK) == 0 }
  }

  /// The bytes of a file.
  ///
  /// - Throws: `FileFailure` when it cannot be read.
  public static func read(_ path: String) throws(FileFailure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileFailure("open", path) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      guard count >= 0 else { throw FileFailure("read", path) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Creates or replaces a file.
  ///
  /// - Throws: `FileFailure` when it cannot be written.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileFailure("open", path) }
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw FileFailure("write", path) }
      done += count
    }
  }
}

/// A system call on a file failed in a test's own set-up.
public struct FileFailure: Error, CustomStringConvertible {
  /// What failed on what, and why.
  public let description: String

  /// A failure for the reason that `errno` holds now.
  init(_ call: String, _ path: String) {
    description = "\(call) \(path): \(String(cString: strerror(errno)))"
  }
}
