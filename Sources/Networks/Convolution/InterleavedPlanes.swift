import Tensors

/// Pictures with zeros around them, as many channels side by side as a panel is wide:
/// [batch, blocks of channels, rows, columns, panel].
struct InterleavedPlanes {
  let batch: Int
  let channels: Int
  let picture: PlaneSize
  /// The zeros before the picture.
  let margin: PlaneSize
  /// With the zeros.
  let size: PlaneSize
  let panel: Int

  var blocks: Int { channels.parts(of: panel) }
  var rowElements: Int { size.across * panel }
  var elements: Int { batch * blocks * size.area * panel }

  /// Where a block of channels of a picture begins.
  func offset(image: Int, block: Int) -> Int { (image * blocks + block) * size.area * panel }

  /// All pictures.
  func filled<Element: Scalar>(from source: UnsafePointer<Element>) -> Tensor<Element> {
    Tensor(uninitialized: [elements]) { target in
      guard let target = target.baseAddress else { return }
      Parallel.forEachRange(batch * blocks * size.down, grain: max(1, 4096 / rowElements)) {
        for index in $0 {
          let (plane, y) = (index / size.down, index % size.down - margin.down)
          let row = target + index * rowElements
          guard (0..<picture.down).contains(y) else {
            row.initialize(repeating: 0, count: rowElements)
            continue
          }
          let (image, block) = (plane / blocks, plane % blocks)
          row.initialize(repeating: 0, count: margin.across * panel)
          ConvolutionKernels<Element>.interleave(
            picture.across,
            source + ((image * channels + block * panel) * picture.down + y) * picture.across,
            channel: picture.area, lanes: min(panel, channels - block * panel),
            into: row + margin.across * panel)
          let end = (margin.across + picture.across) * panel
          (row + end).initialize(repeating: 0, count: rowElements - end)
        }
      }
    }
  }
}
