import Tensors

extension Convolution {
  /// x̄ by an algorithm, or in blocked loops where it has no way of its own.
  func inputAdjoint<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ w: Tensor<Element>, by algorithm: ConvolutionAlgorithm,
    _ budget: MemoryBudget
  ) throws(NumericalError) -> Tensor<Element> {
    let panel = ConvolutionKernels<Element>.panel
    if let tile = algorithm.tile, let transposed = geometry.transposed {
      let way = WinogradConvolution(geometry: transposed, tile: tile)
      return try reserving(way.forwardElements(panel: panel, threads: BLAS.threads), budget) {
        way.forward(adjoint, w, nil, turned: true)
      }
    }
    if algorithm == .im2col, let transposed = geometry.transposed {
      let way = WindowConvolution(geometry: transposed)
      let elements = way.forwardElements(panel: panel, threads: BLAS.threads) + w.count
      return try reserving(elements, budget) { way.forward(adjoint, w.turnedKernels(), nil) }
    }
    if algorithm == .fft, let transposed = geometry.transposed {
      let way = FourierConvolution(geometry: transposed)
      let elements = way.forwardElements(of: Element.self, threads: BLAS.threads) + w.count
      return try reserving(elements, budget) { way.forward(adjoint, w.turnedKernels(), nil) }
    }
    let way = DirectConvolution(geometry: geometry)
    return try reserving(way.inputAdjointElements(panel: panel), budget) {
      way.inputAdjoint(adjoint, w)
    }
  }

  /// w̄ likewise.
  func weightAdjoint<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ x: Tensor<Element>, by algorithm: ConvolutionAlgorithm,
    _ budget: MemoryBudget
  ) throws(NumericalError) -> Tensor<Element> {
    let panel = ConvolutionKernels<Element>.panel
    if let tile = algorithm.tile {
      let way = WinogradConvolution(geometry: geometry, tile: tile)
      return try reserving(way.weightAdjointElements(panel: panel), budget) {
        way.weightAdjoint(adjoint, x)
      }
    }
    if algorithm == .fft {
      let way = FourierConvolution(geometry: geometry)
      let elements = way.weightAdjointElements(of: Element.self, threads: BLAS.threads)
      return try reserving(elements, budget) { way.weightAdjoint(adjoint, x) }
    }
    let way = DirectConvolution(geometry: geometry.flattened)
    return try reserving(way.weightAdjointElements(panel: panel), budget) {
      way.weightAdjoint(
        adjoint.reshaped(way.geometry.resultShape), x.reshaped(way.geometry.inputShape))
    }
  }

  private func reserving<Element: Scalar>(
    _ elements: Int, _ budget: MemoryBudget, _ body: () -> Tensor<Element>
  ) throws(NumericalError) -> Tensor<Element> {
    try budget.reserving(
      elements * MemoryLayout<Element>.stride, for: "a convolution's backward pass"
    ) { () throws(NumericalError) in body() }
  }

  func biasAdjoint<Element: Scalar>(_ adjoint: Tensor<Element>) -> Tensor<Element> {
    let (g, area) = (geometry, geometry.result.area)
    return adjoint.withUnsafePointer { source in
      Tensor(
        [g.outputs],
        (0..<g.outputs).map { output in
          (0..<g.batch).reduce(0) {
            $0 + Element.vectorSum(area, source + ($1 * g.outputs + output) * area)
          }
        })
    }
  }
}
