import Gradients
import Tensors

/// What a layer makes of its sums, element by element.
public enum Activation: String, CaseIterable, Sendable {
  case none, relu, gelu, tanh, sigmoid

  private var function: ElementaryFunction? {
    switch self {
    case .none: nil
    case .relu: .relu
    case .gelu: .gelu
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    }
  }

  /// f(x)
  func applied<V: TensorValue>(to x: V) -> V { function.map { x.applying($0) } ?? x }

  /// f′(z) ⊙ ȳ from z and y = f(z).
  func pulled<Element: Scalar>(
    _ adjoint: Tensor<Element>, sums z: Tensor<Element>, result y: Tensor<Element>
  ) -> Tensor<Element> {
    switch self {
    case .none: adjoint
    case .relu: adjoint.combined(with: z) { $1 > 0 ? $0 : 0 }
    case .gelu: adjoint * z.applying(.geluSlope)
    case .tanh: adjoint.combined(with: y) { $0 * (1 - $1 * $1) }
    case .sigmoid: adjoint.combined(with: y) { $0 * ($1 * (1 - $1)) }
    }
  }
}
