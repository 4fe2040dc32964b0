internal import RealModule
public import Tensors

extension Tensor {
  /// `√Σ‖Aᵢ − Bᵢ‖_F²` over pairs of tensors of one shape, as if each list were one tensor.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func frobeniusDistance(_ a: [Tensor], _ b: [Tensor]) -> Double {
    precondition(a.count == b.count, "\(a.count) tensors and \(b.count)")
    return zip(a, b).reduce(0) { Double.hypot($0, ($1.0 - $1.1).frobeniusNorm()) }
  }

  /// `‖A − B‖_F/‖B‖_F` over two lists of tensors, each as if it were one; 0 for equal ones, infinity
  /// when only the reference is zero.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func relativeError(of a: [Tensor], to reference: [Tensor]) -> Double {
    let distance = frobeniusDistance(a, reference)
    let norm = reference.reduce(0) { Double.hypot($0, $1.frobeniusNorm()) }
    return distance == 0 ? 0 : distance / norm
  }
}
