public import Tensors

/// A multilayer perceptron without its numbers: a₀ = x, z = a·Wᵀ + b, a = f(z) for hidden layers,
/// with layer normalisation f(LN z), and outputs z of the last layer.
public struct MLPArchitecture: Sendable, Hashable {
  /// D, the features of a sample.
  public var inputs: Int
  /// The units of the hidden layers, first to last; none for a linear model.
  public var hidden: [Int]
  /// C, the classes, or the numbers of a regression.
  public var outputs: Int
  /// f of the hidden layers.
  public var activation: Activation
  /// Whether the sums of hidden layers are normalised before the activation (Ba, Kiros & Hinton
  /// 2016; ε = 10⁻⁵).
  public var layerNorm: Bool
  /// What the outputs mean.
  public var task: LearningTask

  public init(
    inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .relu,
    layerNorm: Bool = false, task: LearningTask = .classification
  ) {
    (self.inputs, self.hidden, self.outputs) = (inputs, hidden, outputs)
    (self.activation, self.layerNorm, self.task) = (activation, layerNorm, task)
  }

  /// What is learnt, in the order of `MLP.parameters`: of each layer `weight` [out, in] and `bias`
  /// [out], of hidden ones with layer normalisation `norm.weight` and `norm.bias` [out].
  public var parameters: [(name: String, shape: Shape)] {
    let sizes = [inputs] + hidden + [outputs]
    return (0..<sizes.count - 1).flatMap { layer -> [(name: String, shape: Shape)] in
      let out = sizes[layer + 1]
      var list = [
        ("layers.\(layer).weight", Shape([out, sizes[layer]])),
        ("layers.\(layer).bias", Shape([out])),
      ]
      if layerNorm, layer < hidden.count {
        list.append(("layers.\(layer).norm.weight", Shape([out])))
        list.append(("layers.\(layer).norm.bias", Shape([out])))
      }
      return list
    }
  }

  /// How many numbers are learnt.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// What layer normalisation adds to the variance.
  static var normEpsilon: Double { 1e-5 }

  /// - Throws: `NumericalError.shape` for a layer without units, `.tooLarge` for weights that
  ///   cannot be counted.
  func check() throws(NumericalError) {
    let sizes = [inputs] + hidden + [outputs]
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw .shape(
        "a network of \(sizes.map(String.init).joined(separator: "-")) units: every layer needs one"
      )
    }
    var count = 0.0
    for (before, after) in zip(sizes, sizes.dropFirst()) {
      _ = try Shape(checking: [after, before, 64])
      count += Double(after) * Double(before + 3)
    }
    // So that their bytes, several times over, can be counted too.
    guard count < 0x1p56 else { throw .tooLarge("a network of \(count) numbers") }
  }
}
