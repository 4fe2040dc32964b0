internal import CVectorMath

// The twin of Float+SmallSVD.swift: the same text with another type letter.

extension Double {
  public static var smallSVDGroup: Int { Int(small_svd_group_d()) }

  public static func smallSVDWorkspace(m: Int, n: Int) -> Int {
    Int(small_svd_workspace_d(m, n))
  }

  public static func smallSVDDecompose(
    _ matrices: UnsafePointer<UnsafePointer<Double>?>, count: Int, stride: Int, m: Int, n: Int,
    s: UnsafeMutablePointer<Double>, workspace: UnsafeMutableRawPointer
  ) -> Int32 {
    small_svd_decompose_d(matrices, Int32(count), stride, m, n, s, workspace)
  }

  public static func smallSVDVectors(
    workspace: UnsafeMutableRawPointer, index: Int, count: Int, u: UnsafeMutablePointer<Double>,
    vt: UnsafeMutablePointer<Double>
  ) {
    small_svd_vectors_d(workspace, index, count, u, vt)
  }

  public static func smallSVDAdd(
    workspace: UnsafeMutableRawPointer, index: Int, count: Int, weights: UnsafePointer<Double>,
    target: UnsafeMutablePointer<Double>, stride: Int
  ) {
    small_svd_add_d(workspace, index, count, weights, target, stride)
  }
}
