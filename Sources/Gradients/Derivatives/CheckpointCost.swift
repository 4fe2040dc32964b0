public import Tensors

/// What checkpoints save a reverse pass and what they cost it, counted on the tapes of shapes alone.
public struct CheckpointCost: Sendable, Hashable {
  /// The primitives that the function applies, and those that are applied once more.
  public let operations: Int
  public let extraOperations: Int
  /// The most elements that are recorded at a time: with checkpoints, the states between segments and
  /// all inside one of them.
  public let recordedElements: Int
  /// The same without checkpoints.
  public let plainElements: Int
}

extension CheckpointedChain {
  /// The cost of a reverse pass for a first state and parameters of some shapes.
  public func cost(of shapes: [Shape]) throws(NumericalError) -> CheckpointCost {
    var (operations, states, largest, plain) = (0, 0, 0, 0)
    var state = shapes[0]
    for segment in segments {
      let tape = Tape<Outline<Double>>()
      let inputs = ([state] + shapes.dropFirst()).map { tape.input(Outline($0)) }
      state = try segment(inputs).shape
      operations += tape.nodes.count
      states += state.count
      largest = max(largest, tape.elementCount)
      plain += tape.elementCount
    }
    return CheckpointCost(
      operations: operations, extraOperations: operations, recordedElements: states + largest,
      plainElements: plain)
  }
}
