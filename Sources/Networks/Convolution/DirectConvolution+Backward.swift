import CVectorMath
import Tensors

extension DirectConvolution {
  /// One of the interleaved grids that a stride cuts the input into: places `first` and every stride-th
  /// after, which see the same taps of the kernel.
  private struct Phase {
    let first: Int
    let count: Int
    /// The kernel's places that reach this phase, and the result each reads for place 0.
    let taps: [(place: Int, result: Int)]

    static func all(
      size: Int, kernel: Int, stride: Int, padding: Int, dilation: Int
    ) -> [Phase] {
      (0..<min(stride, size)).map { first in
        let taps = (0..<kernel).compactMap { place -> (place: Int, result: Int)? in
          let distance = first + padding - place * dilation
          let rest = ((distance % stride) + stride) % stride
          return rest == 0 ? (place, distance / stride) : nil
        }
        return Phase(first: first, count: (size - first).parts(of: stride), taps: taps)
      }
    }
  }

  /// The phases down and across, and the planes of the result's adjoint that they read.
  private func phases(panel: Int) -> (down: [Phase], across: [Phase], planes: PhasedPlanes) {
    let g = geometry
    let down = Phase.all(
      size: g.picture.down, kernel: g.kernel.down, stride: g.stride.down, padding: g.padding.down,
      dilation: g.dilation.down)
    let across = Phase.all(
      size: g.picture.across, kernel: g.kernel.across, stride: g.stride.across,
      padding: g.padding.across, dilation: g.dilation.across)
    func low(_ phases: [Phase]) -> Int {
      max(0, -(phases.flatMap { $0.taps.map(\.result) }.min() ?? 0))
    }
    func high(_ phases: [Phase], multiple: Int) -> Int {
      phases.flatMap { phase in
        phase.taps.map { max(0, $0.result + phase.count.roundedUp(to: multiple)) }
      }.max() ?? 0
    }
    let margin = PlaneSize(low(down), low(across))
    return (
      down, across,
      PhasedPlanes(
        g.result, margin: margin, rows: margin.down + high(down, multiple: 1),
        columns: margin.across + high(across, multiple: panel), stride: 1)
    )
  }

  /// The elements that `inputAdjoint` takes beside its result.
  func inputAdjointElements(panel: Int) -> Int {
    let g = geometry
    return g.batch * g.outputs * phases(panel: panel).planes.elements
      + (g.channels + g.groups * 5) * g.outputs / g.groups * g.kernel.area
  }

  /// x̄ = Σ w·ȳ over what each input reaches: a convolution of ȳ without stride for each phase.
  func inputAdjoint<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ w: Tensor<Element>
  ) -> Tensor<Element> {
    let g = geometry
    let (down, across, planes) = phases(panel: ConvolutionKernels<Element>.panel)
    let padded = adjoint.withUnsafePointer { planes.filled(g.batch * g.outputs, from: $0) }
    let (rows, sums) = (g.channels / g.groups, g.outputs / g.groups)
    return Tensor(uninitialized: g.inputShape) { x in
      guard let x = x.baseAddress else { return }
      padded.withUnsafePointer { padded in
        for y in down {
          for z in across {
            let passes = (0..<g.groups).map { group in
              w.withUnsafePointer { w in
                pass(y, z, planes, w + group * sums * g.terms, rows: rows, sums: sums)
              }
            }
            RowShares.forEach(g.batch * g.groups, PlaneSize(y.count, z.count)) { index, range in
              passes[index % g.groups].run(
                rows: range, from: padded + index * sums * planes.elements, initial: nil,
                into: .init(
                  base: x + index * rows * g.picture.area + y.first * g.picture.across + z.first,
                  channel: g.picture.area, row: g.stride.down * g.picture.across,
                  column: g.stride.across))
            }
          }
        }
      }
    }
  }

  private func pass<Element: Scalar>(
    _ down: Phase, _ across: Phase, _ planes: PhasedPlanes, _ w: UnsafePointer<Element>, rows: Int,
    sums: Int
  ) -> RowConvolution<Element> {
    let g = geometry
    var (weights, offsets): ([Int], [Int]) = ([], [])
    for output in 0..<sums {
      for y in down.taps {
        for z in across.taps {
          weights.append(output * g.terms + y.place * g.kernel.across + z.place)
          offsets.append(
            output * planes.elements
              + planes.offset(
                row: y.result + planes.margin.down, column: z.result + planes.margin.across))
        }
      }
    }
    return RowConvolution(
      planes: planes,
      weights: PackedWeights(rows: rows, w, rowStride: g.kernel.area, offsets: weights),
      offsets: offsets, rowStep: planes.rowElements, columns: across.count)
  }

  /// Results of a channel that are summed over at a time: four rows of them stay in the first cache.
  private static var results: Int { 1024 }
  /// Outputs and terms that one thread takes: multiples of the kernel's block.
  private static var share: (outputs: Int, terms: Int) { (16, 48) }

  /// The elements that `weightAdjoint` takes beside its result.
  func weightAdjointElements(panel: Int) -> Int {
    let g = geometry
    let width = g.result.across.roundedUp(to: panel / 2)
    return g.batch * g.channels * planes(panel: panel).elements
      + (width == g.result.across ? 0 : g.batch * g.outputs * g.result.down * width)
  }

  /// w̄[o, c, k, l] = Σ ȳ[o]·x[c] shifted by (k, l), over the batch and all places.
  func weightAdjoint<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ x: Tensor<Element>
  ) -> Tensor<Element> {
    typealias Kernels = ConvolutionKernels<Element>
    let g = geometry
    let planes = planes(panel: Kernels.panel)
    let padded = x.withUnsafePointer { planes.filled(g.batch * g.channels, from: $0) }
    let width = g.result.across.roundedUp(to: Kernels.lanes)
    // Zeros behind the rows take no part in the sums.
    let rows = PhasedPlanes(
      g.result, margin: PlaneSize(0), rows: g.result.down, columns: width, stride: 1)
    let left =
      width == g.result.across
      ? adjoint : adjoint.withUnsafePointer { rows.filled(g.batch * g.outputs, from: $0) }
    let taps = offsets(planes)
    let (outputs, channels) = (g.outputs / g.groups, g.channels / g.groups)
    let (outputShare, termShare) = Self.share
    let shares = PlaneSize(outputs.parts(of: outputShare), g.terms.parts(of: termShare))
    let height = max(1, Self.results / width)
    var result = Tensor<Element>.zeros(g.weightShape)
    result.withUnsafeMutableElements { sums in
      guard let sums = sums.baseAddress else { return }
      left.withUnsafePointer { left in
        padded.withUnsafePointer { padded in
          taps.withUnsafeBufferPointer { taps in
            guard let taps = taps.baseAddress else { return }
            Parallel.forEachItem(g.groups * shares.area) { item in
              let group = item / shares.area
              let output = item % shares.area / shares.across * outputShare
              let term = item % shares.across * termShare
              for image in 0..<g.batch {
                let index = image * g.groups + group
                for row in stride(from: 0, to: g.result.down, by: height) {
                  var dots = ConvolutionDots(
                    aStride: rows.elements, aRow: width,
                    bRow: g.stride.down * planes.rowElements,
                    rows: min(height, g.result.down - row), width: width, sumStride: g.terms)
                  Kernels.dots(
                    &dots, min(outputShare, outputs - output),
                    left + (index * outputs + output) * rows.elements + row * width,
                    min(termShare, g.terms - term),
                    padded + index * channels * planes.elements
                      + row * g.stride.down * planes.rowElements,
                    offsets: taps + term,
                    sums: sums + (group * outputs + output) * g.terms + term)
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
