import CVectorMath
import Tensors

/// Winograd's convolution F(m×m, 3×3): n² products, n = m + 2, for the m² results of a tile
/// (Winograd 1980; Lavin & Gray 2016).
///
/// The products of all channels at one of the n² places are a matrix product over tiles. Transforms
/// work on a panel of channels at a time, so inputs are interleaved first.
struct WinogradConvolution {
  let geometry: ConvolutionGeometry
  /// m.
  let tile: Int

  /// What the transforms of the tiles that one thread has under way may take: most of a second-level
  /// cache.
  private static var cached: Int { 120_000 }

  var places: Int { (tile + 2) * (tile + 2) }
  /// Tiles of a picture.
  var grid: PlaneSize { geometry.result.mapped { $0.parts(of: tile) } }
  var tiles: Int { geometry.batch * grid.area }

  /// The padded input of all tiles.
  func inputPlanes(panel: Int) -> InterleavedPlanes {
    InterleavedPlanes(
      batch: geometry.batch, channels: geometry.channels, picture: geometry.picture,
      margin: geometry.padding,
      size: grid.combined(geometry.picture.combined(geometry.padding, +)) {
        max($0 * tile + 2, $1)
      }, panel: panel)
  }

  /// The tiles that one thread takes at a time: whole sixes, which the kernel likes.
  private func share(panel: Int) -> Int {
    let perTile =
      places * (geometry.channels.roundedUp(to: panel) + geometry.outputs.roundedUp(to: panel))
    return min(max(24, Self.cached / perTile / 6 * 6), 96)
  }

  /// The channels of transformed weights: whole panels, if more than one, zeros in the last.
  private func depth(panel: Int) -> Int {
    geometry.channels > panel ? geometry.channels.roundedUp(to: panel) : geometry.channels
  }

  private func weightElements(panel: Int) -> Int {
    places * geometry.outputs.roundedUp(to: panel) * depth(panel: panel)
  }

  /// The elements that `forward` takes beside its result.
  func forwardElements(panel: Int, threads: Int) -> Int {
    let planes = inputPlanes(panel: panel)
    let channels = (planes.blocks + geometry.outputs.parts(of: panel)) * panel
    return planes.elements + weightElements(panel: panel)
      + threads * places * channels * share(panel: panel)
  }

  /// U [place, block of outputs, channel, panel].
  ///
  /// - Parameter turned: whether the kernels are turned around and channels and outputs changed about,
  ///   as the input's adjoint has them: w is then [C, O, 3, 3].
  private func transformed<Element: Scalar>(
    _ w: Tensor<Element>, turned: Bool
  ) -> Tensor<Element> {
    typealias Kernels = ConvolutionKernels<Element>
    let (channels, outputs, panel) = (geometry.channels, geometry.outputs, Kernels.panel)
    let (blocks, depth) = (outputs.parts(of: panel), depth(panel: panel))
    return Tensor(uninitialized: [places * blocks * depth * panel]) { u in
      guard let u = u.baseAddress else { return }
      w.withUnsafePointer { w in
        Parallel.forEachRange(blocks * depth, grain: 64) { range in
          for index in range {
            let (block, channel) = (index / depth, index % depth)
            let lanes = channel < channels ? min(panel, outputs - block * panel) : 0
            let first = block * panel
            Kernels.transformWeights(
              tile,
              w + (turned ? channel * outputs + first : first * channels + channel) * 9
                + (turned ? 8 : 0),
              lane: turned ? 9 : channels * 9, tap: turned ? -1 : 1, lanes: lanes,
              into: u + index * panel, spread: blocks * depth * panel)
          }
        }
      }
    }
  }

  /// Calls `body` with the place in the planes, less its block's, and the image and corner of each of
  /// some tiles.
  func forEachTile(
    _ range: Range<Int>, _ body: (_ index: Int, _ image: Int, _ corner: PlaneSize) -> Void
  ) {
    for index in range {
      let (image, rest) = (index / grid.area, index % grid.area)
      body(index, image, PlaneSize(rest / grid.across * tile, rest % grid.across * tile))
    }
  }

  /// y.
  func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ w: Tensor<Element>, _ b: Tensor<Element>?, turned: Bool = false
  ) -> Tensor<Element> {
    typealias Kernels = ConvolutionKernels<Element>
    let (g, panel) = (geometry, Kernels.panel)
    let planes = inputPlanes(panel: panel)
    let padded = x.withUnsafePointer { planes.filled(from: $0) }
    let weights = transformed(w, turned: turned)
    let (share, blocks) = (share(panel: panel), g.outputs.parts(of: panel))
    let depth = depth(panel: panel)
    let bias = b.map { b in
      Tensor([blocks * panel], b.elements + Array(repeating: 0, count: blocks * panel - g.outputs))
    }
    return Tensor(uninitialized: g.resultShape) { y in
      guard let y = y.baseAddress else { return }
      padded.withUnsafePointer { padded in
        weights.withUnsafePointer { weights in
          withBias(bias) { bias in
            Parallel.forEachItem(tiles.parts(of: share)) { item in
              let range = item * share..<min(tiles, (item + 1) * share)
              let (count, terms) = (range.count, planes.blocks * panel)
              let room = places * (planes.blocks + blocks) * panel * share
              withUnsafeTemporaryAllocation(of: Element.self, capacity: room) { buffer in
                guard let v = buffer.baseAddress else { return }
                let p = v + places * terms * count
                transformInputs(planes, padded, range, into: v)
                var product = WinogradProduct(
                  rows: count, blocks: planes.blocks, terms: panel, aRow: panel,
                  aBlock: count * panel, aStep: 1)
                // Few channels fill no panel.
                if planes.blocks == 1 { product.terms = g.channels }
                for place in 0..<places {
                  for block in 0..<blocks {
                    Kernels.multiplyPanels(
                      &product, v + place * terms * count,
                      weights + (place * blocks + block) * depth * panel,
                      into: p + (place * blocks + block) * count * panel)
                  }
                }
                forEachTile(range) { index, image, corner in
                  for block in 0..<blocks {
                    Kernels.transformOutput(
                      tile, p + (block * count + index - range.lowerBound) * panel,
                      spread: blocks * count * panel, bias: bias.map { $0 + block * panel },
                      into: y + (image * g.outputs + block * panel) * g.result.area
                        + corner.down * g.result.across + corner.across,
                      row: g.result.across, channel: g.result.area,
                      size: g.result.combined(corner) { min(tile, $0 - $1) },
                      lanes: min(panel, g.outputs - block * panel))
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// V [place, block of channels, tile, panel] of some tiles.
  func transformInputs<Element: Scalar>(
    _ planes: InterleavedPlanes, _ padded: UnsafePointer<Element>, _ range: Range<Int>,
    into v: UnsafeMutablePointer<Element>
  ) {
    let (panel, count) = (planes.panel, range.count)
    forEachTile(range) { index, image, corner in
      for block in 0..<planes.blocks {
        ConvolutionKernels<Element>.transformInput(
          tile,
          padded + planes.offset(image: image, block: block)
            + corner.down * planes.rowElements + corner.across * panel,
          row: planes.rowElements, into: v + (block * count + index - range.lowerBound) * panel,
          spread: planes.blocks * count * panel)
      }
    }
  }
}
