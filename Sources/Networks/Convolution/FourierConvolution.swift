import CVectorMath
import Tensors

/// Convolution by Fourier transforms of overlapping tiles ("overlap-save"; Mathieu, Henaff & LeCun
/// 2014): the sum over channels is one of spectra, and a tile gives the results whose windows do not
/// reach around it.
struct FourierConvolution {
  let geometry: ConvolutionGeometry
  let tile: PlaneSize

  init(geometry: ConvolutionGeometry) {
    self.geometry = geometry
    tile = FourierSizes.tile(geometry).size
  }

  var results: PlaneSize { FourierSizes.results(geometry, tile) }
  var grid: PlaneSize { FourierSizes.grid(geometry, tile) }
  var tiles: Int { geometry.batch * grid.area }

  /// Real multiplications of a complex product, over the frequencies that a real tile has.
  var multiplications: Int {
    4 * (tile.down / 2 + 1) * tile.across * tiles * geometry.channels * geometry.outputs
  }

  /// The elements that `forward` takes beside its result.
  func forwardElements<Element: Scalar>(of element: Element.Type, threads: Int) -> Int {
    typealias Plan = FourierPlan<Element>
    let (spectrum, scratch) = (Plan.spectrumElements(tile), Plan.scratchElements(tile))
    return geometry.channels * geometry.outputs * spectrum
      + threads * (scratch + (geometry.channels + 1) * spectrum)
  }

  /// The corner of a tile: its image and its first result.
  private func corner(_ index: Int) -> (image: Int, first: PlaneSize) {
    let (image, rest) = (index / grid.area, index % grid.area)
    return (
      image, PlaneSize(rest / grid.across * results.down, rest % grid.across * results.across)
    )
  }

  /// What a tile shows of a picture from a place, which may lie in the zeros before it.
  private func window(
    _ picture: PlaneSize, from first: PlaneSize, limit: PlaneSize
  ) -> (FourierWindow, offset: Int) {
    let (down, across) = (max(0, first.down), max(0, first.across))
    let (top, left) = (down - first.down, across - first.across)
    return (
      FourierWindow(
        top: top, left: left, rows: max(0, min(picture.down - down, limit.down - top)),
        columns: max(0, min(picture.across - across, limit.across - left)),
        rowStride: picture.across),
      min(down, picture.down - 1) * picture.across + min(across, picture.across - 1)
    )
  }

  /// Calls `body` for each index with scratch memory, on all threads.
  private func forEach<Element: Scalar>(
    _ count: Int, scratch: Int, _ body: (Int, UnsafeMutablePointer<Element>) -> Void
  ) {
    Parallel.forEachItem(count) { index in
      withUnsafeTemporaryAllocation(of: Element.self, capacity: scratch) { buffer in
        if let base = buffer.baseAddress { body(index, base) }
      }
    }
  }

  /// y.
  func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ w: Tensor<Element>, _ b: Tensor<Element>?
  ) -> Tensor<Element> {
    typealias Plan = FourierPlan<Element>
    let (g, plan) = (geometry, Plan(tile))
    let (spectrum, scratch) = (Plan.spectrumElements(tile), Plan.scratchElements(tile))
    let weights = spectra(w, count: g.outputs * g.channels, g.kernel, plan)
    return Tensor(uninitialized: g.resultShape) { y in
      guard let y = y.baseAddress else { return }
      x.withUnsafePointer { x in
        weights.withUnsafePointer { weights in
          withBias(b) { bias in
            forEach(tiles, scratch: scratch + (g.channels + 1) * spectrum) {
              (index, room: UnsafeMutablePointer<Element>) in
              let (image, first) = corner(index)
              let (inputs, sum) = (room + scratch, room + scratch + g.channels * spectrum)
              for channel in 0..<g.channels {
                let (window, offset) = window(
                  g.picture, from: first.combined(g.padding, -), limit: tile)
                plan.forward(
                  window, x + (image * g.channels + channel) * g.picture.area + offset,
                  into: inputs + channel * spectrum, scratch: room)
              }
              for output in 0..<g.outputs {
                Plan.products(
                  spectrum, count: g.channels, inputs, every: spectrum,
                  weights + output * g.channels * spectrum, every: spectrum, into: sum)
                let (window, offset) = window(g.result, from: first, limit: results)
                plan.inverse(
                  sum, adding: bias?[output] ?? 0, window,
                  into: y + (image * g.outputs + output) * g.result.area + offset, scratch: room)
              }
            }
          }
        }
      }
    }
  }

  /// The spectra of pictures that are no larger than a tile.
  private func spectra<Element: Scalar>(
    _ source: Tensor<Element>, count: Int, _ picture: PlaneSize, _ plan: FourierPlan<Element>
  ) -> Tensor<Element> {
    typealias Plan = FourierPlan<Element>
    let spectrum = Plan.spectrumElements(tile)
    return Tensor(uninitialized: [count * spectrum]) { target in
      guard let target = target.baseAddress else { return }
      source.withUnsafePointer { source in
        forEach(count, scratch: Plan.scratchElements(tile)) {
          plan.forward(
            window(picture, from: PlaneSize(0), limit: tile).0, source + $0 * picture.area,
            into: target + $0 * spectrum, scratch: $1)
        }
      }
    }
  }

  /// The elements that `weightAdjoint` takes beside its result.
  func weightAdjointElements<Element: Scalar>(of element: Element.Type, threads: Int) -> Int {
    typealias Plan = FourierPlan<Element>
    let (spectrum, scratch) = (Plan.spectrumElements(tile), Plan.scratchElements(tile))
    return tiles * (geometry.channels + geometry.outputs) * spectrum
      + threads * (scratch + spectrum)
  }

  /// w̄: the correlation of x with ȳ, whose spectra are added up over all tiles.
  func weightAdjoint<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ x: Tensor<Element>
  ) -> Tensor<Element> {
    typealias Plan = FourierPlan<Element>
    let (g, plan) = (geometry, Plan(tile))
    let (spectrum, scratch) = (Plan.spectrumElements(tile), Plan.scratchElements(tile))
    // The tiles of one channel lie behind one another.
    func tiled(
      _ source: Tensor<Element>, _ channels: Int, _ picture: PlaneSize, before: PlaneSize,
      limit: PlaneSize
    ) -> Tensor<Element> {
      Tensor(uninitialized: [channels * tiles * spectrum]) { target in
        guard let target = target.baseAddress else { return }
        source.withUnsafePointer { source in
          forEach(channels * tiles, scratch: scratch) { index, room in
            let (image, first) = corner(index % tiles)
            let (window, offset) = window(picture, from: first.combined(before, -), limit: limit)
            plan.forward(
              window, source + (image * channels + index / tiles) * picture.area + offset,
              into: target + index * spectrum, scratch: room)
          }
        }
      }
    }
    let inputs = tiled(x, g.channels, g.picture, before: g.padding, limit: tile)
    let outputs = tiled(adjoint, g.outputs, g.result, before: PlaneSize(0), limit: results)
    return Tensor(uninitialized: g.weightShape) { w in
      guard let w = w.baseAddress else { return }
      inputs.withUnsafePointer { inputs in
        outputs.withUnsafePointer { outputs in
          forEach(g.outputs * g.channels, scratch: scratch + spectrum) {
            (index, room: UnsafeMutablePointer<Element>) in
            let (output, channel) = (index / g.channels, index % g.channels)
            Plan.products(
              spectrum, count: tiles, inputs + channel * tiles * spectrum, every: spectrum,
              outputs + output * tiles * spectrum, every: spectrum, into: room + scratch)
            plan.inverse(
              room + scratch, adding: 0,
              window(g.kernel, from: PlaneSize(0), limit: g.kernel).0,
              into: w + index * g.kernel.area, scratch: room)
          }
        }
      }
    }
  }
}

extension Tensor {
  /// Kernels [O, C, K, L] turned around, channels and outputs changed about: [C, O, K, L].
  func turnedKernels() -> Tensor {
    let (outputs, channels, area) = (shape[0], shape[1], shape[2] * shape[3])
    return Tensor(uninitialized: [channels, outputs, shape[2], shape[3]]) { target in
      for output in 0..<outputs {
        for channel in 0..<channels {
          for tap in 0..<area {
            target.initializeElement(
              at: (channel * outputs + output + 1) * area - 1 - tap,
              to: elements[(output * channels + channel) * area + tap])
          }
        }
      }
    }
  }
}
