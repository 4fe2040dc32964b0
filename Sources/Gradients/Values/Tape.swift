public import Tensors

/// The operations that led from some inputs to their results, in order: a Wengert list.
///
/// It is flat: a node names its operands by their slots, so that neither a long chain of nodes nor
/// its release recurses.
public final class Tape<Value: TensorValue> {
  /// One operation: what it read, what it wrote, and how adjoints pass through it.
  struct Node {
    let name: String
    /// The slots of the operands; nil for constants.
    let operands: [Int?]
    /// The first of the slots that it filled, and how many.
    let first: Int
    let count: Int
    /// From the adjoints of the results to those of the operands that have a slot.
    let pull: ([Value?]) throws(NumericalError) -> [Value?]
  }

  private(set) var nodes: [Node] = []
  /// The slots that are in use; each holds one value.
  private(set) var slots = 0
  /// The elements of all results that are recorded.
  private(set) var elementCount = 0

  public init() {}

  /// An input: a value with a slot, without a node.
  public func input(_ value: Value) -> Traced<Value> {
    slots += 1
    return Traced(value, origin: (self, slots - 1))
  }

  /// Records an operation.
  ///
  /// - Parameters:
  ///   - operands: their slots; nil for constants.
  ///   - pull: from the adjoints of the results to those of the operands that have a slot.
  /// - Returns: the results with their slots.
  func record(
    _ name: String, operands: [Int?], results: [Value],
    pull: @escaping ([Value?]) throws(NumericalError) -> [Value?]
  ) -> [Traced<Value>] {
    let first = slots
    nodes.append(
      Node(name: name, operands: operands, first: first, count: results.count, pull: pull))
    slots += results.count
    for result in results { elementCount += result.shape.count }
    return results.enumerated().map { Traced($1, origin: (self, first + $0)) }
  }

  /// The adjoints of some values, given those of others.
  ///
  /// - Parameters:
  ///   - seeds: the adjoints of results; values that do not depend on the tape's inputs are ignored.
  ///   - inputs: whose adjoints are wanted.
  /// - Returns: nil where no seed depends on an input.
  public func adjoints(
    of inputs: [Traced<Value>], seeds: [(value: Traced<Value>, adjoint: Value)]
  ) throws(NumericalError) -> [Value?] {
    var adjoints = [Value?](repeating: nil, count: slots)
    func add(_ adjoint: Value, to slot: Int) {
      adjoints[slot] = adjoints[slot].map { $0 + adjoint } ?? adjoint
    }
    for (value, adjoint) in seeds {
      if let origin = value.origin { add(adjoint, to: origin.slot) }
    }
    let wanted = Set(inputs.compactMap { $0.origin?.slot })
    for node in nodes.reversed() {
      let results = node.first..<node.first + node.count
      guard results.contains(where: { adjoints[$0] != nil }) else { continue }
      let pulled = try node.pull(Array(adjoints[results]))
      // Nothing reads these again; their memory is free for the next.
      for slot in results where !wanted.contains(slot) { adjoints[slot] = nil }
      for (operand, adjoint) in zip(node.operands, pulled) {
        if let operand, let adjoint { add(adjoint, to: operand) }
      }
    }
    return inputs.map { $0.origin.flatMap { adjoints[$0.slot] } }
  }
}
