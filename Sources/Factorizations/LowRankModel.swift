internal import RealModule
public import Tensors

/// Matrices of one shape [m, n] (the channels of a picture, or one matrix) with enough singular
/// triples of each to approximate them all at a common rank.
public struct LowRankModel<Element: Scalar>: Sendable {
  /// How the triples were found.
  public enum Method: String, Sendable {
    case exact, randomized
  }

  /// How they were found.
  public let method: Method
  /// The matrices themselves, all [m, n].
  public let matrices: [Tensor<Element>]
  /// The leading triples of each matrix; all of them for the exact method.
  public let decompositions: [SingularValueDecomposition<Element>]
  /// The singular values of each matrix (exact) or of its projection (randomised).
  public let singularValues: [[Double]]
  /// The Frobenius norm of all matrices together.
  public let norm: Double
  /// The common spectrum; nil when only a part of it is known.
  public let spectrum: Spectrum?

  /// The number of rows of each matrix.
  public var rows: Int { matrices[0].rows }
  /// The number of columns of each matrix.
  public var columns: Int { matrices[0].columns }
  /// The largest rank that the triples allow.
  public var largestRank: Int { decompositions.map(\.singularValues.count).min() ?? 0 }
  /// Whether any decomposition needed the second LAPACK driver.
  public var usedFallback: Bool { decompositions.contains { $0.usedFallback } }

  private init(
    _ method: Method, _ matrices: [Tensor<Element>],
    _ decompositions: [SingularValueDecomposition<Element>], _ values: [[Element]]
  ) {
    self.method = method
    self.matrices = matrices
    self.decompositions = decompositions
    singularValues = values.map { $0.map { Double($0) } }
    norm = matrices.reduce(0) { Double.hypot($0, $1.frobeniusNorm()) }
    spectrum = method == .exact ? Spectrum(joining: values) : nil
  }

  /// All triples by LAPACK.
  ///
  /// - Parameters:
  ///   - matrices: at least one, of one shape; otherwise it traps.
  ///   - matrixDone: called after each matrix.
  /// - Throws: as `singularValueDecomposition`.
  public static func exact(
    _ matrices: [Tensor<Element>], budget: MemoryBudget = .unlimited(),
    matrixDone: () -> Void = {}
  ) throws(NumericalError) -> LowRankModel {
    checkShapes(matrices)
    var decompositions: [SingularValueDecomposition<Element>] = []
    for matrix in matrices {
      decompositions.append(try matrix.singularValueDecomposition(budget: budget))
      matrixDone()
    }
    return LowRankModel(.exact, matrices, decompositions, decompositions.map(\.singularValues))
  }

  /// The leading `rank` triples by the randomised method; each matrix has its own sketch.
  ///
  /// - Throws: as `randomizedSVD(rank:)`.
  public static func randomized(
    _ matrices: [Tensor<Element>], rank: Int, options: RandomizedOptions,
    budget: MemoryBudget = .unlimited(), matrixDone: () -> Void = {}
  ) throws(NumericalError) -> LowRankModel {
    checkShapes(matrices)
    var results: [RandomizedSVD<Element>] = []
    for matrix in matrices {
      results.append(try matrix.randomizedSVD(rank: rank, options: options, budget: budget))
      matrixDone()
    }
    return LowRankModel(
      .randomized, matrices, results.map(\.decomposition), results.map(\.projectedSingularValues))
  }

  /// As many triples as a common relative Frobenius error of `tolerance` needs, and the rank that
  /// meets it.
  ///
  /// - Throws: as `randomizedSVD(tolerance:)`.
  public static func randomized(
    _ matrices: [Tensor<Element>], tolerance: Double, options: RandomizedOptions,
    budget: MemoryBudget = .unlimited(), matrixDone: () -> Void = {}
  ) throws(NumericalError) -> (model: LowRankModel, rank: Int) {
    checkShapes(matrices)
    var found: [ToleranceSVD<Element>] = []
    for matrix in matrices {
      found.append(
        try matrix.randomizedSVD(tolerance: tolerance, options: options, budget: budget))
      matrixDone()
    }
    // The matrix that needs most sets the rank; others follow, with a new sketch when theirs was
    // too narrow.
    let rank = max(1, found.map(\.rank).max() ?? 1)
    var decompositions: [SingularValueDecomposition<Element>] = []
    for (matrix, result) in zip(matrices, found) {
      if result.decomposition.singularValues.count >= rank {
        decompositions.append(result.decomposition)
      } else {
        decompositions.append(
          try matrix.randomizedSVD(rank: rank, options: options, budget: budget).decomposition)
      }
    }
    let model = LowRankModel(
      .randomized, matrices, decompositions, decompositions.map(\.singularValues))
    // Together the matrices may do with less than the neediest alone.
    guard matrices.count > 1, tolerance > estimateLimit,
      let joint = model.rank(relativeError: tolerance)
    else { return (model, rank) }
    return (model, min(rank, joint))
  }

  /// Errors below this cannot be told from differences of squared norms.
  private static var estimateLimit: Double { 30 * Double(Element.epsilon).squareRoot() }

  private static func checkShapes(_ matrices: [Tensor<Element>]) {
    precondition(!matrices.isEmpty && matrices.allSatisfy { $0.shape == matrices[0].shape })
  }

  /// min(m, n).
  public var smallerSide: Int { min(rows, columns) }

  /// The approximations of rank `rank`, [m, n] each.
  public func reconstructions(rank: Int) -> [Tensor<Element>] {
    decompositions.map { $0.truncated(to: rank).reconstructed() }
  }

  /// The smallest rank whose relative error, as far as the triples tell, is at most `tolerance`;
  /// nil when the triples do not reach that far.
  public func rank(relativeError tolerance: Double) -> Int? {
    if let spectrum { return spectrum.rank(relativeError: tolerance) }
    return (1...max(1, largestRank)).first { relativeErrorEstimate(rank: $0) <= tolerance }
  }

  /// The smallest rank that keeps the share `energy` of `Σs²`; nil when the triples do not reach
  /// that far.
  public func rank(energy: Double) -> Int? {
    if let spectrum { return spectrum.rank(energy: energy) }
    return rank(relativeError: max(0, 1 - energy).squareRoot())
  }

  /// `√(‖A‖² − Σ_{i≤k} s²)/‖A‖`: what a projection loses, without forming it. Rounding makes it
  /// useless below `√ε`.
  private func relativeErrorEstimate(rank: Int) -> Double {
    guard norm > 0 else { return 0 }
    var captured = 0.0
    for values in singularValues {
      for value in values.prefix(rank) { captured += (value / norm) * (value / norm) }
    }
    return max(0, 1 - captured).squareRoot()
  }
}

extension LowRankModel.Method {
  /// The smaller side below which LAPACK finishes before a sketch pays off, whatever the rank.
  private static var smallestSketchedSide: Int { 256 }
  /// How many times the sketch must fit into the smaller side.
  private static var sketchShare: Int { 5 }

  /// The faster method for `rank` triples of an m×n matrix (docs/benchmarks.md).
  public static func recommended(rows: Int, columns: Int, rank: Int, oversample: Int) -> Self {
    let side = min(rows, columns)
    let fits = rank <= side / sketchShare && oversample <= side / sketchShare - rank
    return side >= smallestSketchedSide && fits ? .randomized : .exact
  }
}
