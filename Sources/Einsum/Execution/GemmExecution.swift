import Tensors

extension GemmLayout {
  /// Operations of one product above which BLAS uses its threads better on it than loops use theirs
  /// on several, when there are too few products to share evenly.
  private static var largeProduct: Int { 1 << 24 }

  /// target ← the products, every element written once (or added to, along `sums`).
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func run<Element: Scalar>(
    _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>,
    into target: UnsafeMutablePointer<Element>
  ) {
    let count = loops.count
    let operations = m.size * n.size * k.size * sums.count
    let threads = BLAS.threads
    // Shared unevenly, the last product would keep one thread busy and the others waiting.
    let isUneven = count % threads != 0 && count < 4 * threads
    if count == 1 || isUneven && operations > Self.largeProduct {
      products(0..<count, left, right, target)
    } else {
      Parallel.forEachRange(count, grain: max(1, (1 << 15) / max(1, operations))) { range in
        products(range, left, right, target)
      }
    }
  }

  /// The products of a part of the loops.
  @inline(__always)
  private func products<Element: Scalar>(
    _ range: Range<Int>, _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>,
    _ target: UnsafeMutablePointer<Element>
  ) {
    loops.forEach(range) { a, b, c in
      var beta: Element = 0
      sums.forEach { sumA, sumB, _ in
        product(left + a + sumA, right + b + sumB, target + c, beta: beta)
        beta = 1
      }
    }
  }

  /// One product. Where the result's rows are not contiguous its columns are, and the transposed
  /// product is computed: Cᵀ = Bᵀ·Aᵀ.
  @inline(__always)
  private func product<Element: Scalar>(
    _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>, _ c: UnsafeMutablePointer<Element>,
    beta: Element
  ) {
    let isByRows = (n.size == 1 || n.c == 1) && (m.size == 1 || m.c >= n.size)
    let transposeA = !(k.size == 1 || k.a == 1) || m.size > 1 && m.a < k.size
    let transposeB = !(n.size == 1 || n.b == 1) || k.size > 1 && k.b < n.size
    let lda = transposeA ? max(m.size, k.a) : max(k.size, m.a)
    let ldb = transposeB ? max(k.size, n.b) : max(n.size, k.b)
    if m.size == 1 && n.size == 1 {
      let sum = Element.dot(n: k.size, x: a, incX: max(1, k.a), y: b, incY: max(1, k.b))
      c.initialize(to: beta == 0 ? sum : c[0] + sum)
    } else if n.size == 1 {
      // A holds m rows of k, or k rows of m.
      Element.gemv(
        transpose: transposeA, m: transposeA ? k.size : m.size, n: transposeA ? m.size : k.size,
        a: a, lda: lda, x: b, incX: max(1, k.b), beta: beta, y: c, incY: max(1, m.c))
    } else if m.size == 1 {
      Element.gemv(
        transpose: !transposeB, m: transposeB ? n.size : k.size, n: transposeB ? k.size : n.size,
        a: b, lda: ldb, x: a, incX: max(1, k.a), beta: beta, y: c, incY: max(1, n.c))
    } else if isByRows {
      Element.gemm(
        transposeA: transposeA, transposeB: transposeB, m: m.size, n: n.size, k: k.size, alpha: 1,
        a: a, lda: lda, b: b, ldb: ldb, beta: beta, c: c, ldc: max(n.size, m.c))
    } else {
      Element.gemm(
        transposeA: !transposeB, transposeB: !transposeA, m: n.size, n: m.size, k: k.size,
        alpha: 1, a: b, lda: ldb, b: a, ldb: lda, beta: beta, c: c, ldc: max(m.size, n.c))
    }
  }
}
