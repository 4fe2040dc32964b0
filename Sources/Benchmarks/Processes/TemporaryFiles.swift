import FileFormats
import Glibc

/// A folder for the inputs of one run, removed with its files at the end.
final class TemporaryFiles {
  private let folder: String

  /// Creates the folder below `TMPDIR` or `/tmp`.
  init() throws(BenchError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((parent + "/linalg-bench-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .program("no temporary folder in \(parent): \(String(cString: strerror(errno)))")
    }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    removeFiles()
    rmdir(folder)
  }

  /// The path of a file, whether it exists or not.
  func path(_ name: String) -> String { folder + "/" + name }

  /// Writes an array in the format of the name's suffix and returns its path.
  func write(_ array: StoredArray, to name: String) throws(BenchError) -> String {
    let path = path(name)
    try onFile(path) { () throws(FormatError) in
      try OutputFile.write([OutputFile(path, array)])
    }
    return path
  }

  /// Removes what was written so far: a large input shall not outlive its workload.
  func removeFiles() {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink(path(name))
    }
  }
}
