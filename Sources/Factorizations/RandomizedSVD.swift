public import Tensors

/// How the randomised SVD works.
public struct RandomizedOptions: Sendable {
  /// Vectors beyond the rank that the sketch carries.
  public var oversample: Int
  /// Passes over AᵀA after the first sketch; 0 is the plain range finder.
  public var powerIterations: Int
  /// The seed of the Gaussian test matrix.
  public var seed: UInt64
  /// Whether a `Double` matrix may be sketched in `Float`; the last pass is always exact.
  public var sketchesInSinglePrecision: Bool

  /// The defaults reach an error within 2 % of the optimum on every spectrum under test, within
  /// 0.4 % where singular values decay at all (docs/numerics.md).
  public init(
    oversample: Int = 10, powerIterations: Int = 2, seed: UInt64 = 0,
    sketchesInSinglePrecision: Bool = true
  ) {
    self.oversample = oversample
    self.powerIterations = powerIterations
    self.seed = seed
    self.sketchesInSinglePrecision = sketchesInSinglePrecision
  }
}

/// The rows of a tile in OpenBLAS's gemm kernels: a block of another height leaves part of a tile
/// to slower code (60×2048 by 2048×2048 in f64: 14.9 ms against 8.7 for 64; docs/benchmarks.md).
private let gemmTile = 16

/// A truncated SVD together with what its computation learnt about the rest of the spectrum.
public struct RandomizedSVD<Element: Scalar>: Sendable {
  /// The leading triples.
  public var decomposition: SingularValueDecomposition<Element>
  /// The singular values of the projected matrix, those beyond the rank included. Each is at
  /// most the matrix's own singular value of the same index.
  public var projectedSingularValues: [Element]
}

/// A matrix or its transpose, applied to vectors that are stored as rows.
struct RowOperator<Element: Scalar> {
  let matrix: Tensor<Element>
  let transposed: Bool

  /// The larger side of the matrix, as rows: the test matrix is drawn for the smaller side.
  init(_ matrix: Tensor<Element>, transposed: Bool? = nil) {
    self.matrix = matrix
    self.transposed = transposed ?? (matrix.rows < matrix.columns)
  }

  var rows: Int { transposed ? matrix.columns : matrix.rows }
  var columns: Int { transposed ? matrix.rows : matrix.columns }

  /// Rows x [b, columns] ↦ rows (A·x) [b, rows].
  func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    .matrixProduct(x, matrix, transposeB: !transposed)
  }

  /// Rows y [b, rows] ↦ rows (Aᵀ·y) [b, columns].
  func adjoint(_ y: Tensor<Element>) -> Tensor<Element> {
    .matrixProduct(y, matrix, transposeB: transposed)
  }
}

extension Tensor {
  /// The leading `rank` singular triples of a matrix [m, n] by a randomised block Krylov method.
  ///
  /// A Gaussian block of `rank + oversample` vectors spans a block Krylov space of AᵀA of depth
  /// `powerIterations − 1`, every block orthonormalised (Halko, Martinsson & Tropp 2011; Musco &
  /// Musco 2015). The space's best right vectors V give `Q = orth(A·V)`, and the SVD of `QᵀA` gives
  /// the triples. Q needs no more digits than the error that will be left, so for `Double` all but
  /// the last product run in `Float` at twice the speed, unless less than 1e-9 of `‖A‖²` is left
  /// over: then the whole is repeated in double precision.
  ///
  /// Costs `2(powerIterations + 1)` products of A with `rank + oversample` vectors, and 4mn bytes
  /// for the single-precision copy.
  /// - Parameters:
  ///   - rank: 1…min(m, n); a larger one is cut to min(m, n).
  /// - Returns: triples whose Frobenius error is at most 1.02 times the optimum on the tested
  ///   spectra; orthonormal to a few ε.
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.memory`, `.tooLarge`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func randomizedSVD(
    rank: Int, options: RandomizedOptions = RandomizedOptions(),
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> RandomizedSVD<Element> {
    let p = Swift.min(rows, columns)
    guard p > 0 else {
      return RandomizedSVD(
        decomposition: .empty(rows, columns, .thin), projectedSingularValues: [])
    }
    let scan = try requireDecomposable()
    if let scale = Self.rescalingFactor(largest: scan.largest) {
      var result = try (self * scale).randomizedSVD(rank: rank, options: options, budget: budget)
      result.rescale(by: 1 / scale)
      return result
    }
    let kept = Swift.max(1, Swift.min(rank, p))
    // Bounded before they are added: options come from users.
    let wanted = kept + Swift.max(0, Swift.min(options.oversample, p))
    // Whole gemm tiles: 60 vectors take longer than 64.
    let width = Swift.min(p, (wanted + gemmTile - 1) / gemmTile * gemmTile)
    // The space cannot grow beyond p vectors.
    let depth = Swift.max(1, Swift.min(options.powerIterations, p / width + 1))
    let inSingle = options.sketchesInSinglePrecision && Element.self == Double.self
    let stride = MemoryLayout<Element>.stride
    let extra = stride * width * (rows + columns) * (depth + 2) + (inSingle ? 4 * count : 0)
    try budget.reserve(extra, for: "the randomised SVD of a \(shape) matrix")
    defer { budget.release(extra) }

    let a = RowOperator(self)
    let source = RandomSource(seed: options.seed, stream: .sketch)
    let test = source.normal([width, a.columns], as: Element.self)
    guard options.powerIterations > 0 else {
      return try a.projected(onto: test, kept: kept)
    }
    if inSingle, let result = try a.sketchedInSingle(scan, test: test, kept: kept, depth: depth - 1)
    {
      return result
    }
    let directions = try a.krylovDirections(test: test, depth: depth - 1)
    return try a.projected(onto: directions, kept: kept)
  }
}

extension SingularValueDecomposition {
  /// Multiplies the matrix by a positive factor.
  mutating func rescale(by factor: Element) {
    for i in singularValues.indices { singularValues[i] *= factor }
  }
}

extension RandomizedSVD {
  mutating func rescale(by factor: Element) {
    decomposition.rescale(by: factor)
    for i in projectedSingularValues.indices { projectedSingularValues[i] *= factor }
  }
}

extension RowOperator {
  /// The exact step: `Q = orth(A·V)`, then the SVD of `QᵀA`, cut to `kept` triples.
  ///
  /// - Parameter directions: V as rows [l, columns].
  func projected(
    onto directions: Tensor<Element>, kept: Int
  ) throws(NumericalError) -> RandomizedSVD<Element> {
    let q = try forward(directions).orthonormalizedRows()
    return try decomposed(basis: q, projection: adjoint(q), kept: kept)
  }

  /// The triples of `Qᵀ·B` for orthonormal rows Q [l, rows] and B [l, columns], l ≤ columns.
  ///
  /// B is replaced by an l×l triangle-like matrix through a basis P of its rows, so that LAPACK
  /// meets a small problem only: `B = (B·Pᵀ)·P`.
  func decomposed(
    basis q: Tensor<Element>, projection b: Tensor<Element>, kept: Int
  ) throws(NumericalError) -> RandomizedSVD<Element> {
    let p = try b.orthonormalizedRows()
    let core = try Tensor.matrixProduct(b, p, transposeB: true).singularValueDecomposition()
    let small = core.truncated(to: kept)
    // The small problem's vectors carry the bases over: [l, k]ᵀ·[l, side].
    let left = Tensor.matrixProduct(q, small.u, transposeA: true)
    let right = Tensor.matrixProduct(small.vt, p)
    var result = SingularValueDecomposition(
      u: transposed ? right.transposed() : left, singularValues: small.singularValues,
      vt: transposed ? left.transposed() : right, usedFallback: core.usedFallback)
    result.fixSigns()
    return RandomizedSVD(decomposition: result, projectedSingularValues: core.singularValues)
  }

  /// The length of what rounding makes of A·x for unit vectors x.
  func roundingLength(of norm: Double) -> Element {
    Element(norm) * Element.epsilon * 10 * Element(Swift.max(rows, columns)).squareRoot()
  }

  /// The best right vectors within the block Krylov space of a test block.
  ///
  /// - Parameters:
  ///   - test: the Gaussian block, as rows [l, columns].
  ///   - depth: how many times AᵀA extends the space beyond the first sketch.
  /// - Returns: l orthonormal rows [l, columns].
  func krylovDirections(
    test: Tensor<Element>, depth: Int
  ) throws(NumericalError) -> Tensor<Element> {
    let width = test.rows
    var basis = try forward(test).orthonormalizedRows()
    var projection = adjoint(basis)
    var newest = projection
    let noise = roundingLength(of: projection.frobeniusNorm())
    for _ in 0..<depth {
      let room = Swift.min(rows, columns) - basis.rows
      guard room > 0 else { break }
      var next = try forward(newest.orthonormalizedRows())
      if next.rows > room { next = next.rows(0..<room) }
      next = try next.newDirections(beside: basis, noise: noise)
      // What was left is rounding: the space already holds the whole range of A.
      guard next.rows > 0 else { break }
      newest = adjoint(next)
      basis = basis.appendingRows(next)
      projection = projection.appendingRows(newest)
    }
    let p = try projection.orthonormalizedRows()
    let core = try Tensor.matrixProduct(projection, p, transposeB: true)
      .singularValueDecomposition()
    return Tensor.matrixProduct(core.truncated(to: width).vt, p)
  }

  /// The whole method with everything but the projection `QᵀA` in single precision; nil when
  /// single precision cannot resolve what is asked for.
  ///
  /// Rounding costs the basis at most about `l·2⁻⁴⁶` of `‖A‖²` (l vectors, 24 bits). That is
  /// nothing beside what the approximation leaves, as long as it leaves `leastResidual`.
  func sketchedInSingle(
    _ scan: TensorScan<Element>, test: Tensor<Element>, kept: Int, depth: Int
  ) throws(NumericalError) -> RandomizedSVD<Element>? {
    guard scan.largest > 0 else { return nil }
    let single = RowOperator<Float>(
      matrix.scaledToSingle(by: 1 / scan.largest), transposed: transposed)
    let directions = try single.krylovDirections(
      test: test.converted(to: Float.self), depth: depth)
    let q = try single.forward(directions).converted(to: Element.self).orthonormalizedRows()
    let projection = adjoint(q)
    let captured = projection.scanned().sumOfSquares / scan.sumOfSquares
    guard 1 - captured > leastResidual else { return nil }
    return try decomposed(basis: q, projection: projection, kept: kept)
  }
}

/// The share of `‖A‖²` that must be left over for a sketch in single precision to be trusted:
/// a relative error of 3e-5, where rounding adds less than a thousandth to it.
private let leastResidual = 1e-9

extension Tensor {
  /// The tensor times a factor, rounded to single precision.
  @specialized(where Element == Double)
  func scaledToSingle(by factor: Element) -> Tensor<Float> {
    withUnsafeElements { source in
      Tensor<Float>(uninitialized: shape) { target in
        guard let base = target.baseAddress else { return }
        // A core's share of a large copy is worth a thread from about a quarter megabyte.
        Parallel.forEachRange(source.count, grain: 1 << 16) { range in
          for i in range { (base + i).initialize(to: Float(source[i] * factor)) }
        }
      }
    }
  }
}
