public import RealModule

/// The number types that the engine computes with: `Float` and `Double`.
///
/// BLAS and LAPACK routines hang off the type as static requirements under their own names
/// without the type letter, so that everything above is written once. They take raw pointers
/// and check nothing: `Tensor`'s products and the Factorizations module are what to call.
/// BLAS is row-major, LAPACK column-major, but for `potrfLower`.
public protocol Scalar:
  Real, BinaryFloatingPoint, VectorMath, Sendable, LosslessStringConvertible
where RawSignificand: FixedWidthInteger {
  /// The name users type and tables print: `f32` or `f64`.
  static var dtypeName: String { get }

  /// C ← alpha·op(A)·op(B) + beta·C, row-major; op(A) is m×k, op(B) k×n.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Self,
    a: UnsafePointer<Self>, lda: Int, b: UnsafePointer<Self>, ldb: Int,
    beta: Self, c: UnsafeMutablePointer<Self>, ldc: Int)

  /// The lower triangle of C ← A·Aᵀ, row-major; A is n×k.
  static func syrk(
    n: Int, k: Int, a: UnsafePointer<Self>, lda: Int, c: UnsafeMutablePointer<Self>, ldc: Int)

  /// B ← op(T)⁻¹·B for a triangle T, row-major, whose other half is not read; B is m×n.
  static func trsm(
    isUpper: Bool, transposed: Bool, m: Int, n: Int, triangle: UnsafePointer<Self>, ldt: Int,
    b: UnsafeMutablePointer<Self>, ldb: Int)

  /// The Cholesky factor of a symmetric matrix whose lower triangle (row-major) is given.
  static func potrfLower(n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32) -> Int32

  /// LU with row exchanges of a square matrix, column-major; positive: a pivot that is zero, from 1.
  static func getrf(
    n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32, pivots: UnsafeMutablePointer<Int32>
  ) -> Int32

  /// B ← op(A)⁻¹·B by the factors of `getrf`, column-major.
  static func getrs(
    transposed: Bool, n: Int32, columns: Int32, a: UnsafePointer<Self>, lda: Int32,
    pivots: UnsafePointer<Int32>, b: UnsafeMutablePointer<Self>, ldb: Int32
  ) -> Int32

  /// Eigenvalues, ascending, and vectors of a symmetric matrix by divide and conquer, column-major;
  /// `lwork == -1` asks for the workspaces.
  static func syevd(
    n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32, values: UnsafeMutablePointer<Self>,
    work: UnsafeMutablePointer<Self>, lwork: Int32, iwork: UnsafeMutablePointer<Int32>,
    liwork: Int32
  ) -> Int32

  /// Householder QR, column-major; `lwork == -1` asks for the workspace.
  static func geqrf(
    m: Int32, n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32,
    tau: UnsafeMutablePointer<Self>, work: UnsafeMutablePointer<Self>, lwork: Int32
  ) -> Int32

  /// The first k columns of Q from `geqrf`, column-major.
  static func orgqr(
    m: Int32, n: Int32, k: Int32, a: UnsafeMutablePointer<Self>, lda: Int32,
    tau: UnsafePointer<Self>, work: UnsafeMutablePointer<Self>, lwork: Int32
  ) -> Int32

  /// Householder LQ, column-major: QR of the same memory read row-major.
  static func gelqf(
    m: Int32, n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32,
    tau: UnsafeMutablePointer<Self>, work: UnsafeMutablePointer<Self>, lwork: Int32
  ) -> Int32

  /// The first k rows of Q from `gelqf`, column-major.
  static func orglq(
    m: Int32, n: Int32, k: Int32, a: UnsafeMutablePointer<Self>, lda: Int32,
    tau: UnsafePointer<Self>, work: UnsafeMutablePointer<Self>, lwork: Int32
  ) -> Int32

  /// SVD by divide and conquer, column-major.
  static func gesdd(
    job: CChar, m: Int32, n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32,
    s: UnsafeMutablePointer<Self>, u: UnsafeMutablePointer<Self>, ldu: Int32,
    vt: UnsafeMutablePointer<Self>, ldvt: Int32,
    work: UnsafeMutablePointer<Self>, lwork: Int32, iwork: UnsafeMutablePointer<Int32>
  ) -> Int32

  /// SVD by QR iteration, column-major.
  static func gesvd(
    job: CChar, m: Int32, n: Int32, a: UnsafeMutablePointer<Self>, lda: Int32,
    s: UnsafeMutablePointer<Self>, u: UnsafeMutablePointer<Self>, ldu: Int32,
    vt: UnsafeMutablePointer<Self>, ldvt: Int32,
    work: UnsafeMutablePointer<Self>, lwork: Int32
  ) -> Int32

  /// How many small matrices our own SVD decomposes side by side at most.
  static var smallSVDGroup: Int { get }

  /// The bytes, aligned to 64, that it works in for a group of m×n matrices.
  static func smallSVDWorkspace(m: Int, n: Int) -> Int

  /// Decomposes a group of small row-major m×n matrices: the singular values; the rest stays in the
  /// workspace. A bit for each without convergence.
  static func smallSVDDecompose(
    _ matrices: UnsafePointer<UnsafePointer<Self>?>, count: Int, stride: Int, m: Int, n: Int,
    s: UnsafeMutablePointer<Self>, workspace: UnsafeMutableRawPointer
  ) -> Int32

  /// The leading vectors of one matrix of the group, row-major: m×count and count×n.
  static func smallSVDVectors(
    workspace: UnsafeMutableRawPointer, index: Int, count: Int, u: UnsafeMutablePointer<Self>,
    vt: UnsafeMutablePointer<Self>)

  /// target += Σ weights[i]·u_i·v_iᵀ over the leading triples of one matrix of the group.
  static func smallSVDAdd(
    workspace: UnsafeMutableRawPointer, index: Int, count: Int, weights: UnsafePointer<Self>,
    target: UnsafeMutablePointer<Self>, stride: Int)

  /// The elements of C in some rows and columns of a product whose operands lie in any strides.
  static func stridedProduct(
    _ product: StridedLoops, rows: Range<Int>, columns: Range<Int>, a: UnsafePointer<Self>,
    b: UnsafePointer<Self>, c: UnsafeMutablePointer<Self>, scratch: UnsafeMutablePointer<Self>)

  /// Σ x[i].
  static func vectorSum(_ count: Int, _ x: UnsafePointer<Self>) -> Self

  /// Σ x[i]·y[i].
  static func vectorDot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self

  /// z[i] += x[i].
  static func vectorAdd(_ count: Int, _ x: UnsafePointer<Self>, to z: UnsafeMutablePointer<Self>)

  /// z[i] += factor·x[i].
  static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Self>, times factor: Self, to z: UnsafeMutablePointer<Self>)

  /// z[i] += x[i]·y[i].
  static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Self>, times y: UnsafePointer<Self>,
    to z: UnsafeMutablePointer<Self>)

  /// z[i] = factor·x[i]; with `streams` written past the caches.
  static func vectorMultiply(
    _ count: Int, _ x: UnsafePointer<Self>, by factor: Self, into z: UnsafeMutablePointer<Self>,
    streams: Bool)

  /// z[i] = x[i]·y[i]; with `streams` written past the caches.
  static func vectorMultiply(
    _ count: Int, _ x: UnsafePointer<Self>, by y: UnsafePointer<Self>,
    into z: UnsafeMutablePointer<Self>, streams: Bool)
}

extension Scalar {
  /// The distance from 1 to the next larger number: 1.19e-7 for `Float`, 2.22e-16 for `Double`.
  public static var epsilon: Self { Self.ulpOfOne }
}
