internal import Glibc

/// Reads the small files by which Linux tells a process its limits.
enum SystemFile {
  /// The lines of a file under /proc or /sys; empty when it cannot be read.
  static func lines(of path: String) -> [Substring] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16384)
    let length = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<length], as: UTF8.self).split(separator: "\n")
  }

  static func firstLine(of path: String) -> Substring? { lines(of: path).first }
}
