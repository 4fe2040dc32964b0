/// What kernels and benches need to know of the processor.
public enum Processor {
  /// The processor's name as the kernel has it: `AMD EPYC 7763`; nil where it does not tell.
  public static var name: String? {
    // The key is padded with tabs: `model name\t: AMD EPYC`.
    guard
      let line = SystemFile.lines(of: "/proc/cpuinfo").first(where: { $0.hasPrefix("model name") }),
      let colon = line.firstIndex(of: ":")
    else { return nil }
    return String(line[line.index(after: colon)...].drop { $0 == " " })
  }

  /// The size of the last-level cache of the first core; 32 MiB where the system does not tell.
  ///
  /// From the kernel's tables: `sysconf` adds up the caches of a whole machine on some processors.
  public static let lastLevelCacheBytes: Int = {
    let path = "/sys/devices/system/cpu/cpu0/cache/index3/size"
    guard let text = SystemFile.firstLine(of: path), text.hasSuffix("K"),
      let size = Int(text.dropLast()), size > 0
    else { return 32 << 20 }
    return size << 10
  }()
}
