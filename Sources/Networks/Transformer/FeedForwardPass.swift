import Gradients
import Tensors

/// W1 [hidden, in], b1, W2 [out, hidden] and b2.
struct FeedForwardParameters<V> {
  let first: V
  let firstBias: V
  let second: V
  let secondBias: V

  /// Four operands in a row.
  init(_ operands: [V]) {
    (first, firstBias, second, secondBias) = (operands[0], operands[1], operands[2], operands[3])
  }
}

extension FeedForwardParameters<Shape> {
  /// - Throws: `NumericalError.shape` for operands that do not fit.
  func check(_ x: Shape) throws(NumericalError) {
    guard x.rank > 0, first.rank == 2, second.rank == 2, x[x.rank - 1] == first[1],
      firstBias == [first[0]], second[1] == first[0], secondBias == [second[0]]
    else {
      throw .shape(
        "feed_forward of \(x) by \(first), \(firstBias), \(second) and \(secondBias): x […, in],"
          + " W1 [hidden, in], b1 [hidden], W2 [out, hidden] and b2 [out] fit")
    }
  }
}

extension FeedForwardParameters where V: TensorValue {
  var shapes: FeedForwardParameters<Shape> {
    .init([first.shape, firstBias.shape, second.shape, secondBias.shape])
  }

  /// f(x·W1ᵀ + b1)·W2ᵀ + b2 by the formula.
  func defined(_ x: V, _ activation: Activation) -> V {
    x.dense(first, firstBias, activation).dense(second, secondBias)
  }
}

/// f(x·W1ᵀ + b1)·W2ᵀ + b2, with what the way back needs: two dense layers.
struct FeedForwardPass<Element: Scalar> {
  private let hidden: DensePass<Element>
  private let output: DensePass<Element>

  var result: Tensor<Element> { output.result }

  init(
    _ x: Tensor<Element>, _ parameters: FeedForwardParameters<Tensor<Element>>,
    _ activation: Activation
  ) {
    hidden = DensePass(x, parameters.first, parameters.firstBias, activation)
    output = DensePass(hidden.result, parameters.second, parameters.secondBias)
  }

  /// The adjoints of x and of the four parameters.
  func pulled(_ adjoint: Tensor<Element>) -> (x: Tensor<Element>?, parameters: [Tensor<Element>?]) {
    let second = output.pulled(adjoint)
    guard let between = second.x else { preconditionFailure("the adjoint was asked for") }
    let first = hidden.pulled(between)
    return (first.x, [first.weights, first.bias, second.weights, second.bias])
  }
}
