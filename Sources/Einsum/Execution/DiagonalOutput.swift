public import Tensors

extension ResolvedContraction {
  /// The output from the contraction's result: the result itself, or one that holds it on its
  /// diagonal where labels of the output repeat, and zeros elsewhere.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func output<Element: Scalar>(from result: Tensor<Element>) -> Tensor<Element> {
    guard writesDiagonal else { return result.reshaped(outputShape) }
    let sizes = contraction.sizes
    let target = StridedLayout(contiguous: outputLabels, sizes: sizes)
    let source = StridedLayout(contiguous: contraction.output, sizes: sizes)
    let nest = LoopNest(
      contraction.output.map {
        LoopAxis(size: sizes[$0], a: source.stride($0) ?? 0, b: 0, c: target.stride($0) ?? 0)
      })
    var output = Tensor<Element>.zeros(outputShape)
    result.withUnsafeElements { source in
      output.withUnsafeMutableElements { target in
        nest.forEach { from, _, to in target[to] = source[from] }
      }
    }
    return output
  }
}
