internal import COpenBLAS
public import RealModule

// The twin of Double+LAPACK.swift: the same text with another type letter.

extension Float: Scalar {
  public static var dtypeName: String { "f32" }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float,
    a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  public static func syrk(
    n: Int, k: Int, a: UnsafePointer<Float>, lda: Int, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    cblas_ssyrk(
      CblasRowMajor, CblasLower, CblasNoTrans, Int32(n), Int32(k), 1, a, Int32(lda),
      0, c, Int32(ldc))
  }

  public static func trsm(
    isUpper: Bool, transposed: Bool, m: Int, n: Int, triangle: UnsafePointer<Float>, ldt: Int,
    b: UnsafeMutablePointer<Float>, ldb: Int
  ) {
    cblas_strsm(
      CblasRowMajor, CblasLeft, isUpper ? CblasUpper : CblasLower,
      transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(m), Int32(n), 1,
      triangle, Int32(ldt), b, Int32(ldb))
  }

  public static func potrfLower(
    n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32
  ) -> Int32 {
    // The lower triangle of row-major memory is the upper triangle of column-major memory.
    LAPACKE_spotrf_work(LAPACK_COL_MAJOR, letter("U"), n, a, lda)
  }

  public static func getrf(
    n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32, pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    LAPACKE_sgetrf_work(LAPACK_COL_MAJOR, n, n, a, lda, pivots)
  }

  public static func getrs(
    transposed: Bool, n: Int32, columns: Int32, a: UnsafePointer<Float>, lda: Int32,
    pivots: UnsafePointer<Int32>, b: UnsafeMutablePointer<Float>, ldb: Int32
  ) -> Int32 {
    LAPACKE_sgetrs_work(
      LAPACK_COL_MAJOR, letter(transposed ? "T" : "N"), n, columns, a, lda, pivots, b, ldb)
  }

  public static func syevd(
    n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32, values: UnsafeMutablePointer<Float>,
    work: UnsafeMutablePointer<Float>, lwork: Int32, iwork: UnsafeMutablePointer<Int32>,
    liwork: Int32
  ) -> Int32 {
    LAPACKE_ssyevd_work(
      LAPACK_COL_MAJOR, letter("V"), letter("L"), n, a, lda, values, work, lwork, iwork, liwork)
  }

  public static func geqrf(
    m: Int32, n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32,
    tau: UnsafeMutablePointer<Float>, work: UnsafeMutablePointer<Float>, lwork: Int32
  ) -> Int32 {
    LAPACKE_sgeqrf_work(LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  public static func orgqr(
    m: Int32, n: Int32, k: Int32, a: UnsafeMutablePointer<Float>, lda: Int32,
    tau: UnsafePointer<Float>, work: UnsafeMutablePointer<Float>, lwork: Int32
  ) -> Int32 {
    LAPACKE_sorgqr_work(LAPACK_COL_MAJOR, m, n, k, a, lda, tau, work, lwork)
  }

  public static func gelqf(
    m: Int32, n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32,
    tau: UnsafeMutablePointer<Float>, work: UnsafeMutablePointer<Float>, lwork: Int32
  ) -> Int32 {
    LAPACKE_sgelqf_work(LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  public static func orglq(
    m: Int32, n: Int32, k: Int32, a: UnsafeMutablePointer<Float>, lda: Int32,
    tau: UnsafePointer<Float>, work: UnsafeMutablePointer<Float>, lwork: Int32
  ) -> Int32 {
    LAPACKE_sorglq_work(LAPACK_COL_MAJOR, m, n, k, a, lda, tau, work, lwork)
  }

  public static func gesdd(
    job: CChar, m: Int32, n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32,
    s: UnsafeMutablePointer<Float>, u: UnsafeMutablePointer<Float>, ldu: Int32,
    vt: UnsafeMutablePointer<Float>, ldvt: Int32,
    work: UnsafeMutablePointer<Float>, lwork: Int32, iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    LAPACKE_sgesdd_work(
      LAPACK_COL_MAJOR, job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork)
  }

  public static func gesvd(
    job: CChar, m: Int32, n: Int32, a: UnsafeMutablePointer<Float>, lda: Int32,
    s: UnsafeMutablePointer<Float>, u: UnsafeMutablePointer<Float>, ldu: Int32,
    vt: UnsafeMutablePointer<Float>, ldvt: Int32,
    work: UnsafeMutablePointer<Float>, lwork: Int32
  ) -> Int32 {
    LAPACKE_sgesvd_work(
      LAPACK_COL_MAJOR, job, job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork)
  }
}

private func letter(_ scalar: Unicode.Scalar) -> CChar { CChar(truncatingIfNeeded: scalar.value) }
