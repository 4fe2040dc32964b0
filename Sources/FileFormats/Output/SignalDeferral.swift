import Glibc
import Synchronization

/// The first signal that arrived while signals were deferred, 0 for none. An atomic is all that a
/// signal handler may touch.
private let arrivedSignal = Atomic<Int32>(0)

/// One deferral at a time: dispositions belong to the process.
private let deferralLock = Mutex(())

/// Holds SIGINT, SIGTERM and SIGHUP back while temporary files exist.
///
/// A blocked mask would not do: it holds for one thread, and the signal of a terminal goes to any
/// thread that accepts it (OpenBLAS has its own), which would end the process with the temporary
/// file left behind. So the process's handlers are replaced, and afterwards the signal is raised
/// again for whoever handled it before.
enum SignalDeferral {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Runs `body`; a signal that arrives meanwhile takes effect when it ends.
  static func run<Value>(_ body: () throws(FormatError) -> Value) throws(FormatError) -> Value {
    var result: Result<Value, FormatError>?
    deferralLock.withLock { _ in
      let previous = signals.map(replaceHandler)
      result = Result { () throws(FormatError) in try body() }
      for (number, action) in zip(signals, previous) {
        if var action { sigaction(number, &action, nil) }
      }
      let arrived = arrivedSignal.exchange(0, ordering: .acquiringAndReleasing)
      if arrived != 0 { kill(getpid(), arrived) }
    }
    guard let result else { preconditionFailure("the body always runs") }
    return try result.get()
  }

  /// The former action; nil when the signal is ignored (`nohup`) and stays so.
  private static func replaceHandler(of number: Int32) -> sigaction? {
    var previous = sigaction()
    guard sigaction(number, nil, &previous) == 0 else { return nil }
    let isIgnored =
      unsafeBitCast(previous.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
    guard !isIgnored else { return nil }
    var deferring = sigaction()
    deferring.__sigaction_handler.sa_handler = { number in
      _ = arrivedSignal.compareExchange(
        expected: 0, desired: number, ordering: .acquiringAndReleasing)
    }
    deferring.sa_flags = SA_RESTART
    sigemptyset(&deferring.sa_mask)
    return sigaction(number, &deferring, nil) == 0 ? previous : nil
  }
}
