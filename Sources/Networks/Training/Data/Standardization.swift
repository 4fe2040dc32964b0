public import Tensors

/// Features brought to mean 0 and variance 1: (x − mean)/σ, feature by feature.
public struct Standardization<Element: Scalar>: Sendable, Equatable {
  /// The means [D].
  public let mean: Tensor<Element>
  /// 1/σ [D]; 1 for a feature that never varies, which is centred alone.
  public let inverseDeviation: Tensor<Element>

  /// The numbers of features, below which a thread of its own does not pay.
  private static var grain: Int { 16 }

  /// A standardisation that a model has stored.
  ///
  /// - Parameters:
  ///   - mean: [D]
  ///   - inverseDeviation: [D]
  /// - Throws: `NumericalError.shape` for other shapes.
  public init(mean: Tensor<Element>, inverseDeviation: Tensor<Element>) throws(NumericalError) {
    guard mean.shape.rank == 1, inverseDeviation.shape == mean.shape else {
      throw .shape(
        "means of shape \(mean.shape) and deviations of shape \(inverseDeviation.shape) "
          + "do not fit together")
    }
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }

  /// Mean and deviation of each feature over the samples.
  ///
  /// σ² is Σ(x − mean)²/N. Sums are in double precision and in two passes, with the correction
  /// for the rounding of the mean (Chan, Golub & LeVeque 1983), on features brought to −1…1
  /// first: neither a large mean nor a large range loses digits. The relative error of σ is some
  /// N·ε of double precision, whatever `Element` is. A feature whose values are all equal, or so
  /// near that `Element` cannot hold 1/σ, is not scaled.
  ///
  /// - Parameter inputs: finite samples [N, D], N at least 1; one feature's values may be as far
  ///   apart as `Element`'s largest number.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public init(fitting inputs: Tensor<Element>) {
    let (rows, width) = (inputs.rows, inputs.columns)
    precondition(rows > 0, "a standardisation of no samples")
    var mean = Tensor<Element>.zeros([width])
    var inverse = mean
    inputs.withUnsafeElements { source in
      guard let source = source.baseAddress else { return }
      mean.withUnsafeMutableElements { mean in
        inverse.withUnsafeMutableElements { inverse in
          Parallel.forEachRange(width, grain: Self.grain) { features in
            let moments = FeatureMoments(source, rows: rows, width: width, features: features)
            for (place, feature) in features.enumerated() {
              mean[feature] = Element(moments.mean[place])
              let scale = Element(1 / moments.deviation[place])
              inverse[feature] = scale.isFinite && scale > 0 ? scale : 1
            }
          }
        }
      }
    }
    self.mean = mean
    inverseDeviation = inverse
  }

  /// Standardises samples in place.
  ///
  /// - Parameter inputs: [N, D]; must not be shared, else it is copied first.
  /// - Throws: `NumericalError.shape` when the samples have another number of features.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func apply(to inputs: inout Tensor<Element>) throws(NumericalError) {
    guard inputs.shape.rank == 2, inputs.columns == mean.count else {
      throw .shape(
        "samples of shape \(inputs.shape) do not fit a standardisation of \(mean.count) features")
    }
    let (rows, width) = (inputs.rows, inputs.columns)
    inputs.withUnsafeMutableElements { target in
      mean.withUnsafeElements { mean in
        inverseDeviation.withUnsafeElements { inverse in
          Parallel.forEachRange(rows, grain: max(1, (1 << 15) / max(1, width))) { range in
            for row in range {
              let row = UnsafeMutableBufferPointer(
                rebasing: target[row * width..<(row + 1) * width])
              for feature in 0..<width {
                row[feature] = (row[feature] - mean[feature]) * inverse[feature]
              }
            }
          }
        }
      }
    }
  }
}

/// Mean and standard deviation of some neighbouring features.
private struct FeatureMoments {
  private(set) var mean: [Double]
  private(set) var deviation: [Double]

  @inline(__always)
  init<Element: Scalar>(
    _ source: UnsafePointer<Element>, rows: Int, width: Int, features: Range<Int>
  ) {
    let count = features.count
    let first = source + features.lowerBound
    mean = [Double](repeating: 0, count: count)
    deviation = mean
    // Plain pointers: checks of bounds would keep the loops from being vectorised.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 6 * count) { scratch in
      scratch.initialize(repeating: 0)
      guard let low = scratch.baseAddress else { return }
      let (high, center, inverse) = (low + count, low + 2 * count, low + 3 * count)
      let (sum, squares) = (low + 4 * count, low + 5 * count)
      for place in 0..<count {
        low[place] = Double(first[place])
        high[place] = low[place]
      }
      for row in 0..<rows {
        let values = first + row * width
        for place in 0..<count {
          let value = Double(values[place])
          low[place] = value < low[place] ? value : low[place]
          high[place] = value > high[place] ? value : high[place]
        }
      }
      // u = (x − center)/half lies between −1 and 1; half of the range cannot overflow.
      for place in 0..<count {
        let (least, most) = (low[place], high[place])
        let reciprocal = 1 / (most / 2 - least / 2)
        center[place] = least == most ? least : least / 2 + most / 2
        inverse[place] = reciprocal.isFinite ? reciprocal : 1
      }
      for row in 0..<rows {
        let values = first + row * width
        for place in 0..<count {
          sum[place] += (Double(values[place]) - center[place]) * inverse[place]
        }
      }
      // From here on `low` holds the mean of u, `sum` what its rounding leaves over.
      for place in 0..<count {
        low[place] = sum[place] / Double(rows)
        sum[place] = 0
      }
      for row in 0..<rows {
        let values = first + row * width
        for place in 0..<count {
          let u = (Double(values[place]) - center[place]) * inverse[place] - low[place]
          squares[place] += u * u
          sum[place] += u
        }
      }
      for place in 0..<count {
        let variance =
          (squares[place] - sum[place] * sum[place] / Double(rows)) / Double(rows)
        mean[place] = center[place] + low[place] / inverse[place]
        deviation[place] = max(0, variance).squareRoot() / inverse[place]
      }
    }
  }
}
