import CVectorMath
import RealModule
import Tensors

/// Fourier transforms of real tiles of one size, by the kernels of fourier.h.
struct FourierPlan<Element: Scalar>: Sendable {
  let size: PlaneSize
  private let radices: (down: [Int], across: [Int])
  private let tables: (down: [Element], across: [Element])

  init(_ size: PlaneSize) {
    self.size = size
    radices = (FourierSizes.factors(size.down), FourierSizes.factors(size.across))
    tables = (Self.table(size.down), Self.table(size.across))
  }

  /// e^(−2πik/n): cosines and sines in turn.
  private static func table(_ length: Int) -> [Element] {
    (0..<length).flatMap { k in
      let angle = 2 * Double.pi * Double(k) / Double(length)
      return [Element(Double.cos(angle)), Element(-Double.sin(angle))]
    }
  }

  private static var isFloat: Bool { ConvolutionKernels<Element>.isFloat }

  /// The elements of a spectrum.
  static func spectrumElements(_ size: PlaneSize) -> Int {
    Int(
      isFloat
        ? fourier_spectrum_f(size.down, size.across) : fourier_spectrum_d(size.down, size.across))
  }

  /// The elements of scratch memory.
  static func scratchElements(_ size: PlaneSize) -> Int {
    Int(
      isFloat
        ? fourier_scratch_f(size.down, size.across) : fourier_scratch_d(size.down, size.across)
    )
  }

  private func withTile(_ body: (UnsafePointer<FourierTile>) -> Void) {
    radices.down.withUnsafeBufferPointer { downRadices in
      radices.across.withUnsafeBufferPointer { acrossRadices in
        tables.down.withUnsafeBufferPointer { downTable in
          tables.across.withUnsafeBufferPointer { acrossTable in
            var tile = FourierTile(
              down: FourierLength(
                length: size.down, factors: downRadices.count, radices: downRadices.baseAddress,
                table: downTable.baseAddress),
              across: FourierLength(
                length: size.across, factors: acrossRadices.count,
                radices: acrossRadices.baseAddress, table: acrossTable.baseAddress))
            body(&tile)
          }
        }
      }
    }
  }

  /// The spectrum of the tile that a window shows.
  func forward(
    _ window: FourierWindow, _ x: UnsafePointer<Element>,
    into spectrum: UnsafeMutablePointer<Element>, scratch: UnsafeMutablePointer<Element>
  ) {
    typealias Kernels = ConvolutionKernels<Element>
    withUnsafePointer(to: window) { window in
      withTile {
        if Self.isFloat {
          fourier_forward_f(
            $0, window, Kernels.float(x), Kernels.float(spectrum), Kernels.float(scratch))
        } else {
          fourier_forward_d(
            $0, window, Kernels.double(x), Kernels.double(spectrum), Kernels.double(scratch))
        }
      }
    }
  }

  /// The corner of the tile of a spectrum, plus a number.
  func inverse(
    _ spectrum: UnsafePointer<Element>, adding added: Element, _ window: FourierWindow,
    into y: UnsafeMutablePointer<Element>, scratch: UnsafeMutablePointer<Element>
  ) {
    typealias Kernels = ConvolutionKernels<Element>
    withUnsafePointer(to: window) { window in
      withTile {
        if Self.isFloat {
          fourier_inverse_f(
            $0, window, Kernels.float(spectrum), Float(added), Kernels.float(y),
            Kernels.float(scratch))
        } else {
          fourier_inverse_d(
            $0, window, Kernels.double(spectrum), Double(added), Kernels.double(y),
            Kernels.double(scratch))
        }
      }
    }
  }

  /// target = Σ x·conj(w) over spectra that lie some distance apart.
  static func products(
    _ elements: Int, count: Int, _ x: UnsafePointer<Element>, every xStride: Int,
    _ w: UnsafePointer<Element>, every wStride: Int, into target: UnsafeMutablePointer<Element>
  ) {
    typealias Kernels = ConvolutionKernels<Element>
    if isFloat {
      fourier_products_f(
        elements, count, Kernels.float(x), xStride, Kernels.float(w), wStride,
        Kernels.float(target))
    } else {
      fourier_products_d(
        elements, count, Kernels.double(x), xStride, Kernels.double(w), wStride,
        Kernels.double(target))
    }
  }
}
