public import Tensors

/// softmax(scale·Q·Kᵀ + mask)·V for many heads (Vaswani et al. 2017), with its backward pass.
///
/// Q [B, H, Tq, d], K [B, Hkv, Tk, d], V [B, Hkv, Tk, dv]; B and H may be absent. Several heads of
/// queries share one head of keys and values where Hkv divides H: grouped queries, with Hkv = 1
/// multi-query attention. A query that sees no key gives zeros, and its derivative is zero.
public struct Attention: Sendable {
  /// The shapes of Q, K and V.
  public let queries: Shape
  public let keys: Shape
  public let values: Shape
  /// The shape of what is added to the scores; nil for no mask.
  public let mask: Shape?
  /// Whether query i sees only the keys j ≤ i + Tk − Tq: the last query sees all keys, as decoding
  /// with a cache of keys needs. (PyTorch's `is_causal` aligns the first query with the first key.)
  public let isCausal: Bool
  /// What the products are multiplied by.
  public let scale: Double

  /// Attention of operands of these shapes.
  ///
  /// - Parameters:
  ///   - queries: Q [B, H, Tq, d].
  ///   - keys: K [B, Hkv, Tk, d].
  ///   - values: V [B, Hkv, Tk, dv].
  ///   - mask: the shape of a mask that can be broadcast to [B, H, Tq, Tk].
  ///   - scale: 1/√d unless given.
  /// - Throws: `NumericalError.shape` for operands that do not fit, or of no elements.
  public init(
    queries: Shape, keys: Shape, values: Shape, mask: Shape? = nil, isCausal: Bool = false,
    scale: Double? = nil
  ) throws(NumericalError) {
    (self.queries, self.keys, self.values, self.mask) = (queries, keys, values, mask)
    self.isCausal = isCausal
    let width = queries.rank > 0 ? queries[queries.rank - 1] : 1
    self.scale = scale ?? 1 / Double(width).squareRoot()
    guard [queries, keys, values].allSatisfy({ (2...4).contains($0.rank) && $0.count > 0 }),
      queries.size(4) == keys.size(4), keys.size(3) == values.size(3),
      keys.size(2) == values.size(2), queries.size(2) % keys.size(2) == 0,
      queries.size(1) == keys.size(1), queries.size(1) == values.size(1)
    else {
      throw .shape(
        "attention of Q \(queries), K \(keys) and V \(values): Q [B, H, Tq, d], K [B, Hkv, Tk, d]"
          + " and V [B, Hkv, Tk, dv] fit, none empty, Hkv a divisor of H")
    }
    if let mask, !mask.stretches(to: scores) {
      throw .shape("attention with a mask of \(mask): it is added to [B, H, Tq, Tk], \(scores)")
    }
  }

  var batch: Int { queries.size(1) }
  var heads: Int { queries.size(2) }
  var keyHeads: Int { keys.size(2) }
  /// The heads of queries that share one of keys.
  var group: Int { heads / keyHeads }
  var queryCount: Int { queries.size(3) }
  var keyCount: Int { keys.size(3) }
  var width: Int { queries.size(4) }
  var valueWidth: Int { values.size(4) }
  /// [B, H, Tq, Tk].
  var scores: Shape { [batch, heads, queryCount, keyCount] }

  /// The shape of the result: Q's with dv in place of d.
  public var output: Shape { Shape(queries.dimensions.dropLast() + [valueWidth]) }

  /// The shape of the logarithms of the softmax's denominators: Q's without d.
  public var logSumExp: Shape { Shape(Array(queries.dimensions.dropLast())) }

  /// The floating-point operations of the forward pass: 2·B·H·(d + dv) for every query and key that
  /// it sees, half of them where causal.
  public var operations: Double {
    let pairs = Double(batch * heads) * Double(queryCount) * Double(keyCount)
    return 2 * Double(width + valueWidth) * pairs * (isCausal ? 0.5 : 1)
  }

  /// Those of the backward pass, which computes the scores again: five products for two.
  public var backwardOperations: Double { 2.5 * operations }
}

/// How attention is computed.
public enum AttentionAlgorithm: String, CaseIterable, Sendable {
  /// `flash`; backward `naive` for so few queries that tiles would be nearly empty.
  case auto
  /// With the array of all scores [B, H, Tq, Tk].
  case naive
  /// Tile by tile with a running maximum and sum (Dao et al. 2022), or key by key for less than four
  /// queries: the memory grows with Tq + Tk.
  case flash
}

extension Attention {
  /// The result, and the logarithms of the softmax's denominators, which the backward pass needs.
  ///
  /// - Parameters:
  ///   - q: queries, `k`: keys, `v`: values, of the shapes of this attention.
  ///   - mask: what is added to the scores; −∞ hides a key.
  ///   - budget: is asked for `extraElements`.
  /// - Returns: the output [B, H, Tq, dv] and L [B, H, Tq], −∞ for a query that sees no key.
  /// - Throws: `NumericalError.shape` for other shapes, `NumericalError.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>,
    mask: Tensor<Element>? = nil, algorithm: AttentionAlgorithm = .auto,
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> (output: Tensor<Element>, logSumExp: Tensor<Element>) {
    try check(q.shape, k.shape, v.shape, mask?.shape)
    let bytes = extraElements(algorithm) * MemoryLayout<Element>.stride
    return try budget.reserving(bytes, for: "attention") {
      switch algorithm {
      case .naive: naiveForward(q, k, v, mask)
      case .auto, .flash:
        isDecoding ? decodingForward(q, k, v, mask) : flashForward(q, k, v, mask)
      }
    }
  }

  /// The adjoints of the operands.
  ///
  /// Two runs with one number of threads give the same bits.
  /// - Parameters:
  ///   - adjoint: that of the output [B, H, Tq, dv].
  ///   - forward: what `forward` gave for the same operands.
  ///   - maskNeeded: whether the mask's adjoint is wanted. It is as large as the scores as a rule, so
  ///     that it is computed the naive way.
  ///   - budget: is asked for `extraElements(_, backward: true)`.
  /// - Returns: the adjoints of Q, K and V, and of the mask where it is wanted.
  /// - Throws: `NumericalError.shape` for other shapes, `NumericalError.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func backward<Element: Scalar>(
    _ adjoint: Tensor<Element>, _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>,
    mask: Tensor<Element>? = nil, forward: (output: Tensor<Element>, logSumExp: Tensor<Element>),
    maskNeeded: Bool = false, algorithm: AttentionAlgorithm = .auto,
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> AttentionAdjoints<Element> {
    try check(q.shape, k.shape, v.shape, mask?.shape)
    guard adjoint.shape == output, forward.output.shape == output,
      forward.logSumExp.shape == logSumExp
    else {
      throw .shape(
        "adjoint \(adjoint.shape), output \(forward.output.shape) and logarithms"
          + " \(forward.logSumExp.shape) for an attention with results of \(output)")
    }
    let algorithm = maskNeeded && mask != nil ? .naive : backwardAlgorithm(algorithm)
    let bytes = extraElements(algorithm, backward: true) * MemoryLayout<Element>.stride
    return try budget.reserving(bytes, for: "attention's backward pass") {
      switch algorithm {
      case .naive: naiveBackward(adjoint, q, k, v, mask, maskNeeded: maskNeeded)
      case .auto, .flash: flashBackward(adjoint, q, k, v, mask, forward)
      }
    }
  }

  /// The elements that a pass needs besides operands, results and, backwards, the forward pass's
  /// results, with the threads that there are now.
  public func extraElements(_ algorithm: AttentionAlgorithm, backward: Bool = false) -> Int {
    if backward {
      return backwardAlgorithm(algorithm) == .naive ? 2 * scores.count : flashBackwardElements
    }
    if algorithm == .naive { return scores.count }
    return isDecoding ? decodingElements : flashForwardElements
  }

  /// Backward `auto` is naive for few queries, whose scores are few.
  private func backwardAlgorithm(_ algorithm: AttentionAlgorithm) -> AttentionAlgorithm {
    algorithm == .auto && isDecoding ? .naive : algorithm
  }

  func check(_ q: Shape, _ k: Shape, _ v: Shape, _ mask: Shape?) throws(NumericalError) {
    guard q == queries, k == keys, v == values, mask == self.mask else {
      let masks = [mask, self.mask].map { $0.map { ", mask \($0)" } ?? "" }
      throw .shape(
        "Q \(q), K \(k), V \(v)\(masks[0]) for an attention of Q \(queries), K \(keys),"
          + " V \(values)\(masks[1])")
    }
  }
}

/// What the backward pass of attention gives.
public struct AttentionAdjoints<Element: Scalar>: Sendable {
  /// Those of Q, K and V.
  public let queries: Tensor<Element>
  public let keys: Tensor<Element>
  public let values: Tensor<Element>
  /// That of the mask; nil where it was not asked for.
  public let mask: Tensor<Element>?
}

extension Shape {
  /// The size of one of the axes [B, H, T, d], counted from 1; absent ones are 1.
  fileprivate func size(_ axis: Int) -> Int {
    let place = axis - 1 + rank - 4
    return place < 0 ? 1 : self[place]
  }

  /// Whether it becomes `target` when axes are added in front and those of size 1 are stretched.
  fileprivate func stretches(to target: Shape) -> Bool {
    rank <= target.rank
      && zip(dimensions.reversed(), target.dimensions.reversed()).allSatisfy {
        $0 == 1 || $0 == $1
      }
  }
}
