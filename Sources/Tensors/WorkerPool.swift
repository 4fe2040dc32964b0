internal import CVectorMath
internal import Glibc
internal import Synchronization

/// The threads behind `Parallel`: they wait for the next loop awake for a moment before they sleep.
///
/// To wake a sleeping thread takes 5 to 50 µs, as long as many a loop, and a computation is a
/// sequence of loops with little between them. A thread that wakes late finds its part done by the
/// others.
///
/// Only the caller that holds `isBusy` writes `body`, `step` and `threads`, the first two before `claims`
/// offers parts. A thread reads them only after it has taken a part, and the caller waits for that part
/// before it writes again.
// Safe: one thread at a time writes `body`, `step` and `threads`, and none reads them meanwhile.
final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool()

  /// How often a waiting thread looks before it sleeps, about 100 µs, and before it lets others run:
  /// the system may have put the one that is waited for on the same processor.
  private static let (looks, looksAtOnce) = (3200, 64)

  /// Whether a loop is running.
  private let isBusy = Atomic(false)
  /// The parts of the present loop: how many (high half) and how many of them are taken.
  private let claims = Atomic<UInt64>(0)
  /// The parts that are not done.
  private let unfinished = Atomic(0)
  private let sleepers = Atomic(0)
  /// Where the present loop was called. A worker that finds itself there moves away: the system
  /// may wake a thread beside the one that woke it and leave both there for a whole time slice while
  /// another processor is idle.
  private let callersProcessor = Atomic(-1)
  private var body: ((_ step: Int, _ part: Int) -> Void)?
  private var step = 0
  private var threads = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  /// Calls `body` with 0..<parts, each once, on this thread and at most `parts - 1` others.
  ///
  /// While another thread's loop is running, all parts run here.
  func run(_ parts: Int, _ body: (Int) -> Void) {
    run(steps: 1, parts) { _, part in body(part) }
  }

  /// The same for each of several steps, one after the other; nothing is allocated between them.
  func run(steps: Int, _ parts: Int, _ body: (_ step: Int, _ part: Int) -> Void) {
    guard !isBusy.exchange(true, ordering: .acquiring) else {
      for step in 0..<steps { for part in 0..<parts { body(step, part) } }
      return
    }
    defer { isBusy.store(false, ordering: .releasing) }
    while threads < parts - 1, addThread() {}
    withoutActuallyEscaping(body) { body in
      self.body = body
      for step in 0..<steps { runStep(step, parts) }
      self.body = nil
    }
  }

  private func runStep(_ step: Int, _ parts: Int) {
    self.step = step
    unfinished.store(parts, ordering: .relaxed)
    callersProcessor.store(Int(processor_current()), ordering: .relaxed)
    claims.store(UInt64(parts) << 32, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    takeParts()
    var looks = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      Self.pause(&looks)
    }
  }

  /// Runs parts until none is left to be taken.
  private func takeParts() {
    while true {
      // What is taken from a loop that has ended counts beyond its parts, and is none.
      let claim = claims.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
      guard Self.offers(claim) else { return }
      perform(Int(claim & 0xFFFF_FFFF))
      unfinished.wrappingSubtract(1, ordering: .releasing)
    }
  }

  /// Runs one part; in a function of its own, so that no thread holds on to the caller's closure once
  /// its part counts as done.
  @inline(never)
  private func perform(_ part: Int) { body?(step, part) }

  private static func offers(_ claims: UInt64) -> Bool { claims & 0xFFFF_FFFF < claims >> 32 }

  private static func pause(_ looks: inout Int) {
    looks += 1
    if looks % looksAtOnce == 0 { sched_yield() } else { processor_pause() }
  }

  /// What a worker does for ever.
  private func work() {
    while true {
      var looks = 0
      while !Self.offers(claims.load(ordering: .relaxed)) {
        if looks < Self.looks { Self.pause(&looks) } else { sleep() }
      }
      let processor = processor_current()
      if processor == callersProcessor.load(ordering: .relaxed) { processor_leave(processor) }
      takeParts()
    }
  }

  /// Waits for a loop.
  private func sleep() {
    pthread_mutex_lock(mutex)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    // A loop that began before the count was seen is found here.
    while !Self.offers(claims.load(ordering: .sequentiallyConsistent)) {
      pthread_cond_wait(condition, mutex)
    }
    sleepers.wrappingSubtract(1, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
  }

  /// - Returns: false when the system gives no more threads; those that there are do the work.
  private func addThread() -> Bool {
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { _ in
        WorkerPool.shared.work()
        return nil
      }, nil)
    guard result == 0 else { return false }
    pthread_detach(thread)
    threads += 1
    return true
  }
}
