import Gradients
import Tensors

/// A transformer's block: attention, then a feed-forward net, each with layer normalisation and a way
/// around it.
///
/// Normalised before (Xiong et al. 2020): x′ = x + MHA(LN₁ x), y = x′ + FF(LN₂ x′); behind (Vaswani et
/// al. 2017): x′ = LN₁(x + MHA(x)), y = LN₂(x′ + FF(x′)).
struct TransformerBlock: Sendable {
  let multiHead: MultiHead
  let isNormalizedBefore: Bool
  let activation: Activation
  let epsilon: Double

  /// What a block is made of: layer normalisations (g1, h1) and (g2, h2) around the rest.
  struct Parameters<V> {
    let attention: MultiHeadParameters<V>
    let firstNorm: (scale: V, shift: V)
    let feedForward: FeedForwardParameters<V>
    let secondNorm: (scale: V, shift: V)
  }

  /// The result by the formula.
  func defined<V: TensorValue>(_ x: V, _ parameters: Parameters<V>) throws(NumericalError) -> V {
    let (g1, h1) = parameters.firstNorm
    let (g2, h2) = parameters.secondNorm
    if isNormalizedBefore {
      let between =
        x + (try multiHead.defined(x.layerNorm(g1, h1, epsilon: epsilon), parameters.attention))
      let normal = between.layerNorm(g2, h2, epsilon: epsilon)
      return between + parameters.feedForward.defined(normal, activation)
    }
    let between = (x + (try multiHead.defined(x, parameters.attention)))
      .layerNorm(g1, h1, epsilon: epsilon)
    return (between + parameters.feedForward.defined(between, activation))
      .layerNorm(g2, h2, epsilon: epsilon)
  }

  /// The result by the kernels.
  func forward<Element: Scalar>(
    _ x: Tensor<Element>, _ parameters: Parameters<Tensor<Element>>
  ) throws(NumericalError) -> TransformerPass<Element> {
    let epsilon = Element(epsilon)
    func normalized(
      _ x: Tensor<Element>, _ norm: (scale: Tensor<Element>, shift: Tensor<Element>)
    ) -> LayerNormPass<Element> {
      LayerNormPass(x, norm.scale, norm.shift, epsilon: epsilon)
    }
    if isNormalizedBefore {
      let first = normalized(x, parameters.firstNorm)
      let attention = try multiHead.forward(first.result, parameters.attention)
      let between = x + attention.result
      let second = normalized(between, parameters.secondNorm)
      let feedForward = FeedForwardPass(second.result, parameters.feedForward, activation)
      return TransformerPass(
        result: between + feedForward.result, isNormalizedBefore: true, first: first,
        attention: attention, second: second, feedForward: feedForward)
    }
    let attention = try multiHead.forward(x, parameters.attention)
    let first = normalized(x + attention.result, parameters.firstNorm)
    let feedForward = FeedForwardPass(first.result, parameters.feedForward, activation)
    let second = normalized(first.result + feedForward.result, parameters.secondNorm)
    return TransformerPass(
      result: second.result, isNormalizedBefore: false, first: first, attention: attention,
      second: second, feedForward: feedForward)
  }
}

/// What a block gave, with what the way back needs: the passes of its parts.
struct TransformerPass<Element: Scalar> {
  let result: Tensor<Element>
  fileprivate let isNormalizedBefore: Bool
  fileprivate let first: LayerNormPass<Element>
  fileprivate let attention: MultiHeadPass<Element>
  fileprivate let second: LayerNormPass<Element>
  fileprivate let feedForward: FeedForwardPass<Element>

  fileprivate init(
    result: Tensor<Element>, isNormalizedBefore: Bool, first: LayerNormPass<Element>,
    attention: MultiHeadPass<Element>, second: LayerNormPass<Element>,
    feedForward: FeedForwardPass<Element>
  ) {
    (self.result, self.isNormalizedBefore, self.first) = (result, isNormalizedBefore, first)
    (self.attention, self.second, self.feedForward) = (attention, second, feedForward)
  }

  /// The adjoints of x, of weights and biases of the attention, of g1 and h1, of the feed-forward net
  /// and of g2 and h2.
  func pulled(_ adjoint: Tensor<Element>) throws(NumericalError) -> Adjoints {
    // Each part adds to the adjoint that goes around it.
    if isNormalizedBefore {
      let net = feedForward.pulled(adjoint)
      let late = second.pulled(Self.known(net.x))
      let between = adjoint + late.x
      let heads = try attention.pulled(between)
      let early = first.pulled(Self.known(heads.x))
      return Adjoints(
        x: between + early.x, weights: heads.weights, biases: heads.biases,
        firstNorm: [early.scale, early.shift], feedForward: net.parameters,
        secondNorm: [late.scale, late.shift])
    }
    let late = second.pulled(adjoint)
    let net = feedForward.pulled(late.x)
    let early = first.pulled(late.x + Self.known(net.x))
    let heads = try attention.pulled(early.x)
    return Adjoints(
      x: early.x + Self.known(heads.x), weights: heads.weights, biases: heads.biases,
      firstNorm: [early.scale, early.shift], feedForward: net.parameters,
      secondNorm: [late.scale, late.shift])
  }

  /// What `pulled` gives.
  struct Adjoints {
    let x: Tensor<Element>
    let weights: [Tensor<Element>?]
    let biases: [Tensor<Element>?]
    let firstNorm: [Tensor<Element>?]
    let feedForward: [Tensor<Element>?]
    let secondNorm: [Tensor<Element>?]
  }

  private static func known(_ adjoint: Tensor<Element>?) -> Tensor<Element> {
    guard let adjoint else { preconditionFailure("the adjoint was asked for") }
    return adjoint
  }
}
