import Gradients
import Tensors

extension TensorValue {
  /// f(x·Wᵀ + b) over the last axis.
  func dense(_ weights: Self, _ bias: Self?, _ activation: Activation = .none) -> Self {
    let product = matrixProduct(weights.transposed())
    return activation.applied(to: bias.map { product + $0 } ?? product)
  }
}

/// y = f(z), z = x·Wᵀ + b over the last axis, with what the way back needs.
struct DensePass<Element: Scalar> {
  let result: Tensor<Element>
  private let x: Tensor<Element>
  private let weights: Tensor<Element>
  private let hasBias: Bool
  private let activation: Activation
  /// z, a matrix.
  private let sums: Tensor<Element>

  /// - Parameters:
  ///   - x: […, in], `weights`: [out, in], `bias`: [out].
  init(
    _ x: Tensor<Element>, _ weights: Tensor<Element>, _ bias: Tensor<Element>?,
    _ activation: Activation = .none
  ) {
    (self.x, self.weights, self.activation, hasBias) = (x, weights, activation, bias != nil)
    let product = Tensor.matrixProduct(x.flattened, weights, transposeB: true)
    sums = bias.map { product.addingToRows($0) } ?? product
    result = activation.applied(to: sums)
      .reshaped(Shape(x.shape.dimensions.dropLast() + [weights.rows]))
  }

  /// The adjoints of x, W and b: z̄ = f′(z) ⊙ ȳ, x̄ = z̄·W, W̄ = z̄ᵀ·x, b̄ = Σ z̄ over the rows; nil where
  /// they are not needed.
  func pulled(
    _ adjoint: Tensor<Element>, needed: [Bool] = [true, true, true]
  ) -> (x: Tensor<Element>?, weights: Tensor<Element>?, bias: Tensor<Element>?) {
    let delta = activation.pulled(
      adjoint.reshaped(sums.shape), sums: sums, result: result.reshaped(sums.shape))
    return (
      needed[0] ? Tensor.matrixProduct(delta, weights).reshaped(x.shape) : nil,
      needed[1] ? Tensor.matrixProduct(delta, x.flattened, transposeA: true) : nil,
      needed[2] && hasBias ? delta.columnSums() : nil
    )
  }
}
