import FileFormats
import Gradients
import TestSupport
import Tensors
import Testing

@testable import Networks

/// Values and gradients against those that PyTorch wrote (Fixtures/write_convolution.py).
@Suite struct ConvolutionFileTests {
  @Test(arguments: ["stem", "three", "point", "grouped", "depthwise", "whole", "large"])
  func equalsPyTorch(name: String) throws {
    let bytes = try PackageFiles.read(
      PackageFiles.path("Tests/NetworksTests/Fixtures/convolution.npz"))
    let file = try NpzFile(bytes[...])
    func read(_ part: String) throws -> Tensor<Double> {
      try file.array("\(name).\(part)", budget: .unlimited()).tensor()
    }
    let sizes = try read("sizes").elements.map { Int($0) }
    let (x, w, b) = (try read("x"), try read("w"), try read("b"))
    let geometry = try ConvolutionGeometry(
      x: x.shape, w: w.shape, b: b.shape, stride: PlaneSize(sizes[0], sizes[1]),
      padding: PlaneSize(sizes[2], sizes[3]), dilation: PlaneSize(sizes[4], sizes[5]),
      groups: sizes[6])
    let convolution = Convolution(geometry)
    let adjoint = try read("adjoint")
    for algorithm in ConvolutionAlgorithm.allCases where convolution.supports(algorithm) {
      let y = try convolution.forward(x, w, b, by: algorithm)
      let found = try convolution.backward(adjoint, x, w, by: algorithm)
      for (part, tensor) in [("y", y), ("dx", found.x), ("dw", found.w), ("db", found.b)] {
        let (tensor, expected) = (try #require(tensor), try read(part))
        #expect(tensor.shape == expected.shape)
        // Terms times ε times the largest number, and the norms of F(4×4, 3×3).
        let scale = expected.elements.map { abs($0) }.max() ?? 0
        let terms = Double(max(geometry.terms, geometry.batch * geometry.result.area))
        let error = zip(tensor.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
        #expect(error <= 190 * terms * Double.epsilon * scale, "\(name) \(part) by \(algorithm)")
      }
    }
  }
}
