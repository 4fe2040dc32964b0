internal import CVectorMath
internal import Glibc

/// What work takes of the machine's memory, as the kernel counts it.
public enum ResidentMemory {
  /// By how many bytes the memory of this process grows while `body` runs, at its peak; nil where
  /// the kernel does not tell.
  ///
  /// Free memory is given back before. Pages are what is counted, and memory that was touched for
  /// the first time: expect a few hundred KiB more or less.
  public static func peakGrowth<Failure: Error>(
    of body: () throws(Failure) -> Void
  ) throws(Failure) -> Int? {
    buffers_give_back()
    let isReset = resetPeak()
    let before = field("VmRSS:")
    try body()
    guard isReset, let before, let peak = field("VmHWM:") else { return nil }
    return max(0, peak - before)
  }

  /// Makes the present size the highest so far.
  private static func resetPeak() -> Bool {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return write(descriptor, "5", 1) == 1
  }

  /// A size in the process's status, in bytes.
  private static func field(_ name: String) -> Int? {
    guard let line = SystemFile.lines(of: "/proc/self/status").first(where: { $0.hasPrefix(name) })
    else { return nil }
    let words = line.split { $0 == " " || $0 == "\t" }
    return words.compactMap { Int($0) }.first.map { $0 * 1024 }
  }
}
