import Tensors

/// Matrix products whose operands are packed from wherever they lie, in loops over a batch.
struct PackedProduct: Sendable, Hashable {
  /// The products: their operands and results lie (a, b, c) apart.
  let batch: LoopNest
  /// One product. Its columns lie side by side in the result, if anything does.
  let product: StridedLoops
  /// Whether the product's left operand is the contraction's right one.
  let isSwapped: Bool
  /// The sides of one product.
  let m: Int
  let n: Int
  let k: Int

  /// The sides of a tile that is computed at once, in `Float` with AVX2.
  private static var tile: (m: Int, n: Int) { (6, 16) }
  /// Multiplications that are worth a thread of their own.
  private static var grain: Int { 1 << 17 }

  /// A product of these loops, its rows taken from the operand that uses the tiles best.
  init(batch: LoopNest, rows: LoopNest, columns: LoopNest, sums: LoopNest) {
    func padded(_ count: Int, _ side: Int) -> Double {
      Double((count + side - 1) / side * side)
    }
    func cost(_ rows: LoopNest, _ columns: LoopNest) -> Double {
      // Where the result's neighbours lie along the rows, elements are written one by one.
      let areNeighbours = columns.axes.last.map { $0.c == 1 } ?? false
      return padded(rows.count, Self.tile.m) * padded(columns.count, Self.tile.n)
        * (areNeighbours ? 1 : 1.5)
    }
    self.batch = batch
    isSwapped = cost(columns, rows) < cost(rows, columns)
    func swapped(_ nest: LoopNest) -> [LoopAxis] {
      nest.axes.map { LoopAxis(size: $0.size, a: $0.b, b: $0.a, c: $0.c) }
    }
    product =
      isSwapped
      ? StridedLoops(rows: swapped(columns), columns: swapped(rows), sums: swapped(sums))
      : StridedLoops(rows: rows.axes, columns: columns.axes, sums: sums.axes)
    (m, n) = isSwapped ? (columns.count, rows.count) : (rows.count, columns.count)
    k = sums.count
  }

  /// How the products are shared among the threads.
  private struct Sharing {
    /// Into how many parts each product is cut, and whether along its rows.
    let byRows: Bool
    let cuts: Int
    /// The fewest parts that are worth a thread of their own.
    let grain: Int
    /// The elements that a thread packs into, in whole lines of the cache.
    let scratch: Int
    let threads: Int
  }

  private var sharing: Sharing {
    let threads = BLAS.threads
    let isUneven = batch.count < 4 * threads && batch.count % threads != 0
    let (byRows, cuts) = isUneven ? cut(into: threads) : (true, 1)
    let perCut = m.multipliedOrMax(n).multipliedOrMax(k) / max(1, cuts)
    let grain = max(1, Self.grain / max(1, perCut))
    let elements = StridedLoops.scratchElements(m: m, n: n, k: k)
    return Sharing(
      byRows: byRows, cuts: max(1, cuts), grain: grain, scratch: (elements + 15) / 16 * 16,
      threads: max(1, min(threads, batch.count.multipliedOrMax(max(1, cuts)) / grain)))
  }

  /// The elements that all threads together pack into.
  var scratchElements: Int { sharing.scratch * sharing.threads }

  /// target ← the products, every element written once.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func run<Element: Scalar>(
    _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>,
    into target: UnsafeMutablePointer<Element>
  ) {
    let sharing = sharing
    let cuts = sharing.cuts
    Parallel.forEachRange(batch.count * cuts, grain: sharing.grain) { range in
      let scratch = UnsafeMutableRawBufferPointer.allocate(
        byteCount: sharing.scratch * MemoryLayout<Element>.stride, alignment: 64)
      defer { scratch.deallocate() }
      guard let base = scratch.baseAddress?.assumingMemoryBound(to: Element.self) else { return }
      var index = range.lowerBound
      batch.forEach(index / cuts..<(range.upperBound + cuts - 1) / cuts) { a, b, c in
        repeat {
          Element.stridedProduct(
            product, rows: sharing.byRows ? part(index % cuts, of: cuts, m, Self.tile.m) : 0..<m,
            columns: sharing.byRows ? 0..<n : part(index % cuts, of: cuts, n, Self.tile.n),
            a: isSwapped ? right + b : left + a, b: isSwapped ? left + a : right + b,
            c: target + c, scratch: base)
          index += 1
        } while index < range.upperBound && index % cuts != 0
      }
    }
  }

  /// Whether a product is better cut along its rows or along its columns, and into how many parts:
  /// the last to end counts, in tiles.
  private func cut(into parts: Int) -> (byRows: Bool, cuts: Int) {
    func tiles(_ count: Int, _ side: Int) -> Int { (count + side - 1) / side }
    let (rows, columns) = (tiles(m, Self.tile.m), tiles(n, Self.tile.n))
    let byRows = tiles(rows, parts) * columns
    let byColumns = rows * tiles(columns, parts)
    return byRows <= byColumns ? (true, min(parts, rows)) : (false, min(parts, columns))
  }

  /// The rows or columns of one part: whole tiles but for the last.
  private func part(_ index: Int, of cuts: Int, _ count: Int, _ tile: Int) -> Range<Int> {
    let tiles = (count + tile - 1) / tile
    return min(count, tiles * index / cuts * tile)..<min(count, tiles * (index + 1) / cuts * tile)
  }
}
