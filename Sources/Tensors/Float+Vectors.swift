internal import CVectorMath

// The twin of Double+Vectors.swift: the same text with another type letter.

extension Float {
  public static func stridedProduct(
    _ product: StridedLoops, rows: Range<Int>, columns: Range<Int>, a: UnsafePointer<Float>,
    b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    product.withC {
      strided_product_f(
        $0, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound, a, b, c,
        scratch)
    }
  }

  public static func vectorSum(_ count: Int, _ x: UnsafePointer<Float>) -> Float {
    vector_sum_f(count, x)
  }

  public static func vectorDot(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Float {
    vector_dot_f(count, x, y)
  }

  public static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Float>, to z: UnsafeMutablePointer<Float>
  ) {
    vector_add_f(count, x, z)
  }

  public static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Float>, times factor: Float,
    to z: UnsafeMutablePointer<Float>
  ) {
    vector_add_scaled_f(count, factor, x, z)
  }

  public static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Float>, times y: UnsafePointer<Float>,
    to z: UnsafeMutablePointer<Float>
  ) {
    vector_add_product_f(count, x, y, z)
  }

  public static func vectorMultiply(
    _ count: Int, _ x: UnsafePointer<Float>, by factor: Float,
    into z: UnsafeMutablePointer<Float>, streams: Bool
  ) {
    vector_scale_f(count, factor, x, z, streams ? 1 : 0)
  }

  public static func vectorMultiply(
    _ count: Int, _ x: UnsafePointer<Float>, by y: UnsafePointer<Float>,
    into z: UnsafeMutablePointer<Float>, streams: Bool
  ) {
    vector_multiply_f(count, x, y, z, streams ? 1 : 0)
  }
}
