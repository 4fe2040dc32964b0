internal import CVectorMath

// The twin of Float+Vectors.swift: the same text with another type letter.

extension Double {
  public static func stridedProduct(
    _ product: StridedLoops, rows: Range<Int>, columns: Range<Int>, a: UnsafePointer<Double>,
    b: UnsafePointer<Double>, c: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    product.withC {
      strided_product_d(
        $0, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound, a, b, c,
        scratch)
    }
  }

  public static func vectorSum(_ count: Int, _ x: UnsafePointer<Double>) -> Double {
    vector_sum_d(count, x)
  }

  public static func vectorDot(
    _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double {
    vector_dot_d(count, x, y)
  }

  public static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Double>, to z: UnsafeMutablePointer<Double>
  ) {
    vector_add_d(count, x, z)
  }

  public static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Double>, times factor: Double,
    to z: UnsafeMutablePointer<Double>
  ) {
    vector_add_scaled_d(count, factor, x, z)
  }

  public static func vectorAdd(
    _ count: Int, _ x: UnsafePointer<Double>, times y: UnsafePointer<Double>,
    to z: UnsafeMutablePointer<Double>
  ) {
    vector_add_product_d(count, x, y, z)
  }

  public static func vectorMultiply(
    _ count: Int, _ x: UnsafePointer<Double>, by factor: Double,
    into z: UnsafeMutablePointer<Double>, streams: Bool
  ) {
    vector_scale_d(count, factor, x, z, streams ? 1 : 0)
  }

  public static func vectorMultiply(
    _ count: Int, _ x: UnsafePointer<Double>, by y: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, streams: Bool
  ) {
    vector_multiply_d(count, x, y, z, streams ? 1 : 0)
  }
}
