import CVectorMath
import Tensors

extension WinogradConvolution {
  /// The padded adjoint of the results, whole tiles.
  private func adjointPlanes(panel: Int) -> InterleavedPlanes {
    InterleavedPlanes(
      batch: geometry.batch, channels: geometry.outputs, picture: geometry.result,
      margin: PlaneSize(0), size: grid.mapped { $0 * tile }, panel: panel)
  }

  /// The elements that `weightAdjoint` takes beside its result.
  func weightAdjointElements(panel: Int) -> Int {
    let (planes, adjoint) = (inputPlanes(panel: panel), adjointPlanes(panel: panel))
    return planes.elements + adjoint.elements
      + places * (planes.blocks + adjoint.blocks) * panel * tiles
      + places * planes.blocks * adjoint.blocks * panel * panel
  }

  /// w̄ = Gᵀ·[Σ (A·ȳ·Aᵀ) ⊙ (Bᵀ·d·B) over all tiles]·G: the forward pass transposed, with as few
  /// products.
  func weightAdjoint<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ x: Tensor<Element>
  ) -> Tensor<Element> {
    typealias Kernels = ConvolutionKernels<Element>
    let (g, panel) = (geometry, Kernels.panel)
    let (planes, others) = (inputPlanes(panel: panel), adjointPlanes(panel: panel))
    let (channelBlocks, outputBlocks) = (planes.blocks, others.blocks)
    let inputs = transformed(planes, x, isInput: true)
    let outputs = transformed(others, adjoint, isInput: false)
    // [place, block of channels, block of outputs, panel, panel].
    let spread = channelBlocks * outputBlocks * panel * panel
    let products = Tensor<Element>(uninitialized: [places * spread]) { u in
      guard let u = u.baseAddress else { return }
      inputs.withUnsafePointer { v in
        outputs.withUnsafePointer { p in
          Parallel.forEachItem(places * channelBlocks) { item in
            let (place, block) = (item / channelBlocks, item % channelBlocks)
            var product = WinogradProduct(
              rows: min(panel, g.channels - block * panel), blocks: 1, terms: tiles, aRow: 1,
              aBlock: 0, aStep: panel)
            for other in 0..<outputBlocks {
              Kernels.multiplyPanels(
                &product, v + item * tiles * panel,
                p + (place * outputBlocks + other) * tiles * panel,
                into: u + place * spread + (block * outputBlocks + other) * panel * panel)
            }
          }
        }
      }
    }
    return Tensor(uninitialized: g.weightShape) { w in
      guard let w = w.baseAddress else { return }
      products.withUnsafePointer { u in
        Parallel.forEachRange(g.channels * outputBlocks, grain: 64) { range in
          for index in range {
            let (channel, other) = (index / outputBlocks, index % outputBlocks)
            let place =
              (channel / panel * outputBlocks + other) * panel * panel + channel % panel * panel
            Kernels.transformWeightsAdjoint(
              tile, u + place, spread: spread, into: w + (other * panel * g.channels + channel) * 9,
              lane: g.channels * 9, lanes: min(panel, g.outputs - other * panel))
          }
        }
      }
    }
  }

  /// The transforms [place, block, tile, panel] of all tiles.
  private func transformed<Element: Scalar>(
    _ planes: InterleavedPlanes, _ source: Tensor<Element>, isInput: Bool
  ) -> Tensor<Element> {
    let padded = source.withUnsafePointer { planes.filled(from: $0) }
    let panel = planes.panel
    return Tensor(uninitialized: [places * planes.blocks * tiles * panel]) { target in
      guard let target = target.baseAddress else { return }
      padded.withUnsafePointer { padded in
        Parallel.forEachRange(tiles, grain: 16) { range in
          forEachTile(range) { index, image, corner in
            for block in 0..<planes.blocks {
              let from =
                padded + planes.offset(image: image, block: block)
                + corner.down * planes.rowElements + corner.across * panel
              let to = target + (block * tiles + index) * panel
              let spread = planes.blocks * tiles * panel
              if isInput {
                ConvolutionKernels<Element>.transformInput(
                  tile, from, row: planes.rowElements, into: to, spread: spread)
              } else {
                ConvolutionKernels<Element>.transformAdjoint(
                  tile, from, row: planes.rowElements, into: to, spread: spread)
              }
            }
          }
        }
      }
    }
  }
}
