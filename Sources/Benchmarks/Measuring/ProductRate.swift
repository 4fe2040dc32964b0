import Reporting
import Tensors

/// The machine's own limit: the rate of a large matrix product.
enum ProductRate {
  private static let size = 2048
  private static let runs = 5

  /// The floating-point operations per second of the fastest of five 2048³ products.
  static func measured<Element: Scalar>(_ element: Element.Type) -> Double {
    let source = RandomSource(seed: 4)
    let a = source.normal([size, size], as: Element.self)
    let b = RandomSource(seed: 5).normal([size, size], as: Element.self)
    var c = Tensor<Element>.zeros([size, size])
    let samples = Benchmark.measure(runs: runs) { c.accumulateProduct(a, b, beta: 0) }
    return 2 * Double(size * size) * Double(size) / Statistics(samples).minimum
  }
}
