public import Gradients
public import Tensors

/// y = x ⊙ m, where m is 0 with probability p, else 1/(1 − p), drawn from a seed (Srivastava et al.
/// 2014). Backward: x̄ = ȳ ⊙ m.
///
/// The same seed draws the same m, so that the layer is a function.
public struct DropoutLayer: Layer {
  public let name = "dropout"
  public let summary =
    "x with a share p of its elements set to 0 by a seed, the others divided by 1 − p"
  public let parameters: [OperationParameter] = [
    .operand("x"), .attribute("p", .number, default: .number(0.5)),
    .attribute("seed", .integer, default: .integers([0])),
  ]
  public let samples = [
    OperationSample([SampleOperand([3, 5])], ["p": .number(0.3), "seed": .integers([4])]),
    OperationSample([SampleOperand([7])], ["p": .number(0)]),
  ]

  public init() {}

  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    return [x * V(constant: try mask(arguments, x.shape))]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let x = arguments[0]
    let mask: Tensor<Element> = try mask(arguments, x.shape)
    return LayerPass(
      [x * mask as Tensor<Element>],
      pullback: recording
        ? { (adjoints, _) throws(NumericalError) in
          [adjoints[0].map { $0 * mask as Tensor<Element> }]
        } : nil)
  }

  private func mask<V, Element: Scalar>(
    _ arguments: OperationArguments<V>, _ shape: Shape
  ) throws(NumericalError) -> Tensor<Element> {
    let p = arguments.number("p")
    guard p >= 0, p < 1 else { throw .shape("dropout of a share of \(p): 0 ≤ p < 1 is needed") }
    let seed = UInt64(bitPattern: Int64(arguments.integer("seed")))
    let kept = Element(1 / (1 - p))
    return RandomSource(seed: seed, stream: .dropout).uniform(shape, as: Double.self)
      .converted(to: Element.self).mapped { $0 < Element(p) ? 0 : kept }
  }
}
