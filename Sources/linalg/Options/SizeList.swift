/// Sizes separated by commas; `256..2048x2` stands for 256,512,1024,2048.
struct SizeList: LimitedValue {
  static let expectation =
    "sizes from 1 up like 512,1024 or 256..4096x2, each larger than the one before"
  let sizes: [Int]

  init?(argument: String) {
    var sizes: [Int] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let some = Self.range(word) else { return nil }
      sizes += some
    }
    guard zip(sizes, sizes.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    self.sizes = sizes
  }

  /// The sizes that a number or a range stands for.
  private static func range(_ word: Substring) -> [Int]? {
    guard let dots = word.firstRange(of: "..") else {
      guard let size = Int(word), size > 0 else { return nil }
      return [size]
    }
    let rest = word[dots.upperBound...].split(separator: "x", omittingEmptySubsequences: false)
    guard rest.count == 2, let first = Int(word[..<dots.lowerBound]), let last = Int(rest[0]),
      let factor = Int(rest[1]), first > 0, first <= last, factor > 1
    else { return nil }
    var sizes: [Int] = []
    var (size, overflow) = (first, false)
    while !overflow, size <= last {
      sizes.append(size)
      (size, overflow) = size.multipliedReportingOverflow(by: factor)
    }
    return sizes
  }
}
