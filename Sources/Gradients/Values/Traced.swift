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
    let slots = inputs.map { $0.slot(on: tape, of: primitive.name) }
    let needed = slots.map { $0 != nil }
    return tape.record(primitive.name, operands: slots, results: outputs) {
      (adjoints: [Value?]) throws(NumericalError) in
      try primitive.cotangents(inputs: values, outputs: outputs, adjoints: adjoints, needed: needed)
    }
  }

  public static func passed(
    through layer: some Layer, _ arguments: OperationArguments<Traced>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Traced>? {
    // The backward pass of a layer is no function of traced values.
    guard !recording else { return nil }
    let operands = arguments.operands
    let tape = operands.first(where: { $0?.origin != nil })??.origin?.tape
    let values = arguments.replacing(operands.map { $0?.value })
    guard let pass = try Value.passed(through: layer, values, recording: tape != nil) else {
      return nil
    }
    guard let tape, let pull = pass.pullback else {
      return LayerPass(pass.results.map { Traced($0, origin: nil) }, pullback: nil)
    }
    let slots = operands.map { $0?.slot(on: tape, of: layer.name) }
    let needed = slots.map { $0 != nil }
    let results = tape.record(layer.name, operands: slots, results: pass.results) {
      (adjoints: [Value?]) throws(NumericalError) in try pull(adjoints, needed)
    }
    return LayerPass(results, pullback: nil)
  }

  /// The place on a tape; nil for what depends on none of its inputs.
  private func slot(on tape: Tape<Value>, of name: String) -> Int? {
    origin.map { origin in
      precondition(origin.tape === tape, "\(name) of values from two tapes")
      return origin.slot
    }
  }
}
