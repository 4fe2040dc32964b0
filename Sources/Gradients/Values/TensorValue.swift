public import Tensors

/// What a mathematical definition may do with a tensor, whatever else the value carries.
///
/// `Tensor` computes, `Dual` carries a tangent, `Traced` records what is done to it, `Outline` knows
/// shapes alone; they nest. A definition that is written over `TensorValue` can therefore be
/// evaluated, differentiated forwards, backwards and twice without another line.
///
/// The one requirement besides conversion is `apply`: every operation is a `Primitive`.
public protocol TensorValue {
  /// The type of the numbers.
  associatedtype Element: Scalar

  /// A value that does not depend on anything.
  init(constant: Tensor<Element>)

  /// The sizes, outermost first.
  var shape: Shape { get }

  /// The results of a primitive.
  ///
  /// - Throws: `NumericalError` where the primitive has no value: singular, not positive definite,
  ///   no convergence. Shapes that do not fit trap, but in an `Outline`, which is asked first.
  static func apply(
    _ primitive: some Primitive, to inputs: [Self]
  ) throws(NumericalError) -> [Self]

  /// The results of a layer by its kernels; nil where only its definition can be followed.
  ///
  /// - Parameter recording: whether the backward pass is wanted.
  static func passed(
    through layer: some Layer, _ arguments: OperationArguments<Self>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Self>?

  /// A value in place of one that shapes do not allow; nil where that traps.
  static func failed(_ failure: NumericalError) -> Self?
}

/// One operation with its value and both its derivatives, written once for all kinds of values.
///
/// With inputs x, outputs y, tangents ẋ and adjoints ȳ: the tangent rule is ẏ = (∂y/∂x)·ẋ, the
/// cotangent rule x̄ = (∂y/∂x)ᵀ·ȳ. Both are written in `TensorValue`, which is why derivatives have
/// derivatives.
public protocol Primitive: Sendable {
  /// What the operation is called in tapes and messages.
  var name: String { get }

  /// The shapes of the results.
  ///
  /// - Throws: `NumericalError.shape` with what does not fit.
  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape]

  /// The results for numbers, of the shapes that `shapes` tells.
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>]

  /// The primitive that does the same for stacks of operands; nil: each is computed by itself.
  func stacked(over operands: StackedOperands) -> StackedCall<Self>?

  /// The tangents of the outputs; nil is zero, and at least one of the inputs' is not.
  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?]

  /// The adjoints of the inputs; nil is zero, and at least one of the outputs' is not.
  ///
  /// - Parameter needed: which inputs' adjoints are wanted; others may be nil.
  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?]
}

extension Primitive {
  /// One by one.
  func stacked(over operands: StackedOperands) -> StackedCall<Self>? { nil }
}

extension TensorValue {
  /// Values that carry derivatives follow definitions.
  public static func passed(
    through layer: some Layer, _ arguments: OperationArguments<Self>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Self>? { nil }

  /// Values that compute have no such thing.
  public static func failed(_ failure: NumericalError) -> Self? { nil }

  /// The one result of a primitive that cannot fail once shapes fit.
  static func total(_ primitive: some Primitive, _ inputs: Self...) -> Self {
    total(primitive, inputs)
  }

  /// The same for operands in a list.
  static func total(_ primitive: some Primitive, _ inputs: [Self]) -> Self {
    do {
      return try apply(primitive, to: inputs)[0]
    } catch {
      guard let failed = failed(error) else {
        preconditionFailure("\(primitive.name): \(error)")
      }
      return failed
    }
  }

  /// A scalar constant.
  public init(_ number: Double) {
    self.init(constant: Tensor([], [Element(number)]))
  }

  /// Zeros of the same shape.
  func zeros() -> Self { Self(constant: .zeros(shape)) }
}
