import CVectorMath
import Tensors

/// The definition's sums in a blocked loop, forwards and backwards.
struct DirectConvolution {
  let geometry: ConvolutionGeometry

  /// What the input is read from: padded, with room for whole panels.
  func planes(panel: Int) -> PhasedPlanes {
    let (g, reach) = (geometry, geometry.reach)
    return PhasedPlanes(
      g.picture, margin: g.padding, rows: (g.result.down - 1) * g.stride.down + reach.down + 1,
      columns: reach.across / g.stride.across + g.result.across.roundedUp(to: panel),
      stride: g.stride.across)
  }

  /// Where the terms of a sum lie in such planes: channel, kernel row, kernel column.
  func offsets(_ planes: PhasedPlanes) -> [Int] {
    let g = geometry
    return (0..<g.channels / g.groups).flatMap { channel in
      (0..<g.kernel.area).map { tap in
        channel * planes.elements
          + planes.offset(
            row: tap / g.kernel.across * g.dilation.down,
            column: tap % g.kernel.across * g.dilation.across)
      }
    }
  }

  /// The elements that `forward` takes beside its result.
  func forwardElements(panel: Int) -> Int {
    geometry.batch * geometry.channels * planes(panel: panel).elements
      + (geometry.outputs + geometry.groups * 5) * geometry.terms
  }

  /// y.
  func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ w: Tensor<Element>, _ b: Tensor<Element>?
  ) -> Tensor<Element> {
    let g = geometry
    let planes = planes(panel: ConvolutionKernels<Element>.panel)
    let padded = x.withUnsafePointer { planes.filled(g.batch * g.channels, from: $0) }
    let (rows, taps) = (g.outputs / g.groups, offsets(planes))
    let passes = w.withUnsafePointer { w in
      (0..<g.groups).map { group in
        RowConvolution(
          planes: planes,
          weights: PackedWeights(
            rows: rows, w + group * rows * g.terms, rowStride: g.terms,
            offsets: Array(0..<g.terms)),
          offsets: taps, rowStep: g.stride.down * planes.rowElements, columns: g.result.across)
      }
    }
    let area = g.result.area
    return Tensor(uninitialized: g.resultShape) { y in
      guard let y = y.baseAddress else { return }
      padded.withUnsafePointer { padded in
        withBias(b) { bias in
          RowShares.forEach(g.batch * g.groups, g.result) { index, range in
            let first = index % g.groups * rows
            passes[index % g.groups].run(
              rows: range,
              from: padded + index * (g.channels / g.groups) * planes.elements,
              initial: bias.map { $0 + first },
              into: .init(
                base: y + index * rows * area, channel: area, row: g.result.across, column: 1))
          }
        }
      }
    }
  }
}

/// Calls `body` with the elements of what may be missing.
@inline(__always)
func withBias<Element: Scalar>(
  _ bias: Tensor<Element>?, _ body: (UnsafePointer<Element>?) -> Void
) {
  guard let bias else { return body(nil) }
  bias.withUnsafeElements { body($0.baseAddress) }
}

extension Tensor {
  /// Calls `body` with the address of the elements, of which there are some.
  @inline(__always)
  func withUnsafePointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result {
    withUnsafeElements {
      guard let base = $0.baseAddress else { preconditionFailure("a tensor without elements") }
      return body(base)
    }
  }
}
