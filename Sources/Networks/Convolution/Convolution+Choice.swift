public import Tensors

extension Convolution {
  /// Whether an algorithm can do this convolution: direct and im2col do any.
  public func supports(_ algorithm: ConvolutionAlgorithm) -> Bool { refusal(algorithm) == nil }

  func check(_ algorithm: ConvolutionAlgorithm) throws(NumericalError) {
    if let refusal = refusal(algorithm) { throw .shape(refusal) }
  }

  /// What an algorithm cannot do, as a sentence.
  private func refusal(_ algorithm: ConvolutionAlgorithm) -> String? {
    switch algorithm {
    case .direct, .im2col: return nil
    case .winograd2, .winograd4:
      guard geometry.isPlain, geometry.kernel == PlaneSize(3) else {
        return "conv2d by \(algorithm): kernels of 3x3, stride, dilation and groups of 1 alone"
      }
      return nil
    case .fft:
      return geometry.isPlain ? nil : "conv2d by fft: stride, dilation and groups of 1 alone"
    }
  }

  /// The algorithm that is taken where none is named, by what was measured on two AVX2 processors:
  ///
  /// 1. `winograd4` for kernels of 3×3 without stride, dilation and groups, from 16 channels, 16 outputs
  ///    and a tile of 4×4 results up. Its rounding errors are some 20 times those of the sums.
  /// 2. `fft` for kernels from 5×5 up, likewise plain, where its estimated operations are fewer.
  /// 3. `im2col` from 64 outputs of a group up, results one apart: what is gathered is then used often.
  /// 4. `direct` for all else.
  public var automatic: ConvolutionAlgorithm {
    let g = geometry
    if supports(.winograd4), min(g.channels, g.outputs) >= 16,
      min(g.result.down, g.result.across) >= 4
    {
      return .winograd4
    }
    if supports(.fft), min(g.kernel.down, g.kernel.across) >= 5,
      FourierSizes.tile(g).cost < Double(directOperations)
    {
      return .fft
    }
    return g.outputs / g.groups >= 64 && g.stride.across == 1 ? .im2col : .direct
  }

  /// The operations of the definition: two for each product of a weight with a number of the padded
  /// input.
  public var directOperations: Int { 2 * directProducts }

  private var directProducts: Int {
    geometry.batch * geometry.outputs * geometry.result.area * geometry.terms
  }

  /// The real multiplications of data by weights (their transforms) in the forward pass; those by the
  /// constants of a transform do not count.
  public func multiplications(by algorithm: ConvolutionAlgorithm) -> Int {
    switch algorithm {
    case .direct, .im2col: return directProducts
    case .winograd2, .winograd4:
      let way = WinogradConvolution(geometry: geometry, tile: algorithm.tile ?? 2)
      return way.places * way.tiles * geometry.channels * geometry.outputs
    case .fft: return FourierConvolution(geometry: geometry).multiplications
    }
  }

  /// The elements that `forward` takes beside its operands and its result on so many threads.
  public func extraElements<Element: Scalar>(
    by algorithm: ConvolutionAlgorithm, of element: Element.Type, threads: Int = BLAS.threads
  ) -> Int {
    let panel = ConvolutionKernels<Element>.panel
    return switch algorithm {
    case .fft:
      FourierConvolution(geometry: geometry)
        .forwardElements(of: Element.self, threads: threads)
    case .winograd2, .winograd4:
      WinogradConvolution(geometry: geometry, tile: algorithm.tile ?? 2)
        .forwardElements(panel: panel, threads: threads)
    case .direct: DirectConvolution(geometry: geometry).forwardElements(panel: panel)
    case .im2col:
      WindowConvolution(geometry: geometry).forwardElements(panel: panel, threads: threads)
    }
  }
}
