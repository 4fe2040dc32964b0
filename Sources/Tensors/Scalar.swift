public import RealModule

/// The number types that the engine computes with: `Float` and `Double`.
///
/// The BLAS and LAPACK routines hang off the type as static requirements (`BLAS` and, in
/// Factorizations, `LAPACK`), so that everything above is written once.
public protocol Scalar: Real, BinaryFloatingPoint, Sendable, LosslessStringConvertible {
  /// The name users type and tables print: `f32` or `f64`.
  static var dtypeName: String { get }
}

extension Float: Scalar {
  public static var dtypeName: String { "f32" }
}

extension Double: Scalar {
  public static var dtypeName: String { "f64" }
}

extension Scalar {
  /// The distance from 1 to the next larger number: 1.19e-7 for `Float`, 2.22e-16 for `Double`.
  public static var epsilon: Self { Self.ulpOfOne }
}
