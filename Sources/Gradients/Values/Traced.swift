public import Tensors

/// A value that remembers how it was computed: reverse mode (Linnainmaa 1970; Speelpenning 1980).
///
/// What does not depend on the tape's inputs is not recorded.
public struct Traced<Value: TensorValue>: TensorValue {
  public let value: Value
  /// The tape and the place on it; nil for what depends on none of its inputs.
  let origin: (tape: Tape<Value>, slot: Int)?

  init(_ value: Value, origin: (tape: Tape<Value>, slot: Int)?) {
    (self.value, self.origin) = (value, origin)
  }

  public init(constant: Tensor<Value.Element>) {
    self.init(Value(constant: constant), origin: nil)
  }

  public var shape: Shape { value.shape }

  public static func apply(
    _ primitive: some Primitive, to inputs: [Traced]
  ) throws(NumericalError) -> [Traced] {
    let values = inputs.map { $0.value }
    let outputs = try Value.apply(primitive, to: values)
    // Closures, not key paths: in generic code each use of one would build it anew, 10 µs.
    guard let tape = inputs.first(where: { $0.origin != nil })?.origin?.tape else {
      return outputs.map { Traced($0, origin: nil) }
    }
    let slots = inputs.map { input in
      input.origin.map { origin in
        precondition(origin.tape === tape, "\(primitive.name) of values from two tapes")
        return origin.slot
      }
    }
    let first = tape.record(primitive, inputs: values, outputs: outputs, slots: slots)
    return outputs.enumerated().map { Traced($1, origin: (tape, first + $0)) }
  }
}
