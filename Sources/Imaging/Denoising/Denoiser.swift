public import Factorizations
public import Tensors

/// What part of a matrix one decomposition sees.
public enum DenoisingScope: Sendable, Hashable {
  /// All of it: right for matrices of low rank, wrong for most photographs.
  case global
  /// Overlapping square blocks, denoised each by itself and averaged.
  case blocks(side: Int, stride: Int)

  /// `global` or `blocks`.
  public var name: String {
    switch self {
    case .global: "global"
    case .blocks: "blocks"
    }
  }
}

/// What one rule in one scope makes of noisy matrices.
public struct DenoisedMatrices<Element: Scalar>: Sendable {
  /// The rule.
  public let rule: ShrinkageRule
  /// The scope.
  public let scope: DenoisingScope
  /// For each matrix σ of the noise in one element, as the rule was given it.
  public let sigmas: [Double]
  /// For each matrix the smallest singular value that the rule keeps something of, of the matrix or
  /// of a block; empty for `rank`.
  public let thresholds: [Double]
  /// The matrices without their noise.
  public var matrices: [Tensor<Element>] = []
  /// Which of them were not left as they are, ascending.
  public var treated: [Int] = []
  /// For each matrix that was treated, how many singular values were kept: one number, or
  /// one per block.
  public var ranks: [[Int]] = []
  /// For each of these its singular values, or their means over the blocks.
  public var spectra: [[Double]] = []

  /// The mean of the matrices' thresholds; nil for `rank`.
  public var threshold: Double? {
    thresholds.isEmpty ? nil : thresholds.reduce(0, +) / Double(thresholds.count)
  }

  /// The mean of all ranks; nil when every matrix was left as it is.
  public var meanRank: Double? {
    let all = ranks.joined()
    return all.isEmpty ? nil : Double(all.reduce(0, +)) / Double(all.count)
  }
}

/// Removes noise from matrices of one shape, the channels of a picture for example, by any rule in
/// any scope; the decompositions of whole matrices are made once for all rules.
///
/// A matrix whose elements are all equal is returned as it is, and so is every matrix when σ is 0
/// and the rule asks for it: there is nothing to remove.
public struct Denoiser<Element: Scalar> {
  /// The noisy matrices [m, n].
  public let matrices: [Tensor<Element>]
  /// For each matrix whether all its elements are equal and finite.
  public let isConstant: [Bool]
  /// The decompositions of the matrices, empty before `decompose`.
  public private(set) var decompositions: [SingularValueDecomposition<Element>] = []
  private let budget: MemoryBudget

  /// A denoiser for at least one matrix; matrices without elements trap.
  public init(_ matrices: [Tensor<Element>], budget: MemoryBudget = .unlimited()) {
    precondition(matrices.allSatisfy { $0.shape == matrices[0].shape && $0.count > 0 })
    self.matrices = matrices
    isConstant = matrices.map { matrix in
      matrix.elements[0].isFinite && matrix.elements.allSatisfy { $0 == matrix.elements[0] }
    }
    self.budget = budget
  }

  /// Decomposes the matrices, which the global scope needs.
  ///
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.memory`, `.tooLarge`.
  public mutating func decompose(matrixDone: () -> Void = {}) throws(NumericalError) {
    for matrix in matrices {
      decompositions.append(try matrix.singularValueDecomposition(budget: budget))
      matrixDone()
    }
  }

  /// The sides up to which the singular values of whole matrices are computed where blocks are
  /// denoised: their cost grows with the third power, 0.3 s at 1024, and would soon exceed that of
  /// the blocks.
  private static var largestSampledSide: Int { 1024 }

  /// What the noise is estimated from: the shape of a sample of each matrix and all its singular
  /// values, descending.
  ///
  /// The sample is the whole matrix where it is decomposed or small enough, else its middle.
  /// - Throws: as `decompose`.
  public func sampledSpectra() throws(NumericalError) -> (shape: Shape, spectra: [[Double]]) {
    let whole = matrices[0].shape
    guard decompositions.isEmpty else {
      return (whole, decompositions.map { $0.singularValues.map { Double($0) } })
    }
    let middle = whole.dimensions.map { side in
      let length = min(side, Self.largestSampledSide)
      return (side - length) / 2..<(side - length) / 2 + length
    }
    var spectra: [[Double]] = []
    for matrix in matrices {
      let values = try matrix.sliced(middle).singularValues(budget: budget)
      spectra.append(values.map { Double($0) })
    }
    return (Shape(middle.map(\.count)), spectra)
  }

  /// The matrices without noise of one standard deviation: see `denoised(by:in:sigmas:)`.
  public func denoised(
    by rule: ShrinkageRule, in scope: DenoisingScope, sigma: Double,
    method: BlockGrid.Method = .fastest, stepDone: @Sendable () -> Void = {}
  ) throws(NumericalError) -> DenoisedMatrices<Element> {
    let sigmas = [Double](repeating: sigma, count: matrices.count)
    return try denoised(by: rule, in: scope, sigmas: sigmas, method: method, stepDone: stepDone)
  }

  /// The matrices without noise, whose standard deviation is given for each.
  ///
  /// - Parameters:
  ///   - sigmas: one per matrix; another number of them traps.
  ///   - scope: `.global` traps before `decompose`; blocks that do not fit trap.
  ///   - method: how blocks are decomposed.
  ///   - stepDone: called after each of `steps(in:)` steps, on any thread.
  /// - Throws: `NumericalError.notFinite`, `.noConvergence`, `.memory`.
  public func denoised(
    by rule: ShrinkageRule, in scope: DenoisingScope, sigmas: [Double],
    method: BlockGrid.Method = .fastest, stepDone: @Sendable () -> Void = {}
  ) throws(NumericalError) -> DenoisedMatrices<Element> {
    precondition(sigmas.count == matrices.count, "\(sigmas.count) σ for \(matrices.count) matrices")
    var result = DenoisedMatrices<Element>(
      rule: rule, scope: scope, sigmas: sigmas,
      thresholds: sigmas.compactMap { scale(scope, $0).threshold(for: rule) })
    for (index, matrix) in matrices.enumerated() {
      let sigma = sigmas[index]
      if isConstant[index] || sigma == 0 && rule.needsSigma {
        result.matrices.append(matrix)
        continue
      }
      result.treated.append(index)
      switch scope {
      case .global: append(decompositions[index], sigma, to: &result)
      case .blocks(let side, let stride):
        let grid = BlockGrid(
          rows: matrix.rows, columns: matrix.columns, side: side, stride: stride)
        let blocks = try grid.denoise(
          matrix, sigma: sigma, rule: rule, method: method, budget: budget, bandDone: stepDone)
        result.matrices.append(blocks.matrix)
        result.ranks.append(blocks.ranks)
        result.spectra.append(blocks.meanSingularValues)
      }
    }
    return result
  }

  /// The number of steps that `denoised` reports in a scope.
  public func steps(in scope: DenoisingScope) -> Int {
    switch scope {
    case .global: 0
    case .blocks(let side, let stride):
      matrices.count
        * BlockGrid(
          rows: matrices[0].rows, columns: matrices[0].columns, side: side, stride: stride
        ).bandCount
    }
  }

  /// The noise in what one decomposition sees.
  private func scale(_ scope: DenoisingScope, _ sigma: Double) -> NoiseScale {
    switch scope {
    case .global:
      NoiseScale(rows: matrices[0].rows, columns: matrices[0].columns, sigma: sigma)
    case .blocks(let side, _): NoiseScale(rows: side, columns: side, sigma: sigma)
    }
  }

  /// A whole matrix by its decomposition.
  private func append(
    _ svd: SingularValueDecomposition<Element>, _ sigma: Double,
    to result: inout DenoisedMatrices<Element>
  ) {
    let values = svd.singularValues.map { Double($0) }
    let kept = scale(.global, sigma).shrunk(values, by: result.rule)
    result.matrices.append(svd.reconstructed(withSingularValues: kept))
    result.ranks.append([kept.count { $0 > 0 }])
    result.spectra.append(values)
  }
}
