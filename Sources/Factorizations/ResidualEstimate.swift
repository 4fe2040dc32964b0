internal import RealModule
public import Tensors

extension Tensor {
  /// `‖A − U·s·Vᵀ‖_F`, measured by forming the residual a block of rows at a time.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func residualNorm(
    of approximation: SingularValueDecomposition<Element>
  ) -> Double {
    let left = approximation.u.scalingColumns(by: approximation.singularValues)
    // Rows per block: a few megabytes, whatever the matrix.
    let block = Swift.max(1, (1 << 19) / Swift.max(1, columns))
    var total = 0.0
    for start in stride(from: 0, to: rows, by: block) {
      let range = start..<Swift.min(start + block, rows)
      var residual = rows(range)
      residual.accumulateProduct(left.rows(range), approximation.vt, alpha: -1)
      // Not a sum of squares: those overflow where the norms do not.
      total = Double.hypot(total, residual.frobeniusNorm())
    }
    return total
  }

  /// The spectral norm of `A − U·s·Vᵀ`, bounded from above by random probes.
  ///
  /// `10·√(2/π)·max‖(A − U·s·Vᵀ)ω‖` over `probes` Gaussian vectors: exceeded with probability at
  /// most `10^(−probes)` (Halko, Martinsson & Tropp 2011, Lemma 4.1). It is a bound, several
  /// times larger than the norm.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func residualSpectralBound(
    of approximation: SingularValueDecomposition<Element>, probes: Int = 10, seed: UInt64 = 0
  ) -> Double {
    let test = RandomSource(seed: seed, stream: .probe)
      .normal([probes, columns], as: Element.self)
    let images = residual(of: approximation, times: test)
    let largest = images.rowNorms().max() ?? 0
    return 10 * (2 / Double.pi).squareRoot() * Double(largest)
  }

  /// The spectral norm of `A − U·s·Vᵀ`, estimated from below by block power iteration.
  ///
  /// Never above the norm but for rounding; usually within a few per cent of it.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func residualSpectralEstimate(
    of approximation: SingularValueDecomposition<Element>, seed: UInt64 = 0
  ) throws(NumericalError) -> Double {
    guard rows > 0, columns > 0 else { return 0 }
    let width = Swift.min(8, rows, columns)
    var x = RandomSource(seed: seed, stream: .probe, substream: 1)
      .normal([width, columns], as: Element.self)
    var estimate = 0.0
    for _ in 0..<8 {
      x = try x.orthonormalizedRows()
      let y = residual(of: approximation, times: x)
      guard y.maximumMagnitude() > 0 else { return estimate }
      estimate = Swift.max(estimate, Double(try y.singularValues().first ?? 0))
      x = residualTransposed(of: approximation, times: y)
    }
    return estimate
  }

  /// Rows `(A − U·s·Vᵀ)·x` for rows x [b, n].
  private func residual(
    of approximation: SingularValueDecomposition<Element>, times x: Tensor
  ) -> Tensor {
    var y = Tensor.matrixProduct(x, self, transposeB: true)
    let inner = Tensor.matrixProduct(x, approximation.vt, transposeB: true)
      .scalingColumns(by: approximation.singularValues)
    y.accumulateProduct(inner, approximation.u, transposeB: true, alpha: -1)
    return y
  }

  /// Rows `(A − U·s·Vᵀ)ᵀ·y` for rows y [b, m].
  private func residualTransposed(
    of approximation: SingularValueDecomposition<Element>, times y: Tensor
  ) -> Tensor {
    var x = Tensor.matrixProduct(y, self)
    let inner = Tensor.matrixProduct(y, approximation.u)
      .scalingColumns(by: approximation.singularValues)
    x.accumulateProduct(inner, approximation.vt, alpha: -1)
    return x
  }
}
