public import Tensors

/// A convolution (cross-correlation, as networks have it) of fixed sizes, by any algorithm.
///
/// y[n, o, p, q] = b[o] + Σ w[o, c, k, l]·x[n, c, p·stride + k·dilation − padding, …], zeros outside.
///
/// All algorithms give the same numbers but for rounding. Direct and im2col add up the C/G·K·L terms
/// of the definition. A NaN or an infinity may spread to places that the definition keeps free of it.
public struct Convolution: Hashable, Sendable {
  public let geometry: ConvolutionGeometry

  public init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// What the backward pass gives; nil where it was not wanted.
  public struct Adjoints<Element: Scalar>: Sendable {
    /// [B, C, H, W].
    public let x: Tensor<Element>?
    /// [O, C/G, K, L].
    public let w: Tensor<Element>?
    /// [O].
    public let b: Tensor<Element>?
  }

  /// y [B, O, P, Q].
  ///
  /// - Parameters:
  ///   - x: [B, C, H, W].
  ///   - w: [O, C/G, K, L].
  ///   - b: [O].
  ///   - algorithm: nil is `automatic`.
  ///   - budget: counts what is taken beside the result.
  /// - Throws: `NumericalError.shape` for an algorithm that does not support the geometry, `.memory`.
  ///   Tensors of other shapes than the geometry's trap.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ w: Tensor<Element>, _ b: Tensor<Element>? = nil,
    by algorithm: ConvolutionAlgorithm? = nil, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> Tensor<Element> {
    precondition(x.shape == geometry.inputShape && w.shape == geometry.weightShape)
    precondition(b.map { $0.shape == [geometry.outputs] } ?? true)
    let algorithm = algorithm ?? automatic
    try check(algorithm)
    let bytes = MemoryLayout<Element>.stride * extraElements(by: algorithm, of: Element.self)
    return try budget.reserving(bytes, for: "a convolution by \(algorithm)") {
      () throws(NumericalError) in
      switch algorithm {
      case .direct: DirectConvolution(geometry: geometry).forward(x, w, b)
      case .im2col: WindowConvolution(geometry: geometry).forward(x, w, b)
      case .winograd2: WinogradConvolution(geometry: geometry, tile: 2).forward(x, w, b)
      case .winograd4: WinogradConvolution(geometry: geometry, tile: 4).forward(x, w, b)
      case .fft: FourierConvolution(geometry: geometry).forward(x, w, b)
      }
    }
  }

  /// The adjoints of the operands from that of the result.
  ///
  /// b̄ is the sum of ȳ over the batch and all places, w̄ correlates x with ȳ, x̄ is the transposed
  /// convolution of ȳ. All algorithms find x̄ as a forward pass with the kernels turned around, and
  /// Winograd's and Fourier's find w̄ among transforms. Otherwise blocked loops do: with a stride, a
  /// dilation or groups x̄ is a convolution for each of the interleaved grids of x, and direct and im2col
  /// add up w̄ along rows.
  /// - Parameters:
  ///   - adjoint: ȳ [B, O, P, Q].
  ///   - needed: which of x̄, w̄ and b̄ are wanted.
  ///   - algorithm: nil is `automatic`.
  /// - Throws: as `forward`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func backward<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ x: Tensor<Element>, _ w: Tensor<Element>,
    needed: (x: Bool, w: Bool, b: Bool) = (true, true, true),
    by algorithm: ConvolutionAlgorithm? = nil, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> Adjoints<Element> {
    precondition(x.shape == geometry.inputShape && w.shape == geometry.weightShape)
    precondition(adjoint.shape == geometry.resultShape)
    let algorithm = algorithm ?? automatic
    try check(algorithm)
    return Adjoints(
      x: needed.x ? try inputAdjoint(adjoint, w, by: algorithm, budget) : nil,
      w: needed.w ? try weightAdjoint(adjoint, x, by: algorithm, budget) : nil,
      b: needed.b ? biasAdjoint(adjoint) : nil)
  }
}
