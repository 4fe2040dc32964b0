import ArgumentParser
import Networks
import Tensors

/// A layer by its name and sizes.
struct ConvLayer {
  let name: String
  let geometry: ConvolutionGeometry
}

/// Sets of convolutions that people know.
enum ConvLayerSet: String, ExpressibleByArgument, CaseIterable {
  case resnet50, mixed

  private typealias Entry = (
    name: String, channels: Int, side: Int, outputs: Int, kernel: Int, stride: Int, padding: Int
  )

  /// The layers for a batch size.
  func layers(batch: Int) throws(NumericalError) -> [ConvLayer] {
    var layers: [ConvLayer] = []
    for entry in self == .resnet50 ? Self.resnet : Self.various {
      layers.append(
        ConvLayer(
          name: entry.name,
          geometry: try ConvolutionGeometry(
            x: Shape(checking: [batch, entry.channels, entry.side, entry.side]),
            w: [entry.outputs, entry.channels, entry.kernel, entry.kernel],
            stride: PlaneSize(entry.stride), padding: PlaneSize(entry.padding))))
    }
    return layers
  }

  /// The different convolutions of ResNet-50 (He et al. 2016), the stride in the 3×3 kernels.
  private static let resnet: [Entry] = {
    var entries: [Entry] = [("conv1", 3, 224, 64, 7, 2, 3)]
    let stages: [(side: Int, width: Int)] = [(56, 64), (28, 128), (14, 256), (7, 512)]
    for (index, stage) in stages.enumerated() {
      let name = "conv\(index + 2)"
      let (wide, width, side) = (4 * stage.width, stage.width, stage.side)
      let (before, stride) = index == 0 ? (64, 1) : (2 * width, 2)
      entries += [
        ("\(name)-first", before, side * stride, width, 1, 1, 0),
        ("\(name)-shortcut", before, side * stride, wide, 1, stride, 0),
        ("\(name)-down", width, side * stride, width, 3, stride, 1),
        ("\(name)-reduce", wide, side, width, 1, 1, 0),
        ("\(name)-3x3", width, side, width, 3, 1, 1),
        ("\(name)-expand", width, side, wide, 1, 1, 0),
      ]
    }
    // The first stage does not halve: two of its layers are like two others.
    return entries.filter { $0.name != "conv2-down" && $0.name != "conv2-shortcut" }
  }()

  private static let various: [Entry] = [
    ("stem-7x7", 3, 224, 64, 7, 2, 3), ("3x3-56", 64, 56, 64, 3, 1, 1),
    ("3x3-28", 128, 28, 128, 3, 1, 1), ("3x3-14", 256, 14, 256, 3, 1, 1),
    ("1x1-28", 256, 28, 256, 1, 1, 0), ("11x11", 8, 256, 8, 11, 1, 5),
    ("31x31", 4, 512, 4, 31, 1, 15),
  ]
}
