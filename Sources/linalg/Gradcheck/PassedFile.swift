import FileFormats
import Glibc
import Tensors

/// An array that an external program reads from a `.npy` file instead of its request.
///
/// The file has lost its name before the program is told: what it gets is the path of our open
/// descriptor below /proc, which leads to the file as long as this object lives. So nothing stays
/// behind, however this process ends.
final class PassedFile {
  /// What the program opens.
  let path: String
  private let descriptor: Int32

  /// Writes the array to a file in `TMPDIR` or `/tmp`.
  ///
  /// - Throws: `Failure.file` when there is no room or no folder.
  init(_ tensor: Tensor<Double>) throws(Failure) {
    let folder = Environment.value("TMPDIR") ?? "/tmp"
    var template = Array((folder + "/linalg-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw .file(
        folder, FormatError(.cannotCreate, "cannot create a temporary file: \(reason)"))
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let path = "/proc/\(getpid())/fd/\(descriptor)"
    self.path = path
    try Failure.naming("a temporary file in \(folder)") { () throws(FormatError) in
      try OutputFile(path, StoredArray(tensor), format: .npy).write()
    }
  }

  deinit { close(descriptor) }
}
