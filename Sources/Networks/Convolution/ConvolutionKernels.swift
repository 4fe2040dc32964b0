import CVectorMath
import Tensors

/// The C kernels of CVectorMath for either precision: one name each, chosen where the element is
/// known.
enum ConvolutionKernels<Element: Scalar> {
  static var isFloat: Bool { MemoryLayout<Element>.size == MemoryLayout<Float>.size }
  /// The columns of a panel.
  static var panel: Int { Int(CONVOLUTION_PANEL_BYTES) / MemoryLayout<Element>.size }
  /// The elements of one vector; what rows are padded to.
  static var lanes: Int { panel / 2 }
  /// The rows that are packed side by side.
  static var rows: Int { Int(CONVOLUTION_ROWS) }

  @inline(__always)
  static func float(_ pointer: UnsafePointer<Element>) -> UnsafePointer<Float> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Float.self)
  }
  @inline(__always)
  static func float(_ pointer: UnsafeMutablePointer<Element>) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
  }
  @inline(__always)
  static func double(_ pointer: UnsafePointer<Element>) -> UnsafePointer<Double> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }
  @inline(__always)
  static func double(_ pointer: UnsafeMutablePointer<Element>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }

  /// What a panel of results is written to.
  struct Target {
    let base: UnsafeMutablePointer<Element>
    /// The distances of rows and of columns.
    let rowStride: Int
    let step: Int
    let columns: Int
    /// Whether the result is added to what is there.
    let adds: Bool
  }

  /// target (+)= initial + a·b, see convolution.h.
  @inline(__always)
  static func multiply(
    rows: Int, terms: Int, _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>,
    offsets: UnsafePointer<Int>, initial: UnsafePointer<Element>?, _ target: Target
  ) {
    if isFloat {
      convolution_rows_f(
        rows, terms, float(a), float(b), offsets, initial.map { float($0) }, target.adds ? 1 : 0,
        float(target.base), target.rowStride, target.step, target.columns)
    } else {
      convolution_rows_d(
        rows, terms, double(a), double(b), offsets, initial.map { double($0) },
        target.adds ? 1 : 0, double(target.base), target.rowStride, target.step, target.columns)
    }
  }

  @inline(__always)
  static func gather(
    _ plane: UnsafePointer<ConvolutionPlane>, _ x: UnsafePointer<Element>, terms: Range<Int>,
    columns: Range<Int>, into panel: UnsafeMutablePointer<Element>
  ) {
    if isFloat {
      convolution_gather_f(
        plane, float(x), terms.lowerBound, terms.count, columns.lowerBound, columns.count,
        float(panel))
    } else {
      convolution_gather_d(
        plane, double(x), terms.lowerBound, terms.count, columns.lowerBound, columns.count,
        double(panel))
    }
  }

  @inline(__always)
  static func dots(
    _ dots: UnsafePointer<ConvolutionDots>, _ aCount: Int, _ a: UnsafePointer<Element>,
    _ bCount: Int, _ b: UnsafePointer<Element>, offsets: UnsafePointer<Int>,
    sums: UnsafeMutablePointer<Element>
  ) {
    if isFloat {
      convolution_dots_f(dots, aCount, float(a), bCount, float(b), offsets, float(sums))
    } else {
      convolution_dots_d(dots, aCount, double(a), bCount, double(b), offsets, double(sums))
    }
  }
}
