internal import CVectorMath
internal import Glibc

/// What makes large new buffers cheap: large pages under them, and memory that is used again.
///
/// A fresh buffer costs a page fault every 4 KiB when it is first written: 32,768 of them for
/// 128 MiB, more time than reading the file. With 2 MiB pages there are 64, and none in memory that
/// the process has used before.
public enum LargeBuffers {
  /// Below this a buffer spans too few large pages.
  private static var smallestBuffer: Int { 4 << 20 }
  private static var largePage: Int { 2 << 20 }

  /// Asks the kernel for large pages under a buffer that is about to be filled for the first time,
  /// as NumPy does. A kernel that knows no large pages ignores it.
  public static func advise<Element>(_ buffer: UnsafeMutableBufferPointer<Element>) {
    let bytes = UnsafeMutableRawBufferPointer(buffer)
    guard bytes.count >= smallestBuffer, let start = bytes.baseAddress else { return }
    let address = UInt(bitPattern: start)
    let mask = UInt(largePage - 1)
    let first = (address + mask) & ~mask
    let last = (address + UInt(bytes.count)) & ~mask
    guard first < last else { return }
    // 14 is MADV_HUGEPAGE on every Linux architecture.
    _ = madvise(UnsafeMutableRawPointer(bitPattern: first), Int(last - first), 14)
  }

  /// Keeps freed memory for the next buffer instead of giving it back to the kernel at once, which
  /// would fetch it again and clear it: for programs that compute step after step.
  ///
  /// Holds for buffers up to 256 MiB, and for at most 512 MiB that nothing uses. The setting belongs
  /// to the process, so the program sets it, not the library.
  public static func keepFreed() {
    buffers_keep_freed(256 << 20, 512 << 20)
  }
}
