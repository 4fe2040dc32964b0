public import Tensors

extension TensorFunction {
  /// Jᵀ·H·J·v, the Gauss–Newton product (Schraudolph 2002): the curvature of a loss of this function's
  /// result, without that of the function itself.
  ///
  /// - Parameters:
  ///   - loss: a scalar of the result.
  ///   - tangents: v for each input; nil is zero.
  /// - Returns: one product per input, positive semidefinite in v where the loss is convex.
  public func gaussNewtonProduct<V: TensorValue>(
    at inputs: [V], along tangents: [V?], loss: some TensorFunction
  ) throws(NumericalError) -> [V] {
    let forward = try valueAndDerivative(at: inputs, along: tangents)
    let curved = try loss.gradientAndHessianProduct(
      at: [forward.value], along: [forward.derivative]
    ).product[0]
    return try valueAndPullback(at: inputs).pullback(curved)
  }

  /// An estimate of the trace of the Hessian by one input: the mean of vᵀ·H·v over random signs v
  /// (Hutchinson 1990).
  ///
  /// - Parameters:
  ///   - index: the input; the others are constants.
  ///   - probes: how many products, at least 2.
  /// - Returns: the mean and its standard error.
  public func hessianTrace<Element: Scalar>(
    at inputs: [Tensor<Element>], by index: Int, probes: Int, seed: UInt64
  ) throws(NumericalError) -> (mean: Double, standardError: Double) {
    precondition(probes > 1, "\(probes) probes have no spread")
    var samples: [Double] = []
    for probe in 0..<probes {
      let source = RandomSource(seed: seed, stream: .probe, substream: UInt32(probe))
      let signs = source.uniform(inputs[index].shape, from: -1, to: 1, as: Element.self)
        .mapped { $0 < 0 ? -1 : 1 }
      var tangents = [Tensor<Element>?](repeating: nil, count: inputs.count)
      tangents[index] = signs
      let product = try gradientAndHessianProduct(at: inputs, along: tangents).product[index]
      samples.append((product * signs).sum())
    }
    let mean = samples.reduce(0, +) / Double(probes)
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double((probes - 1) * probes)).squareRoot())
  }
}
