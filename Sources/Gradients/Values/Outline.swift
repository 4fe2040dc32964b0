public import Tensors

/// A value of which only the shape is known: what an expression would give, found without computing.
///
/// Where nothing is thrown, in operators, shapes that do not fit trap in every other value. Here the
/// first disagreement travels on as a value, so that a definition can be asked before it runs.
public struct Outline<Element: Scalar>: TensorValue {
  /// The sizes; a scalar's after a disagreement.
  public let shape: Shape
  /// The first disagreement on the way to this value.
  public let failure: NumericalError?

  public init(_ shape: Shape) { (self.shape, failure) = (shape, nil) }

  private init(failure: NumericalError) { (shape, self.failure) = ([], failure) }

  public init(constant: Tensor<Element>) { self.init(constant.shape) }

  public static func apply(
    _ primitive: some Primitive, to inputs: [Outline]
  ) throws(NumericalError) -> [Outline] {
    for input in inputs { if let failure = input.failure { throw failure } }
    return try primitive.shapes(of: inputs.map { $0.shape }).map { Outline($0) }
  }

  public static func failed(_ failure: NumericalError) -> Outline? { Outline(failure: failure) }
}
