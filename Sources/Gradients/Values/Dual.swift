public import Tensors

/// A value and its derivative along one direction: forward mode (Clifford 1873; Wengert 1964).
///
/// `Dual<Tensor>` gives a Jacobian–vector product, `Dual<Dual<Tensor>>` second derivatives along two
/// directions.
public struct Dual<Value: TensorValue>: TensorValue {
  public let value: Value
  /// The derivative; nil is zero, so that constants cost nothing.
  public let tangent: Value?

  public init(_ value: Value, tangent: Value?) {
    precondition(
      tangent.map { $0.shape == value.shape } ?? true,
      "a tangent of shape \(tangent.map { "\($0.shape)" } ?? "") for \(value.shape)")
    (self.value, self.tangent) = (value, tangent)
  }

  public init(constant: Tensor<Value.Element>) {
    self.init(Value(constant: constant), tangent: nil)
  }

  public var shape: Shape { value.shape }

  public static func apply(
    _ primitive: some Primitive, to inputs: [Dual]
  ) throws(NumericalError) -> [Dual] {
    let values = inputs.map { $0.value }
    let outputs = try Value.apply(primitive, to: values)
    let tangents = inputs.map { $0.tangent }
    guard tangents.contains(where: { $0 != nil }) else {
      return outputs.map { Dual($0, tangent: nil) }
    }
    let results = try primitive.tangents(inputs: values, outputs: outputs, tangents: tangents)
    return zip(outputs, results).map { Dual($0, tangent: $1) }
  }
}
