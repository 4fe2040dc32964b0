internal import RealModule
public import Tensors

/// What an approximation of one rank costs and loses.
public struct LowRankMeasurement: Sendable, Equatable {
  /// k.
  public let rank: Int
  /// `k(m + n + 1)` for every matrix.
  public let storedNumbers: Int
  /// Stored numbers over the numbers of the matrices themselves.
  public let storageShare: Double
  /// `‖A − A_k‖_F/‖A‖_F`, measured on the reconstruction; 0 for a zero matrix.
  public let relativeError: Double
  /// Bounds of the smallest relative error that any approximation of this rank can have. Both
  /// are that error itself when the whole spectrum is known.
  public let optimalError: ClosedRange<Double>
  /// `‖A − A_k‖₂`, the largest over the matrices, in the units of the data: `s_{k+1}` for the
  /// exact method, otherwise estimated from below by power iteration.
  public let spectralError: Double
  /// The share of `Σs²` that is kept.
  public let energy: Double
}

extension LowRankModel {
  /// Measures the approximation of rank `rank` against the matrices.
  ///
  /// - Parameter reconstructions: the approximations as `reconstructions(rank:)` returns them.
  /// - Throws: `NumericalError.noConvergence` from the estimate of the spectral error.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func measured(
    rank: Int, reconstructions: [Tensor<Element>]
  ) throws(NumericalError) -> LowRankMeasurement {
    let error = relativeError(of: reconstructions)
    let stored = matrices.count * rank * (rows + columns + 1)
    return LowRankMeasurement(
      rank: rank, storedNumbers: stored,
      storageShare: Double(stored) / Double(matrices.count * rows * columns),
      relativeError: error, optimalError: optimalError(rank: rank, measured: error),
      spectralError: try spectralError(rank: rank),
      energy: spectrum?.energy(rank: rank) ?? 1 - error * error)
  }

  /// `‖A − B‖_F/‖A‖_F` over all matrices A and their approximations B; 0 for zero matrices.
  public func relativeError(of approximations: [Tensor<Element>]) -> Double {
    norm > 0 ? Tensor.frobeniusDistance(matrices, approximations) / norm : 0
  }

  /// Eckart & Young where the spectrum is known. Otherwise the projected singular values beyond
  /// the rank bound the optimum from below, the measured error from above.
  private func optimalError(rank: Int, measured: Double) -> ClosedRange<Double> {
    if let spectrum {
      let optimum = spectrum.relativeError(rank: rank)
      return optimum...optimum
    }
    var tail = 0.0
    for values in singularValues {
      for value in values.dropFirst(rank) { tail = Double.hypot(tail, value) }
    }
    let low = norm > 0 ? tail / norm : 0
    return min(low, measured)...measured
  }

  private func spectralError(rank: Int) throws(NumericalError) -> Double {
    var largest = 0.0
    for (index, matrix) in matrices.enumerated() {
      let error: Double
      if method == .exact {
        error = rank < singularValues[index].count ? singularValues[index][rank] : 0
      } else {
        error = try matrix.residualSpectralEstimate(of: decompositions[index].truncated(to: rank))
      }
      largest = max(largest, error)
    }
    return largest
  }
}
