internal import COpenBLAS

/// The linear-algebra library beneath: its identity and its one process-wide setting.
public enum BLAS {
  /// The number of threads that one BLAS call may use; the whole process shares it.
  ///
  /// OpenBLAS keeps this number itself, so it is also what `Parallel` reads: there is one
  /// setting, not two that could disagree.
  public static var threads: Int {
    Int(openblas_get_num_threads())
  }

  /// Sets the number of threads for BLAS calls and parallel loops alike; at least 1.
  public static func setThreads(_ count: Int) {
    openblas_set_num_threads(Int32(clamping: max(1, count)))
  }

  /// The kernel family that OpenBLAS chose for this processor, such as `Zen` or `SkylakeX`.
  public static var core: String { String(cString: openblas_get_corename()) }

  /// The library's version, such as `0.3.21`.
  public static var version: String {
    let words = String(cString: openblas_get_config()).split(separator: " ")
    guard words.count > 1, words[0] == "OpenBLAS" else { return "unknown" }
    return String(words[1])
  }

  /// The machine's own limit: the floating-point operations per second of the fastest of six 2048³
  /// products.
  ///
  /// - Parameter clock: seconds since any moment.
  public static func productRate<Element: Scalar>(
    _ element: Element.Type, clock: () -> Double
  ) -> Double {
    let size = 2048
    let a = RandomSource(seed: 4).normal([size, size], as: Element.self)
    let b = RandomSource(seed: 5).normal([size, size], as: Element.self)
    var c = Tensor<Element>.zeros([size, size])
    var fastest = Double.infinity
    for _ in 0..<6 {
      let start = clock()
      c.accumulateProduct(a, b, beta: 0)
      fastest = min(fastest, clock() - start)
    }
    return 2 * Double(size * size) * Double(size) / fastest
  }
}
