/// What kernels need to know of the processor.
public enum Processor {
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
