import Networks
import Tensors

/// Convolutions of small random sizes with every attribute.
enum RandomGeometry {
  static func draw(
    using generator: inout some RandomNumberGenerator
  ) throws(NumericalError) -> ConvolutionGeometry {
    func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    let groups = [1, 1, 1, 2, 3][any(0...4)]
    let isPlain = any(0...1) == 0
    let (channels, outputs) = (groups * any(1...4), groups * any(1...7))
    let kernel = isPlain && any(0...1) == 0 ? PlaneSize(3) : PlaneSize(any(1...5), any(1...5))
    let stride = isPlain ? PlaneSize(1) : PlaneSize(any(1...3), any(1...3))
    let dilation = isPlain ? PlaneSize(1) : PlaneSize(any(1...2), any(1...3))
    let padding = PlaneSize(any(0...3), any(0...6))
    // From a kernel as large as the padded picture up.
    func size(_ kernel: Int, _ dilation: Int, _ padding: Int, _ more: Int) -> Int {
      max(1, (kernel - 1) * dilation + 1 - 2 * padding) + more
    }
    let x: Shape = [
      any(1...3), channels, size(kernel.down, dilation.down, padding.down, any(0...12)),
      size(kernel.across, dilation.across, padding.across, any(0...40)),
    ]
    return try ConvolutionGeometry(
      x: x, w: [outputs, channels / groups, kernel.down, kernel.across], stride: stride,
      padding: padding, dilation: dilation, groups: groups)
  }
}
