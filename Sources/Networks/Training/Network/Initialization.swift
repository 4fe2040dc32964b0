import RealModule
import Tensors

/// What the weights of a network begin with; biases begin with 0, norms with 1 and 0.
public enum Initialization: String, CaseIterable, Sendable {
  /// Normal with variance g²/in (He, Zhang, Ren & Sun 2015): g² is 2 before relu and gelu, 25/9
  /// before tanh, else 1.
  case kaiming
  /// Uniform within ±√(6/(in + out)) (Glorot & Bengio 2010).
  case xavier

  /// The weights [out, in] of a layer.
  ///
  /// - Parameter activation: nil for the last layer.
  func weights<Element: Scalar>(
    _ shape: Shape, before activation: Activation?, _ random: RandomSource
  ) -> Tensor<Element> {
    let (out, inputs) = (Double(shape[0]), Double(shape[1]))
    switch self {
    case .kaiming:
      let gain: Double =
        switch activation {
        case .relu, .gelu: 2
        case .tanh: 25.0 / 9
        case .sigmoid, .some(.none), nil: 1
        }
      let deviation = Element((gain / inputs).squareRoot())
      return random.normal(shape, as: Element.self) * deviation
    case .xavier:
      let bound = (6 / (inputs + out)).squareRoot()
      return random.uniform(shape, from: -bound, to: bound, as: Element.self)
    }
  }
}
