import Glibc

/// A finished file beside its target, waiting to take its place.
struct TemporaryFile {
  private let path: String

  /// Creates the file under a random name, writes it and forces it to the disk. On failure
  /// nothing is left.
  ///
  /// - Throws: `FormatError.cannotCreate` when the folder is missing or not writable,
  ///   `.inputOutput` when writing fails.
  init(_ content: FileContent, for target: OutputTarget, mode: mode_t?) throws(FormatError) {
    let (path, descriptor) = try Self.create(in: target.folder, isPrivate: mode != nil)
    self.path = path
    do throws(FormatError) {
      try Self.fill(descriptor, content, mode: mode)
    } catch {
      unlink(path)
      throw error
    }
  }

  /// A new file takes the mode that the umask leaves; one that will replace another stays closed
  /// to others until it has the other's mode.
  private static func create(
    in folder: String, isPrivate: Bool
  ) throws(FormatError) -> (path: String, descriptor: Int32) {
    while true {
      let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
      let path = "\(folder).linalg-\(suffix).tmp"
      let descriptor = retrying {
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
      }
      if descriptor >= 0 { return (path, descriptor) }
      switch errno {
      case EEXIST: continue
      case ENOSPC, EDQUOT, EIO: throw CheckedWrite.failure(errno)
      default: throw OutputTarget.refusal(errno)
      }
    }
  }

  private static func fill(
    _ descriptor: Int32, _ content: FileContent, mode: mode_t?
  ) throws(FormatError) {
    do throws(FormatError) {
      try CheckedWrite.write(content, to: descriptor)
      if let mode, fchmod(descriptor, mode) != 0 { throw CheckedWrite.failure(errno) }
      // Some file systems cannot synchronise; that is their promise to break, not a failure.
      if retrying({ fsync(descriptor) }) != 0, errno != EINVAL, errno != ENOTSUP {
        throw CheckedWrite.failure(errno)
      }
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 || errno == EINTR else { throw CheckedWrite.failure(errno) }
  }

  /// Takes the target's place in one step.
  ///
  /// - Parameter replacing: false refuses a target that appeared meanwhile.
  func place(at target: OutputTarget, replacing: Bool) throws(FormatError) {
    if !replacing {
      // A hard link, unlike a rename, never replaces; some file systems have none.
      if link(path, target.path) == 0 {
        unlink(path)
        return
      }
      guard errno == EPERM || errno == EOPNOTSUPP else { throw OutputTarget.refusal(errno) }
    }
    guard rename(path, target.path) == 0 else { throw OutputTarget.refusal(errno) }
  }

  /// Deletes the file; to be called when it will not take its place.
  func discard() { unlink(path) }
}
