import CVectorMath
import Tensors

/// im2col: the matrix of windows, [C/G·K·L, P·Q], times the weights. The matrix is never there as a
/// whole: each thread gathers a panel of it, 256 terms of a few results, and multiplies it by all
/// weights while it is in the first-level cache (Chetlur et al. 2014, "cuDNN").
struct WindowConvolution {
  let geometry: ConvolutionGeometry

  /// Panels that one thread takes at a time.
  private static var share: Int { 8 }

  /// The elements that `forward` takes beside its result.
  func forwardElements(panel: Int, threads: Int) -> Int {
    (geometry.outputs + geometry.groups * 5) * geometry.terms
      + threads * panel * min(geometry.terms, PackedWeights<Float>.block)
  }

  /// y.
  func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ w: Tensor<Element>, _ b: Tensor<Element>?
  ) -> Tensor<Element> {
    typealias Kernels = ConvolutionKernels<Element>
    let (g, panel, block) = (geometry, Kernels.panel, PackedWeights<Element>.block)
    let rows = g.outputs / g.groups
    let weights = w.withUnsafePointer { w in
      (0..<g.groups).map { group in
        PackedWeights(
          rows: rows, w + group * rows * g.terms, rowStride: g.terms, offsets: Array(0..<g.terms))
      }
    }
    let plane = ConvolutionPlane(
      height: g.picture.down, width: g.picture.across, kernelHeight: g.kernel.down,
      kernelWidth: g.kernel.across, strideDown: g.stride.down, strideAcross: g.stride.across,
      paddingDown: g.padding.down, paddingAcross: g.padding.across,
      dilationDown: g.dilation.down, dilationAcross: g.dilation.across,
      outWidth: g.result.across)
    let area = g.result.area
    let shares = area.parts(of: panel * Self.share)
    let offsets = (0..<block).map { $0 * panel }
    return Tensor(uninitialized: g.resultShape) { y in
      guard let y = y.baseAddress else { return }
      x.withUnsafePointer { x in
        withBias(b) { bias in
          Parallel.forEachItem(g.batch * g.groups * shares) { item in
            let (index, share) = (item / shares, item % shares)
            let group = index % g.groups
            let source = x + index * (g.channels / g.groups) * g.picture.area
            let packed = weights[group]
            let places =
              share * panel * Self.share..<min(area, (share + 1) * panel * Self.share)
            withUnsafeTemporaryAllocation(of: Element.self, capacity: panel * block) { buffer in
              packed.elements.withUnsafeElements { a in
                offsets.withUnsafeBufferPointer { offsets in
                  guard let a = a.baseAddress, let offsets = offsets.baseAddress,
                    let gathered = buffer.baseAddress
                  else { return }
                  for first in stride(from: places.lowerBound, to: places.upperBound, by: panel) {
                    let columns = first..<min(first + panel, places.upperBound)
                    for term in stride(from: 0, to: g.terms, by: block) {
                      let terms = term..<min(term + block, g.terms)
                      withUnsafePointer(to: plane) {
                        Kernels.gather($0, source, terms: terms, columns: columns, into: gathered)
                      }
                      Kernels.multiply(
                        rows: rows, terms: terms.count, a + packed.offset(ofTerm: term), gathered,
                        offsets: offsets, initial: bias.map { $0 + group * rows },
                        Kernels.Target(
                          base: y + index * rows * area + first, rowStride: area, step: 1,
                          columns: columns.count, adds: term > 0))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
