import CVectorMath
import Tensors

/// The C kernels of winograd.h for either precision.
extension ConvolutionKernels {
  typealias Source = UnsafePointer<Element>
  typealias Sink = UnsafeMutablePointer<Element>

  @inline(__always)
  static func interleave(_ count: Int, _ x: Source, channel: Int, lanes: Int, into panel: Sink) {
    if isFloat {
      winograd_interleave_f(count, float(x), channel, lanes, float(panel))
    } else {
      winograd_interleave_d(count, double(x), channel, lanes, double(panel))
    }
  }

  @inline(__always)
  static func transformWeights(
    _ m: Int, _ w: Source, lane: Int, tap: Int, lanes: Int, into u: Sink, spread: Int
  ) {
    if isFloat {
      winograd_weights_f(Int32(m), float(w), lane, tap, lanes, float(u), spread)
    } else {
      winograd_weights_d(Int32(m), double(w), lane, tap, lanes, double(u), spread)
    }
  }

  @inline(__always)
  static func transformInput(_ m: Int, _ d: Source, row: Int, into v: Sink, spread: Int) {
    if isFloat {
      winograd_input_f(Int32(m), float(d), row, float(v), spread)
    } else {
      winograd_input_d(Int32(m), double(d), row, double(v), spread)
    }
  }

  @inline(__always)
  static func transformOutput(
    _ m: Int, _ p: Source, spread: Int, bias: Source?, into y: Sink, row: Int, channel: Int,
    size: PlaneSize, lanes: Int
  ) {
    if isFloat {
      winograd_output_f(
        Int32(m), float(p), spread, bias.map { float($0) }, float(y), row, channel, size.down,
        size.across, lanes)
    } else {
      winograd_output_d(
        Int32(m), double(p), spread, bias.map { double($0) }, double(y), row, channel, size.down,
        size.across, lanes)
    }
  }

  @inline(__always)
  static func transformAdjoint(_ m: Int, _ y: Source, row: Int, into p: Sink, spread: Int) {
    if isFloat {
      winograd_output_adjoint_f(Int32(m), float(y), row, float(p), spread)
    } else {
      winograd_output_adjoint_d(Int32(m), double(y), row, double(p), spread)
    }
  }

  @inline(__always)
  static func transformWeightsAdjoint(
    _ m: Int, _ u: Source, spread: Int, into w: Sink, lane: Int, lanes: Int
  ) {
    if isFloat {
      winograd_weights_adjoint_f(Int32(m), float(u), spread, float(w), lane, lanes)
    } else {
      winograd_weights_adjoint_d(Int32(m), double(u), spread, double(w), lane, lanes)
    }
  }

  @inline(__always)
  static func multiplyPanels(
    _ product: UnsafePointer<WinogradProduct>, _ a: Source, _ b: Source, into c: Sink
  ) {
    if isFloat {
      winograd_product_f(product, float(a), float(b), float(c))
    } else {
      winograd_product_d(product, double(a), double(b), double(c))
    }
  }
}
