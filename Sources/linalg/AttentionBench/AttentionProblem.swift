import Networks
import Tensors

/// Operands of one attention, with its results by the definition in double precision; those are
/// computed when they are first asked for.
final class AttentionProblem<Element: Scalar> {
  let attention: Attention
  let q, k, v: Tensor<Element>
  /// That of the output, for backward passes.
  let adjoint: Tensor<Element>
  private var outputFound: Tensor<Double>?
  private var adjointsFound: AttentionAdjoints<Double>?

  init(
    _ attention: Attention, _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>,
    seed: Int
  ) {
    (self.attention, self.q, self.k, self.v) = (attention, q, k, v)
    adjoint = Self.random(attention.output, seed: seed, place: 3)
  }

  /// Standard normal operands of these shapes.
  convenience init(_ attention: Attention, seed: Int) {
    self.init(
      attention, Self.random(attention.queries, seed: seed, place: 0),
      Self.random(attention.keys, seed: seed, place: 1),
      Self.random(attention.values, seed: seed, place: 2), seed: seed)
  }

  private static func random(_ shape: Shape, seed: Int, place: UInt32) -> Tensor<Element> {
    RandomSource(seed: UInt64(seed), stream: .sample, substream: place)
      .normal(shape, as: Element.self)
  }

  static func wide(_ tensor: Tensor<Element>) -> Tensor<Double> {
    tensor.converted(to: Double.self)
  }

  func output() throws(NumericalError) -> Tensor<Double> {
    if let outputFound { return outputFound }
    let output = try attention.reference(Self.wide(q), Self.wide(k), Self.wide(v))
    outputFound = output
    return output
  }

  func adjoints() throws(NumericalError) -> AttentionAdjoints<Double> {
    if let adjointsFound { return adjointsFound }
    let adjoints = try attention.referenceAdjoints(
      Self.wide(adjoint), Self.wide(q), Self.wide(k), Self.wide(v))
    adjointsFound = adjoints
    return adjoints
  }

  /// The differences of the adjoints that it explains where they nearly vanish.
  var adjointRounding: (queries: Double, keys: Double, values: Double) {
    attention.adjointRounding(
      epsilon: Double(Element.epsilon), Self.wide(q), Self.wide(k), Self.wide(v),
      adjoint: Self.wide(adjoint))
  }

  /// The relative error that rounding explains.
  func tolerance(backward: Bool) throws(NumericalError) -> Double {
    attention.roundingError(
      epsilon: Double(Element.epsilon), Self.wide(q), Self.wide(k), Self.wide(v),
      output: try output(), backward: backward)
  }
}

/// The attentions of one size: variants with the same heads of keys share a problem, which exists from
/// the first use on.
final class AttentionSubject<Element: Scalar> {
  /// B, H, Tq, Tk and d.
  struct Sizes {
    let batch, heads, queries, keys, width: Int
  }

  let sizes: Sizes
  let isCausal: Bool
  private let seed: Int
  private let memory: Int
  /// What the machine has.
  private let machine = MemoryBudget.system().limit
  private var problems: [Int: AttentionProblem<Element>] = [:]
  /// The heads of keys and values that files have.
  private let givenHeads: Int?

  /// Random operands.
  init(_ sizes: Sizes, isCausal: Bool, seed: Int, memory: Int) {
    (self.sizes, self.isCausal, self.seed, self.memory) = (sizes, isCausal, seed, memory)
    givenHeads = nil
  }

  /// Operands of files.
  ///
  /// - Throws: `NumericalError.shape` where they do not fit.
  init(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>, isCausal: Bool, seed: Int,
    memory: Int
  ) throws(NumericalError) {
    let attention = try Attention(
      queries: q.shape, keys: k.shape, values: v.shape, isCausal: isCausal)
    func size(_ shape: Shape, _ place: Int) -> Int {
      place <= shape.rank ? shape[shape.rank - place] : 1
    }
    sizes = Sizes(
      batch: size(q.shape, 4), heads: size(q.shape, 3), queries: size(q.shape, 2),
      keys: size(k.shape, 2), width: size(q.shape, 1))
    (self.isCausal, self.seed, self.memory) = (isCausal, seed, memory)
    let heads = size(k.shape, 3)
    givenHeads = heads
    problems = [heads: AttentionProblem(attention, q, k, v, seed: seed)]
  }

  /// The heads of keys and values that a variant has here.
  func keyHeads(_ variant: AttentionVariant) -> Int {
    givenHeads ?? variant.keyHeads(sizes.heads)
  }

  /// Keys and values of a variant, in bytes.
  func cacheBytes(_ variant: AttentionVariant) -> Int {
    Self.product(
      sizes.batch, keyHeads(variant), sizes.keys, 2 * sizes.width, MemoryLayout<Element>.stride)
  }

  /// What a variant leaves of the memory for its work: operands and results stand beside it. What
  /// verification holds in doubles is not counted, but has to fit the machine.
  func budget(_ variant: AttentionVariant) -> Int {
    max(0, memory - heldBytes(variant, MemoryLayout<Element>.stride))
  }

  /// The operands of a variant.
  ///
  /// - Throws: `NumericalError.memory` before they are drawn.
  func problem(_ variant: AttentionVariant) throws(NumericalError) -> AttentionProblem<Element> {
    let heads = keyHeads(variant)
    if let problem = problems[heads] { return problem }
    let needed = heldBytes(variant, MemoryLayout<Element>.stride)
    // Variants with other heads of keys stand beside it.
    let beside = problems.count + 1
    let withReferences = Self.product(
      beside,
      heldBytes(variant, MemoryLayout<Element>.stride + 2 * MemoryLayout<Double>.stride))
    for (bytes, limit) in [(needed, memory), (withReferences, max(memory, machine))]
    where bytes > limit {
      throw .memory(needed: bytes, available: limit, purpose: "operands and results")
    }
    let keys: Shape = [sizes.batch, heads, sizes.keys, sizes.width]
    let problem = AttentionProblem<Element>(
      try Attention(
        queries: [sizes.batch, sizes.heads, sizes.queries, sizes.width], keys: keys, values: keys,
        isCausal: isCausal), seed: seed)
    problems[heads] = problem
    return problem
  }

  /// Lets go of operands that can be drawn again.
  func release() {
    if givenHeads == nil { problems = [:] }
  }

  /// Operands, output and adjoints, so many bytes for each number.
  private func heldBytes(_ variant: AttentionVariant, _ bytes: Int) -> Int {
    let queries = Self.product(sizes.batch, sizes.heads, sizes.queries, sizes.width, 3)
    let keys = Self.product(sizes.batch, keyHeads(variant), sizes.keys, sizes.width, 4)
    let combinations = Self.product(variant.rank ?? 0, sizes.keys)
    return Self.product([queries, keys, combinations].reduce(0) { $0 + min($1, 1 << 59) }, bytes)
  }

  /// A product, cut where it cannot be counted.
  private static func product(_ factors: Int...) -> Int {
    factors.reduce(1) { product, factor in
      let (result, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : result
    }
  }
}
