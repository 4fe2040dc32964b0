/// Where square blocks lie that cover a matrix: every `stride` elements in both directions, and
/// flush with its last row and last column.
public struct BlockGrid: Sendable, Hashable {
  /// The side of a block.
  public let side: Int
  /// The first row of each row of blocks, ascending.
  public let rowStarts: [Int]
  /// The first column of each column of blocks, ascending.
  public let columnStarts: [Int]

  /// The blocks of a matrix m×n; `side` from 1 to min(m, n) and `stride` from 1 to `side`, so that
  /// no element is left out. Anything else traps.
  public init(rows: Int, columns: Int, side: Int, stride: Int) {
    precondition(side >= 1 && side <= min(rows, columns), "blocks of \(side) in \(rows)x\(columns)")
    precondition(stride >= 1 && stride <= side, "blocks of \(side) every \(stride)")
    func starts(_ length: Int) -> [Int] {
      let regular = Array(Swift.stride(from: 0, through: length - side, by: stride))
      return regular.last == length - side ? regular : regular + [length - side]
    }
    self.side = side
    rowStarts = starts(rows)
    columnStarts = starts(columns)
  }

  /// The number of blocks.
  public var count: Int { rowStarts.count * columnStarts.count }

  /// How many blocks each of `length` rows or columns lies in.
  static func coverage(_ starts: [Int], side: Int, length: Int) -> [Int] {
    var result = [Int](repeating: 0, count: length)
    for start in starts {
      for i in start..<start + side { result[i] += 1 }
    }
    return result
  }
}
