extension Int {
  /// The largest number of elements that is told apart: more than any memory holds, and small enough
  /// that a few of them, in bytes, can be added.
  static var countable: Int { 1 << 56 }

  /// A product of sizes, at most `countable`.
  func multipliedOrMax(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? Int.countable : Swift.min(product, Int.countable)
  }
}
