import CVectorMath
import TestSupport
@testable import Tensors
import Testing
import VectorMathClones

/// A product with its axes scattered over the memory of three arrays.
private struct Case {
  var loops = StridedLoops(rows: [], columns: [], sums: [])
  var counts = (a: 1, b: 1, c: 1)

  /// Sides given as factors: each becomes an axis; the axes of an array lie in a random order, and
  /// so do the loops.
  init(rows: [Int], columns: [Int], sums: [Int], using generator: inout SeededGenerator) {
    let groups = [rows, columns, sums]
    var axes = groups.map { $0.map { LoopAxis(size: $0, a: 0, b: 0, c: 0) } }
    func places(_ which: [Int]) -> [(group: Int, axis: Int)] {
      which.flatMap { group in groups[group].indices.map { (group, $0) } }
        .shuffled(using: &generator)
    }
    for (group, axis) in places([0, 2]) {
      axes[group][axis].a = counts.a
      counts.a *= groups[group][axis]
    }
    for (group, axis) in places([2, 1]) {
      axes[group][axis].b = counts.b
      counts.b *= groups[group][axis]
    }
    for (group, axis) in places([0, 1]) {
      axes[group][axis].c = counts.c
      counts.c *= groups[group][axis]
    }
    loops = StridedLoops(rows: axes[0], columns: axes[1], sums: axes[2])
  }

  /// The offsets in one array of all indices of some loops.
  static func offsets(_ axes: [LoopAxis], _ stride: KeyPath<LoopAxis, Int>) -> [Int] {
    axes.reduce([0]) { offsets, axis in
      offsets.flatMap { offset in (0..<axis.size).map { offset + $0 * axis[keyPath: stride] } }
    }
  }

  /// Products and their magnitudes by the definition, in Double.
  func definition(_ a: [Double], _ b: [Double]) -> (values: [Double], magnitudes: [Double]) {
    var values = [Double](repeating: 0, count: counts.c)
    var magnitudes = values
    let terms = zip(Self.offsets(loops.sums, \.a), Self.offsets(loops.sums, \.b))
    let columns = zip(Self.offsets(loops.columns, \.b), Self.offsets(loops.columns, \.c))
    for (rowA, rowC) in zip(Self.offsets(loops.rows, \.a), Self.offsets(loops.rows, \.c)) {
      for (columnB, columnC) in columns {
        for (sumA, sumB) in terms {
          let term = a[rowA + sumA] * b[columnB + sumB]
          values[rowC + columnC] += term
          magnitudes[rowC + columnC] += abs(term)
        }
      }
    }
    return (values, magnitudes)
  }
}

@Suite struct StridedProductTests {
  /// Tiles, blocks and their ends: blocks hold 96 rows, 1024 columns and 384 terms.
  private static let sides: [(rows: [Int], columns: [Int], sums: [Int])] = [
    ([], [], []), ([2], [], [3]), ([], [17], [5]), ([7], [16], [1]), ([6], [32], [8]),
    ([3, 5], [2, 3, 4], [4, 2]), ([97], [33], [40]), ([13], [5, 206], [9]),
    ([5, 20], [7], [385]), ([4, 3], [48], [11, 71]), ([12], [1025], [3]), ([193], [2], [2, 2, 2]),
  ]

  private func check<E: Scalar>(
    _ sample: Case, _ name: String,
    _ run: (
      UnsafePointer<StridedProduct>, _ rows: Range<Int>, _ columns: Range<Int>,
      UnsafePointer<E>, UnsafePointer<E>, UnsafeMutablePointer<E>, UnsafeMutablePointer<E>
    ) -> Void
  ) {
    let a = RandomSource(seed: 1).normal([sample.counts.a], as: E.self).elements
    let b = RandomSource(seed: 2).normal([sample.counts.b], as: E.self).elements
    let (expected, magnitudes) = sample.definition(a.map(Double.init), b.map(Double.init))
    func sides(_ axes: [LoopAxis]) -> Int { axes.reduce(1) { $0 * $1.size } }
    let (m, n, k) = (
      sides(sample.loops.rows), sides(sample.loops.columns), sides(sample.loops.sums)
    )
    // Elements outside the range that is asked for stay as they are.
    let (rows, columns) = (m / 3..<m, 0..<max(1, n - n / 4))
    var c = [E](repeating: 99, count: sample.counts.c)
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: StridedLoops.scratchElements(m: m, n: n, k: k) * MemoryLayout<E>.stride,
      alignment: 64)
    defer { scratch.deallocate() }
    guard let work = scratch.baseAddress?.assumingMemoryBound(to: E.self) else { return }
    sample.loops.withC { product in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          c.withUnsafeMutableBufferPointer { c in
            guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
              return
            }
            run(product, rows, columns, a, b, c, work)
          }
        }
      }
    }
    let rowC = Case.offsets(sample.loops.rows, \.c)
    let columnC = Case.offsets(sample.loops.columns, \.c)
    var written = Set<Int>()
    var worst = 0.0
    for i in rows {
      for j in columns {
        let position = rowC[i] + columnC[j]
        written.insert(position)
        // The error of a sum of k products in any order (Higham 2002, §3.1).
        let bound = Double(k) * Double(E.epsilon) * magnitudes[position]
        worst = max(worst, abs(Double(c[position]) - expected[position]) - bound)
      }
    }
    #expect(worst <= 0, "\(name) \(E.dtypeName) \(sample.loops)")
    #expect(c.indices.allSatisfy { written.contains($0) || c[$0] == 99 }, "\(name)")
  }

  @Test(arguments: 0..<Int(strided_product_clone_count()))
  func everyVariantEqualsTheDefinition(index: Int) {
    let variant = strided_product_clone(Int32(index))
    guard variant.isSupported, let double = variant.product_d, let float = variant.product_f
    else { return }
    let name = String(cString: variant.name)
    var generator = SeededGenerator(seed: 7)
    for sides in Self.sides {
      for _ in 0..<3 {
        let sample = Case(
          rows: sides.rows, columns: sides.columns, sums: sides.sums, using: &generator)
        check(sample, name) { (product, rows, columns, a: UnsafePointer<Double>, b, c, scratch) in
          double(
            product, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound, a,
            b, c, scratch)
        }
        check(sample, name) { (product, rows, columns, a: UnsafePointer<Float>, b, c, scratch) in
          float(
            product, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound, a,
            b, c, scratch)
        }
      }
    }
  }
}
