public import Tensors

/// Which way derivatives are propagated.
public enum DerivativeMode: String, Sendable, CaseIterable {
  /// From the inputs on: a pass for each number of the inputs.
  case forward
  /// From the results back: a pass for each number of the result.
  case reverse
}

/// The derivatives of every number of a result by every number of some inputs.
public struct Jacobian<Element: Scalar>: Sendable {
  /// The value of the function.
  public let value: Tensor<Element>
  /// ∂y/∂x for each input: the shape of the result, then that of the input.
  public let blocks: [Tensor<Element>]
  /// How they were found.
  public let mode: DerivativeMode
  /// The passes that it took.
  public let passes: Int
}

extension TensorFunction {
  /// The Jacobian matrices by the mode that needs fewer passes, or by the given one.
  ///
  /// - Parameter inputs: the point; derivatives by all of them are found.
  /// - Throws: what the function and its derivatives throw.
  public func jacobian<Element: Scalar>(
    at inputs: [Tensor<Element>], mode: DerivativeMode? = nil
  ) throws(NumericalError) -> Jacobian<Element> {
    let outline = try self(inputs.map { Outline<Element>($0.shape) })
    if let failure = outline.failure { throw failure }
    let width = inputs.reduce(0) { $0 + $1.count }
    let mode = mode ?? (outline.shape.count <= width ? .reverse : .forward)
    let shapes = inputs.map { Shape(outline.shape.dimensions + $0.shape.dimensions) }
    switch mode {
    case .reverse:
      let (value, pull) = try valueAndPullback(at: inputs)
      var rows: [[Element]] = Array(repeating: [], count: inputs.count)
      for place in 0..<value.count {
        for (block, row) in try pull(.unit(place, value.shape)).enumerated() {
          rows[block] += row.elements
        }
      }
      return Jacobian(
        value: value, blocks: zip(shapes, rows).map { Tensor($0, $1) }, mode: mode,
        passes: value.count)
    case .forward:
      let value = try self(inputs)
      var blocks: [Tensor<Element>] = []
      for (index, input) in inputs.enumerated() {
        var columns: [Element] = []
        for place in 0..<input.count {
          var tangents = [Tensor<Element>?](repeating: nil, count: inputs.count)
          tangents[index] = .unit(place, input.shape)
          columns += try valueAndDerivative(at: inputs, along: tangents).derivative.elements
        }
        blocks.append(
          Tensor([input.count, value.count], columns).transposed().reshaped(shapes[index]))
      }
      return Jacobian(value: value, blocks: blocks, mode: mode, passes: width)
    }
  }

  /// The second derivatives of a scalar by every pair of numbers of one input: shape of the input,
  /// twice. One Hessian–vector product per number.
  ///
  /// - Parameter index: the input; the others are constants.
  public func hessian<Element: Scalar>(
    at inputs: [Tensor<Element>], by index: Int
  ) throws(NumericalError) -> Tensor<Element> {
    let shape = inputs[index].shape
    var rows: [Element] = []
    for place in 0..<shape.count {
      var tangents = [Tensor<Element>?](repeating: nil, count: inputs.count)
      tangents[index] = .unit(place, shape)
      rows += try gradientAndHessianProduct(at: inputs, along: tangents).product[index].elements
    }
    return Tensor(Shape(shape.dimensions + shape.dimensions), rows)
  }
}

extension Tensor {
  /// Zeros with a 1 at a row-major position.
  static func unit(_ position: Int, _ shape: Shape) -> Tensor {
    var result = zeros(shape)
    result.withUnsafeMutableElements { $0[position] = 1 }
    return result
  }
}
