internal import CVectorMath

// The twin of Double+SmallSVD.swift: the same text with another type letter.

extension Float {
  public static var smallSVDGroup: Int { Int(small_svd_group_f()) }

  public static func smallSVDWorkspace(m: Int, n: Int) -> Int {
    Int(small_svd_workspace_f(m, n))
  }

  public static func smallSVDDecompose(
    _ matrices: UnsafePointer<UnsafePointer<Float>?>, count: Int, stride: Int, m: Int, n: Int,
    s: UnsafeMutablePointer<Float>, workspace: UnsafeMutableRawPointer
  ) -> Int32 {
    small_svd_decompose_f(matrices, Int32(count), stride, m, n, s, workspace)
  }

  public static func smallSVDVectors(
    workspace: UnsafeMutableRawPointer, index: Int, count: Int, u: UnsafeMutablePointer<Float>,
    vt: UnsafeMutablePointer<Float>
  ) {
    small_svd_vectors_f(workspace, index, count, u, vt)
  }

  public static func smallSVDAdd(
    workspace: UnsafeMutableRawPointer, index: Int, count: Int, weights: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    small_svd_add_f(workspace, index, count, weights, target, stride)
  }
}
