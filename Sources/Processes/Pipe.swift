import Glibc
import Synchronization

/// Held while a pipe is made and while a program is started: a program that another thread starts
/// in between would inherit the ends that are not marked yet, and keep them open. (`pipe2`, which
/// marks them at once, is a GNU extension that Swift's Glibc module hides.)
let inheritanceLock = Mutex(())

/// The two descriptors of a pipe, which no started program inherits by itself.
public struct Pipe: Sendable {
  /// The end to read from.
  public let read: Int32
  /// The end to write to.
  public let write: Int32

  /// A new pipe; whoever made it closes its ends.
  public init() throws(StartError) {
    var ends: [Int32] = [0, 0]
    let code = inheritanceLock.withLock { _ -> Int32 in
      guard Glibc.pipe(&ends) == 0 else { return errno }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return 0
    }
    guard code == 0 else { throw StartError(code) }
    (read, write) = (ends[0], ends[1])
  }

  /// Closes both ends.
  public func close() {
    Glibc.close(read)
    Glibc.close(write)
  }

  /// Writes what a pipe takes now. A reader that went away is the error EPIPE, without the signal
  /// that would end this process.
  ///
  /// - Returns: the number of bytes, or -1 with the error number.
  public static func write(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32
  ) -> (count: Int, code: Int32) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    var (pending, previous) = (sigset_t(), sigset_t())
    sigpending(&pending)
    pthread_sigmask(SIG_BLOCK, &signals, &previous)
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    let code = errno
    // The signal goes to the thread that wrote. It is taken before the mask is restored, unless
    // it was waiting already for another reason.
    if count < 0, code == EPIPE, sigismember(&pending, SIGPIPE) == 0 {
      var none = timespec()
      while sigtimedwait(&signals, nil, &none) == -1, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &previous, nil)
    return (count, code)
  }
}
