/// The level of white noise in a matrix, from its singular values alone, and whether the small
/// ones lie as white noise would put them.
///
/// The median of the values is compared with μ_β, the median of the Marchenko–Pastur law (Gavish
/// & Donoho 2014, section III-E). A planted signal moves the median up; it is taken once more
/// without the values above the edge of the first estimate: 10 large values of 500×300 then leave
/// a bias of −0.8 % instead of +1.5 %, and noise alone one of −0.3 % at 256×256, −5 % at 10×10.
public struct NoiseEstimate: Sendable {
  /// The matrix and σ, the final estimate.
  public let scale: NoiseScale
  /// σ before the values above the edge were left out.
  public let initialSigma: Double
  /// The number of singular values above the edge σ(√m + √n) of the final estimate; without noise
  /// those above rounding.
  public let valuesAboveEdge: Int
  /// The Kolmogorov–Smirnov distance between the values up to the edge, as s²/(Nσ²), and the
  /// Marchenko–Pastur law; 0 without noise.
  public let distance: Double

  /// The final estimate of the noise's standard deviation, in the units of the matrix; 0 when the
  /// median is zero up to rounding, at most `max(m, n)·ε·s₁`: there is nothing to remove.
  public var sigma: Double { scale.sigma }

  /// The largest distance that passes for white noise: 0.03 + 5/min(m, n).
  ///
  /// Measured: Gaussian noise gives at most about 5/p for p = min(m, n) from 10 to 512;
  /// photographs whose noise is too small to dominate give 0.04 to 0.19.
  public var limit: Double { 0.03 + 5 / Double(scale.shortSide) }

  /// Whether there are enough singular values to tell σ and to see whether they look like noise: no
  /// distance exceeds 1, so with fewer than 6 the limit means nothing.
  public var isMeaningful: Bool { limit < 1 }

  /// Whether the singular values up to the edge look like those of white noise.
  public var looksWhite: Bool { distance <= limit }

  /// The estimate from all singular values of a matrix [m, n].
  ///
  /// - Parameters:
  ///   - singularValues: min(m, n) numbers, descending, finite and not negative; another number
  ///     of them traps, and so does a matrix without elements.
  ///   - epsilon: the ε of the precision that they were computed in.
  public init(
    singularValues: [Double], rows: Int, columns: Int, epsilon: Double = Double.ulpOfOne
  ) {
    precondition(
      singularValues.count == min(rows, columns),
      "\(singularValues.count) singular values of a matrix \(rows)x\(columns)")
    let unit = NoiseScale(rows: rows, columns: columns, sigma: 1)
    let law = MarchenkoPastur(aspectRatio: unit.aspectRatio)
    let rounding = Double(unit.longSide) * epsilon * (singularValues.first ?? 0)
    let medianOfUnitNoise = (Double(unit.longSide) * law.median).squareRoot()
    func scale(of values: some RandomAccessCollection<Double>) -> NoiseScale {
      let median = Self.median(values)
      return NoiseScale(
        rows: rows, columns: columns, sigma: median > rounding ? median / medianOfUnitNoise : 0)
    }
    let first = scale(of: singularValues)
    // Some value is no larger than the median, and that lies below the edge: never empty.
    let final = first.sigma > 0 ? scale(of: singularValues.drop { $0 > first.edge }) : first
    self.scale = final
    initialSigma = first.sigma
    let edge = final.sigma > 0 ? final.edge : rounding
    valuesAboveEdge = singularValues.count - singularValues.drop { $0 > edge }.count
    distance =
      final.sigma > 0 ? Self.distance(from: singularValues, to: final, law: law) : 0
  }

  /// The Kolmogorov–Smirnov distance between the singular values up to the edge of noise at a given
  /// level, as s²/(Nσ²), and the Marchenko–Pastur law; 1 when none lies there.
  ///
  /// - Parameter scale: with σ > 0.
  public static func distance(
    from singularValues: [Double], to scale: NoiseScale, law: MarchenkoPastur? = nil
  ) -> Double {
    let noise = singularValues.drop { $0 > scale.edge }
    guard !noise.isEmpty else { return 1 }
    let law = law ?? MarchenkoPastur(aspectRatio: scale.aspectRatio)
    return law.distance(
      from: noise.map { value in
        let y = value / scale.unit
        return y * y
      })
  }

  /// The noise level as tutorials print it, for `ShrinkageRule.simple`: median(s)/(0.6745·√N).
  ///
  /// 0.6745 belongs to the median of absolute Gaussian samples, not to singular values, so it is
  /// wrong for every shape: √μ_β/0.6745, from 1.2 for square matrices to 1.48 for long ones, times
  /// the noise. Printed for tall matrices with √m; N = max(m, n) here, so that a matrix and its
  /// transpose agree. Preconditions as for `init`.
  public static func simpleSigma(
    singularValues: [Double], rows: Int, columns: Int
  ) -> Double {
    precondition(
      singularValues.count == min(rows, columns) && !singularValues.isEmpty,
      "\(singularValues.count) singular values of a matrix \(rows)x\(columns)")
    return median(singularValues) / (0.6745 * Double(max(rows, columns)).squareRoot())
  }

  /// The middle of descending values, or the mean of the two middle ones.
  private static func median(_ values: some RandomAccessCollection<Double>) -> Double {
    let upper = values[values.index(values.startIndex, offsetBy: (values.count - 1) / 2)]
    let lower = values[values.index(values.startIndex, offsetBy: values.count / 2)]
    return lower + (upper - lower) / 2
  }
}
