internal import COpenBLAS
public import RealModule

// The twin of Float+LAPACK.swift: the same text with another type letter.

extension Double: Scalar {
  public static var dtypeName: String { "f64" }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Double,
    a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  public static func syrk(
    n: Int, k: Int, a: UnsafePointer<Double>, lda: Int, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    cblas_dsyrk(
      CblasRowMajor, CblasLower, CblasNoTrans, Int32(n), Int32(k), 1, a, Int32(lda),
      0, c, Int32(ldc))
  }

  public static func trsm(
    isUpper: Bool, transposed: Bool, m: Int, n: Int, triangle: UnsafePointer<Double>, ldt: Int,
    b: UnsafeMutablePointer<Double>, ldb: Int
  ) {
    cblas_dtrsm(
      CblasRowMajor, CblasLeft, isUpper ? CblasUpper : CblasLower,
      transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(m), Int32(n), 1,
      triangle, Int32(ldt), b, Int32(ldb))
  }

  public static func potrfLower(
    n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32
  ) -> Int32 {
    // The lower triangle of row-major memory is the upper triangle of column-major memory.
    LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, letter("U"), n, a, lda)
  }

  public static func getrf(
    n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32, pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, n, n, a, lda, pivots)
  }

  public static func getrs(
    transposed: Bool, n: Int32, columns: Int32, a: UnsafePointer<Double>, lda: Int32,
    pivots: UnsafePointer<Int32>, b: UnsafeMutablePointer<Double>, ldb: Int32
  ) -> Int32 {
    LAPACKE_dgetrs_work(
      LAPACK_COL_MAJOR, letter(transposed ? "T" : "N"), n, columns, a, lda, pivots, b, ldb)
  }

  public static func syevd(
    n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32, values: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>, lwork: Int32, iwork: UnsafeMutablePointer<Int32>,
    liwork: Int32
  ) -> Int32 {
    LAPACKE_dsyevd_work(
      LAPACK_COL_MAJOR, letter("V"), letter("L"), n, a, lda, values, work, lwork, iwork, liwork)
  }

  public static func geqrf(
    m: Int32, n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32,
    tau: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>, lwork: Int32
  ) -> Int32 {
    LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  public static func orgqr(
    m: Int32, n: Int32, k: Int32, a: UnsafeMutablePointer<Double>, lda: Int32,
    tau: UnsafePointer<Double>, work: UnsafeMutablePointer<Double>, lwork: Int32
  ) -> Int32 {
    LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, m, n, k, a, lda, tau, work, lwork)
  }

  public static func gelqf(
    m: Int32, n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32,
    tau: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>, lwork: Int32
  ) -> Int32 {
    LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  public static func orglq(
    m: Int32, n: Int32, k: Int32, a: UnsafeMutablePointer<Double>, lda: Int32,
    tau: UnsafePointer<Double>, work: UnsafeMutablePointer<Double>, lwork: Int32
  ) -> Int32 {
    LAPACKE_dorglq_work(LAPACK_COL_MAJOR, m, n, k, a, lda, tau, work, lwork)
  }

  public static func gesdd(
    job: CChar, m: Int32, n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32,
    s: UnsafeMutablePointer<Double>, u: UnsafeMutablePointer<Double>, ldu: Int32,
    vt: UnsafeMutablePointer<Double>, ldvt: Int32,
    work: UnsafeMutablePointer<Double>, lwork: Int32, iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    LAPACKE_dgesdd_work(
      LAPACK_COL_MAJOR, job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork)
  }

  public static func gesvd(
    job: CChar, m: Int32, n: Int32, a: UnsafeMutablePointer<Double>, lda: Int32,
    s: UnsafeMutablePointer<Double>, u: UnsafeMutablePointer<Double>, ldu: Int32,
    vt: UnsafeMutablePointer<Double>, ldvt: Int32,
    work: UnsafeMutablePointer<Double>, lwork: Int32
  ) -> Int32 {
    LAPACKE_dgesvd_work(
      LAPACK_COL_MAJOR, job, job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork)
  }
}

private func letter(_ scalar: Unicode.Scalar) -> CChar { CChar(truncatingIfNeeded: scalar.value) }
