internal import RealModule
public import Tensors

/// What the whole list of singular values of a matrix [m, n] says about its approximations.
///
/// Eckart & Young 1936: the best approximation of rank k loses exactly the values after the k-th.
public struct Spectrum: Sendable {
  /// Singular values, descending.
  public let values: [Double]
  /// `tails[k] = √Σ_{i>k} s²`, the optimal Frobenius error of rank k; `tails[0]` is the norm.
  private let tails: [Double]

  /// What several matrices of one shape lose when each keeps the same rank: the spectrum of
  /// errors and energies over all of them. `values[i]` is the root of the sum of squares of
  /// their i-th values.
  public init<Element: Scalar>(joining lists: [[Element]]) {
    let count = lists.map(\.count).max() ?? 0
    self.init(
      (0..<count).map { i in
        lists.reduce(0.0) { Double.hypot($0, i < $1.count ? Double($1[i]) : 0) }
      })
  }

  /// The spectrum from descending, non-negative singular values.
  public init<Element: Scalar>(_ singularValues: [Element]) {
    values = singularValues.map { Double($0) }
    // From the smallest up, so that small tails are exact, and without squares, which overflow
    // and underflow where the values do not.
    var tails = [Double](repeating: 0, count: values.count + 1)
    for k in stride(from: values.count - 1, through: 0, by: -1) {
      tails[k] = Double.hypot(tails[k + 1], values[k])
    }
    self.tails = tails
  }

  /// `‖A‖_F`.
  public var frobeniusNorm: Double { tails[0] }

  /// The smallest relative Frobenius error that rank `rank` allows; 0 for a zero matrix.
  public func relativeError(rank: Int) -> Double {
    tails[0] > 0 ? tails[min(rank, values.count)] / tails[0] : 0
  }

  /// The smallest spectral error that rank `rank` allows: the next singular value.
  public func spectralError(rank: Int) -> Double {
    rank < values.count ? values[rank] : 0
  }

  /// The share of `Σs²` in the first `rank` values; 1 for a zero matrix.
  public func energy(rank: Int) -> Double {
    let lost = relativeError(rank: rank)
    return 1 - lost * lost
  }

  /// The smallest rank (at least 1) that keeps the share `energy` of `Σs²`.
  public func rank(energy: Double) -> Int { smallestRank { self.energy(rank: $0) >= energy } }

  /// The smallest rank (at least 1) whose optimal relative error is at most `error`.
  public func rank(relativeError error: Double) -> Int {
    smallestRank { relativeError(rank: $0) <= error }
  }

  /// How many values exceed `max(m, n)·ε·s₁`, NumPy's `matrix_rank` rule.
  public func numericalRank(rows: Int, columns: Int, epsilon: Double) -> Int {
    let threshold = Double(max(rows, columns)) * epsilon * (values.first ?? 0)
    return values.prefix { $0 > threshold }.count
  }

  /// `s₁/s_p`: infinite for a singular matrix, NaN without values.
  public var conditionNumber: Double {
    guard let largest = values.first, let least = values.last else { return .nan }
    return least > 0 ? largest / least : .infinity
  }

  /// Binary search; the condition turns true once along the ranks and holds for the last.
  private func smallestRank(_ suffices: (Int) -> Bool) -> Int {
    var low = 1
    var high = max(1, values.count)
    while low < high {
      let middle = (low + high) / 2
      if suffices(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
