internal import CVectorMath
import Tensors

/// The C kernels of a dense layer's rows in either precision.
enum TrainingKernels<Element: Scalar> {
  /// z[i] = max(z[i] + bias[i], 0).
  static func relu(
    _ count: Int, adding bias: UnsafePointer<Element>? = nil, to z: UnsafeMutablePointer<Element>
  ) {
    if Element.self == Float.self {
      bias_relu_f(count, bias.map { typed($0) }, typed(z))
    } else {
      bias_relu_d(count, bias.map { typed($0) }, typed(z))
    }
  }

  /// g ← f′·g for relu from h of f's sign.
  static func reluSlope(
    _ count: Int, _ h: UnsafePointer<Element>, _ g: UnsafeMutablePointer<Element>
  ) {
    if Element.self == Float.self {
      relu_slope_f(count, typed(h), typed(g))
    } else {
      relu_slope_d(count, typed(h), typed(g))
    }
  }

  /// g ← f′·g for tanh from keep·h = f(z).
  static func tanhSlope(
    _ count: Int, keep: Element, _ h: UnsafePointer<Element>, _ g: UnsafeMutablePointer<Element>
  ) {
    if Element.self == Float.self {
      tanh_slope_f(count, Float(keep), typed(h), typed(g))
    } else {
      tanh_slope_d(count, Double(keep), typed(h), typed(g))
    }
  }

  /// g ← f′·g for the sigmoid from keep·h = f(z).
  static func sigmoidSlope(
    _ count: Int, keep: Element, _ h: UnsafePointer<Element>, _ g: UnsafeMutablePointer<Element>
  ) {
    if Element.self == Float.self {
      sigmoid_slope_f(count, Float(keep), typed(h), typed(g))
    } else {
      sigmoid_slope_d(count, Double(keep), typed(h), typed(g))
    }
  }

  /// z ← factor·z where the mask is not 0, else 0.
  static func mask(
    _ count: Int, _ mask: UnsafePointer<UInt8>, times factor: Element,
    _ z: UnsafeMutablePointer<Element>
  ) {
    if Element.self == Float.self {
      mask_row_f(count, mask, Float(factor), typed(z))
    } else {
      mask_row_d(count, mask, Double(factor), typed(z))
    }
  }

  private static func typed<Known>(_ pointer: UnsafePointer<Element>) -> UnsafePointer<Known> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Known.self)
  }

  private static func typed<Known>(
    _ pointer: UnsafeMutablePointer<Element>
  ) -> UnsafeMutablePointer<Known> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Known.self)
  }
}
