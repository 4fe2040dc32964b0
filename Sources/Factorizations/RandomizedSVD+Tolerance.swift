public import Tensors

/// A partial SVD that reaches an error bound, and the rank that suffices.
public struct ToleranceSVD<Element: Scalar>: Sendable {
  /// All triples that were found, a few more than the bound needs.
  public var decomposition: SingularValueDecomposition<Element>
  /// The smallest rank that meets the bound; at least 1, but 0 for a zero matrix.
  public var rank: Int
  /// `‖A − A_rank‖_F / ‖A‖_F` as the method itself knows it.
  public var relativeError: Double
}

/// Vectors per block of the blocked QB method: wide enough for gemm, narrow enough not to
/// overshoot small ranks.
private let toleranceBlock = 32

extension Tensor {
  /// The leading singular triples of a matrix [m, n], as many as a relative Frobenius error of
  /// `tolerance` needs, without knowing the rank beforehand.
  ///
  /// Blocked QB (Yu, Gu & Li 2018, randQB_EI) with power iterations within each block: a basis
  /// grows block by block until `‖A‖² − ‖B‖² ≤ tolerance²·‖A‖²`, one more block is added as
  /// oversampling, and the SVD of B is cut to the smallest rank that keeps the bound. Below
  /// `tolerance² ≈ 10⁴·ε` that difference is rounding, and the residual is formed instead.
  /// Where the basis holds the whole range of A and the bound is still not met (bounds at the level
  /// of rounding), LAPACK decomposes the whole matrix.
  /// - Returns: a rank that is at least the optimal one, and close to it where singular values
  ///   decay; all of min(m, n) when nothing less will do.
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.memory`, `.tooLarge`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func randomizedSVD(
    tolerance: Double, options: RandomizedOptions = RandomizedOptions(),
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> ToleranceSVD<Element> {
    let scan = try requireDecomposable()
    if let scale = Self.rescalingFactor(largest: scan.largest) {
      var result = try (self * scale).randomizedSVD(
        tolerance: tolerance, options: options, budget: budget)
      result.decomposition.rescale(by: 1 / scale)
      return result
    }
    let norm = scan.sumOfSquares.squareRoot()
    guard norm > 0 else {
      let zero = SingularValueDecomposition<Element>(
        u: .zeros([rows, 0]), singularValues: [], vt: .zeros([0, columns]))
      return ToleranceSVD(decomposition: zero, rank: 0, relativeError: 0)
    }
    let a = RowOperator(self)
    var qb = BlockedQB(a, norm: norm, options: options, budget: budget)
    defer { qb.releaseAll() }
    let goal = tolerance * tolerance
    while try qb.residualShare() > goal, qb.canGrow { try qb.grow() }
    if qb.canGrow { try qb.grow() }

    let rest = try qb.residualShare()
    guard rest <= goal else {
      let all = try singularValueDecomposition(budget: budget)
      return ToleranceSVD(all, uncaptured: 0, norm: norm, goal: goal)
    }
    let all = try a.decomposed(basis: qb.basis, projection: qb.projection, kept: qb.basis.rows)
      .decomposition
    return ToleranceSVD(all, uncaptured: rest, norm: norm, goal: goal)
  }
}

extension ToleranceSVD {
  /// Cuts values from the smallest up, as long as the squared bound `goal` holds.
  ///
  /// - Parameter uncaptured: the share of `‖A‖²` outside the triples.
  fileprivate init(
    _ all: SingularValueDecomposition<Element>, uncaptured: Double, norm: Double, goal: Double
  ) {
    var lost = uncaptured
    var kept = all.singularValues.count
    while kept > 1 {
      let share = Double(all.singularValues[kept - 1]) / norm
      guard lost + share * share <= goal else { break }
      lost += share * share
      kept -= 1
    }
    self.init(decomposition: all, rank: kept, relativeError: lost.squareRoot())
  }
}

/// The growing pair Q, B of the blocked QB method, both kept as rows.
private struct BlockedQB<Element: Scalar> {
  let a: RowOperator<Element>
  let norm: Double
  let options: RandomizedOptions
  let budget: MemoryBudget
  var reserved = 0
  /// Orthonormal rows [l, rows].
  var basis: Tensor<Element>
  /// `QᵀA` [l, columns].
  var projection: Tensor<Element>
  /// `(‖A‖² − ‖B‖²)/‖A‖²`, running.
  var uncaptured = 1.0
  var blocks: UInt32 = 0
  /// Whether a sketch found nothing but rounding outside the basis.
  var isExhausted = false

  init(
    _ a: RowOperator<Element>, norm: Double, options: RandomizedOptions, budget: MemoryBudget
  ) {
    self.a = a
    self.norm = norm
    self.options = options
    self.budget = budget
    basis = .zeros([0, a.rows])
    projection = .zeros([0, a.columns])
  }

  var canGrow: Bool { !isExhausted && basis.rows < min(a.rows, a.columns) }

  /// Adds one block: a sketch of what Q has not captured, refined by power iterations.
  mutating func grow() throws(NumericalError) {
    let width = min(toleranceBlock, min(a.rows, a.columns) - basis.rows)
    let extra = MemoryLayout<Element>.stride * 2 * width * (a.rows + a.columns)
    try budget.reserve(extra, for: "a block of the rank search")
    reserved += extra
    let test = RandomSource(seed: options.seed, stream: .sketch, substream: blocks)
      .normal([width, a.columns], as: Element.self)
    blocks += 1
    // The test vectors are not unit: their images are longer by √columns, and so is rounding.
    let noise = a.roundingLength(of: norm)
    let testLength = Element(a.columns).squareRoot()
    var q = try a.forward(test).newDirections(beside: basis, noise: noise * testLength)
    for _ in 0..<options.powerIterations where q.rows > 0 {
      q = try a.forward(a.adjoint(q).orthonormalizedRows())
        .newDirections(beside: basis, noise: noise)
    }
    guard q.rows > 0 else {
      isExhausted = true
      return
    }
    let b = a.adjoint(q)
    let captured = b.frobeniusNorm() / norm
    uncaptured -= captured * captured
    basis = basis.appendingRows(q)
    projection = projection.appendingRows(b)
  }

  /// `‖A − QB‖²/‖A‖²`, from the running difference or, where that is rounding, formed.
  func residualShare() throws(NumericalError) -> Double {
    if uncaptured > 1e4 * Double(Element.epsilon) { return uncaptured }
    let extra = MemoryLayout<Element>.stride * a.matrix.count
    return try budget.reserving(extra, for: "the residual of the rank search") {
      var residual = a.matrix
      if a.transposed {
        residual.accumulateProduct(projection, basis, transposeA: true, alpha: -1)
      } else {
        residual.accumulateProduct(basis, projection, transposeA: true, alpha: -1)
      }
      let share = residual.frobeniusNorm() / norm
      return share * share
    }
  }

  mutating func releaseAll() {
    budget.release(reserved)
    reserved = 0
  }
}
