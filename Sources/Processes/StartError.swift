import Glibc

/// A program did not start.
public struct StartError: Error, Equatable, Sendable {
  /// Why, in the system's words: `No such file or directory`.
  public let reason: String

  /// The failure that an error number stands for.
  init(_ code: Int32) { reason = String(cString: strerror(code)) }
}
