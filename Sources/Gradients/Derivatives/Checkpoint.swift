public import Tensors

/// A function as one operation: a tape keeps its inputs alone, and what happens inside is computed
/// again when adjoints are pulled through it (Griewank 1992).
struct Checkpoint<Segment: TensorFunction & Sendable>: Primitive {
  let segment: Segment

  var name: String { "checkpoint" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    let outline = try segment(inputs.map { Outline<Double>($0) })
    if let failure = outline.failure { throw failure }
    return [outline.shape]
  }

  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] { [try segment(inputs)] }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    [try segment.valueAndDerivative(at: inputs, along: tangents).derivative]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return inputs.map { _ in nil } }
    return try segment.valueAndPullback(at: inputs).pullback(adjoint)
  }
}

extension TensorFunction where Self: Sendable {
  /// The result, of which a tape keeps only the inputs.
  public func checkpointed<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    try V.apply(Checkpoint(segment: self), to: inputs)[0]
  }
}

/// A computation in steps: each takes the state that the last one left, and parameters.
public protocol TensorChain: Sendable {
  /// The number of steps.
  var length: Int { get }

  /// The next state; of the state's shape or another.
  ///
  /// - Parameter parameters: those of the whole chain.
  func step<V: TensorValue>(
    _ index: Int, _ state: V, _ parameters: [V]
  ) throws(NumericalError) -> V
}

/// A chain as a function of its first state and its parameters, in segments of about √L steps that
/// keep their inputs alone: about 2√L states at a time for one more computation of each step.
public struct CheckpointedChain<Chain: TensorChain>: TensorFunction, Sendable {
  let chain: Chain
  /// The steps of a segment.
  public let segmentLength: Int

  /// - Parameter segmentLength: the steps of a segment; nil for √L rounded up.
  public init(_ chain: Chain, segmentLength: Int? = nil) {
    self.chain = chain
    self.segmentLength =
      segmentLength ?? max(1, Int(Double(chain.length).squareRoot().rounded(.up)))
  }

  /// - Parameter inputs: the first state, then the parameters.
  public func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    var state = inputs[0]
    let parameters = Array(inputs.dropFirst())
    for segment in segments { state = try segment.checkpointed([state] + parameters) }
    return state
  }

  var segments: [ChainSegment<Chain>] {
    stride(from: 0, to: chain.length, by: segmentLength).map { start in
      ChainSegment(chain: chain, steps: start..<min(chain.length, start + segmentLength))
    }
  }
}

/// Some steps of a chain.
struct ChainSegment<Chain: TensorChain>: TensorFunction, Sendable {
  let chain: Chain
  let steps: Range<Int>

  func callAsFunction<V: TensorValue>(_ inputs: [V]) throws(NumericalError) -> V {
    var state = inputs[0]
    let parameters = Array(inputs.dropFirst())
    for index in steps { state = try chain.step(index, state, parameters) }
    return state
  }
}
