import Tensors

/// One product of matrices in memory as BLAS takes them: for large products, which BLAS spreads over
/// its threads, and for small ones, which are not worth packing. Between the two `PackedProduct` was
/// measured faster.
struct MatrixProduct: Sendable, Hashable {
  /// The rows (a, c), the columns (b, c) and the sum (a, b).
  let m: LoopAxis
  let n: LoopAxis
  let k: LoopAxis

  /// The multiplications of a small product, at most, and of a large one, at least.
  private static var small: Double { 0x1p15 }
  private static var large: Double { 0x1p26 }

  /// Nil when the product is neither small nor large or not as BLAS takes it: sizes and strides of 32
  /// bits, and in each matrix one side whose neighbours are neighbours in memory.
  init?(rows: LoopNest, columns: LoopNest, sums: LoopNest) {
    guard rows.axes.count == 1, columns.axes.count == 1, sums.axes.count == 1 else { return nil }
    (m, n, k) = (rows.axes[0], columns.axes[0], sums.axes[0])
    let largest = [m, n, k].reduce(0) { max($0, $1.size, $1.a, $1.b, $1.c) }
    guard largest <= Int(Int32.max) else { return nil }
    let multiplications = Double(m.size) * Double(n.size) * Double(k.size)
    guard multiplications <= Self.small || multiplications >= Self.large,
      Self.takes(m.size, m.a, k.size, k.a), Self.takes(k.size, k.b, n.size, n.b),
      Self.takes(m.size, m.c, n.size, n.c)
    else { return nil }
  }

  /// Whether BLAS takes a matrix with these sides and strides: one stride is 1, the other at least
  /// as long as the row it steps over.
  private static func takes(_ p: Int, _ pStride: Int, _ q: Int, _ qStride: Int) -> Bool {
    qStride == 1 && pStride >= q || pStride == 1 && qStride >= p
  }

  /// target ← the product. Where the result's rows are not contiguous its columns are, and the
  /// transposed product is computed: Cᵀ = Bᵀ·Aᵀ.
  @inline(__always)
  func run<Element: Scalar>(
    _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>,
    into c: UnsafeMutablePointer<Element>
  ) {
    let (transposeA, transposeB) = (k.a != 1, n.b != 1)
    let (lda, ldb) = (transposeA ? k.a : m.a, transposeB ? n.b : k.b)
    if n.c == 1 {
      Element.gemm(
        transposeA: transposeA, transposeB: transposeB, m: m.size, n: n.size, k: k.size, alpha: 1,
        a: a, lda: lda, b: b, ldb: ldb, beta: 0, c: c, ldc: m.c)
    } else {
      Element.gemm(
        transposeA: !transposeB, transposeB: !transposeA, m: n.size, n: m.size, k: k.size,
        alpha: 1, a: b, lda: ldb, b: a, ldb: lda, beta: 0, c: c, ldc: n.c)
    }
  }
}
