import ArgumentParser
import Glibc
import Tensors

/// What a computation may take.
struct LimitOptions: ParsableArguments {
  @Option(help: "Threads for BLAS and loops (LINALG_THREADS; default: the CPUs allowed).")
  var threads: PositiveInteger?

  @Option(
    name: .customLong("max-memory"),
    help: "Refuse what needs more bytes; suffixes k M G (LINALG_MAX_MEMORY; default: what is free)."
  )
  var maxMemory: ByteCount?

  /// The number of threads, set for the whole process.
  ///
  /// The order: the option, LINALG_THREADS, OPENBLAS_NUM_THREADS, the processors allowed.
  func applyThreads() throws(Failure) -> Int {
    var count = threads?.value
    if count == nil, let set: PositiveInteger = try Environment.parsed("LINALG_THREADS") {
      count = set.value
    }
    if count == nil {
      count =
        Environment.value("OPENBLAS_NUM_THREADS").flatMap { PositiveInteger(argument: $0) }?
        .value
    }
    let chosen = count ?? Parallel.availableProcessors()
    BLAS.setThreads(chosen)
    return chosen
  }

  /// The memory budget.
  func budget() throws(Failure) -> MemoryBudget { try MemoryLimit.budget(maxMemory) }

  /// The memory that a computation elsewhere may take: a limit that was set, not what is free here.
  func plannedBudget() throws(Failure) -> MemoryBudget {
    try MemoryLimit.set(maxMemory) ?? .unlimited()
  }
}

/// The memory that a command may take.
enum MemoryLimit {
  /// The option's, or LINALG_MAX_MEMORY's, or what the system has.
  static func budget(_ option: ByteCount?) throws(Failure) -> MemoryBudget {
    try set(option) ?? .system()
  }

  /// The option's, or LINALG_MAX_MEMORY's; nil when neither is given.
  static func set(_ option: ByteCount?) throws(Failure) -> MemoryBudget? {
    if let option { return MemoryBudget(limit: option.bytes) }
    let limit: ByteCount? = try Environment.parsed("LINALG_MAX_MEMORY")
    return limit.map { MemoryBudget(limit: $0.bytes) }
  }
}

/// Environment variables.
enum Environment {
  /// A variable's value; nil when it is unset or empty.
  static func value(_ name: String) -> String? {
    guard let text = getenv(name), text[0] != 0 else { return nil }
    return String(cString: text)
  }

  /// A variable read like the option that it stands for; nil when it is unset or empty.
  static func parsed<Value: LimitedValue>(_ name: String) throws(Failure) -> Value? {
    guard let text = value(name) else { return nil }
    guard let parsed = Value(argument: text) else {
      throw .usage(
        "the value '\(text)' of the environment variable \(name) is invalid: "
          + "expected \(Value.expectation)")
    }
    return parsed
  }
}
