internal import CVectorMath

// The twin of Float+SmallSVD.swift: the same text with another type letter.

extension Double {
  public static func smallSVDWorkspace(m: Int, n: Int) -> Int {
    Int(small_svd_workspace_d(m, n))
  }

  public static func smallSVDDecompose(
    a: UnsafePointer<Double>, stride: Int, m: Int, n: Int, s: UnsafeMutablePointer<Double>,
    workspace: UnsafeMutableRawPointer
  ) -> Int32 {
    small_svd_decompose_d(a, stride, m, n, s, workspace)
  }

  public static func smallSVDVectors(
    workspace: UnsafeMutableRawPointer, count: Int, u: UnsafeMutablePointer<Double>,
    vt: UnsafeMutablePointer<Double>
  ) {
    small_svd_vectors_d(workspace, count, u, vt)
  }

  public static func smallSVDAdd(
    workspace: UnsafeMutableRawPointer, count: Int, weights: UnsafePointer<Double>,
    target: UnsafeMutablePointer<Double>, stride: Int
  ) {
    small_svd_add_d(workspace, count, weights, target, stride)
  }
}
