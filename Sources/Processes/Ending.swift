import Glibc

/// How a program ended.
public enum Ending: Sendable, Equatable {
  /// By itself, with an exit code.
  case status(Int)
  /// By a signal.
  case signal(Int)

  /// From what `wait` reports. wait(2): the low seven bits are the signal, the next byte is the
  /// exit code.
  init(waitStatus: Int32) {
    let signal = Int(waitStatus & 0x7F)
    self = signal == 0 ? .status(Int(waitStatus >> 8) & 0xFF) : .signal(signal)
  }

  /// As a shell has it: the exit code, or 128 plus the number of the signal.
  public var shellStatus: Int {
    switch self {
    case .status(let code): code
    case .signal(let number): 128 + number
    }
  }
}

extension Ending: CustomStringConvertible {
  /// `ended with status 3`, `was killed by signal 9 (Killed)`.
  public var description: String {
    switch self {
    case .status(let code): return "ended with status \(code)"
    case .signal(let number):
      let name = strsignal(Int32(number)).map { " (\(String(cString: $0)))" } ?? ""
      return "was killed by signal \(number)\(name)"
    }
  }
}
