internal import CVectorMath

/// One loop over up to three arrays at once: two that are read and one that is written.
public struct LoopAxis: Sendable, Hashable {
  /// How often the loop runs.
  public var size: Int
  /// The distance of neighbours in each array, in elements; 0 where the array does not have this
  /// axis.
  public var a: Int
  public var b: Int
  public var c: Int

  public init(size: Int, a: Int, b: Int, c: Int) {
    (self.size, self.a, self.b, self.c) = (size, a, b, c)
  }
}

/// A matrix product in memory of any strides: c[row, column] = Σ a[row, sum]·b[sum, column], where
/// rows, columns and sums are nested loops, outermost first, at most 64 of each and none empty.
public struct StridedLoops: Sendable, Hashable {
  public var rows: [LoopAxis]
  public var columns: [LoopAxis]
  public var sums: [LoopAxis]

  public init(rows: [LoopAxis], columns: [LoopAxis], sums: [LoopAxis]) {
    (self.rows, self.columns, self.sums) = (rows, columns, sums)
  }

  /// The elements of scratch memory for a product of at most m rows and n columns, with sums of k
  /// terms.
  public static func scratchElements(m: Int, n: Int, k: Int) -> Int {
    strided_product_scratch(m, n, k)
  }

  /// Calls `body` with the product as C reads it.
  func withC(_ body: (UnsafePointer<StridedProduct>) -> Void) {
    func axes(_ loops: [LoopAxis]) -> [StridedAxis] {
      loops.map { StridedAxis(size: $0.size, a: $0.a, b: $0.b, c: $0.c) }
    }
    let (rows, columns, sums) = (axes(rows), axes(columns), axes(sums))
    rows.withUnsafeBufferPointer { r in
      columns.withUnsafeBufferPointer { c in
        sums.withUnsafeBufferPointer { s in
          var product = StridedProduct(
            rows: r.baseAddress, columns: c.baseAddress, sums: s.baseAddress, rowAxes: r.count,
            columnAxes: c.count, sumAxes: s.count)
          body(&product)
        }
      }
    }
  }
}
