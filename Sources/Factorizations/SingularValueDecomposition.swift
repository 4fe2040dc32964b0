public import Tensors

/// `A = U·diag(s)·Vᵀ`: orthonormal columns in U, orthonormal rows in Vᵀ, s descending and ≥ 0.
///
/// Signs are fixed: the largest entry of each left vector is positive (the first of equals), so
/// that the same matrix gives the same files everywhere.
public struct SingularValueDecomposition<Element: Scalar>: Sendable {
  /// Left singular vectors [m, r]; [m, m] for the full decomposition.
  public var u: Tensor<Element>
  /// Singular values, descending.
  public var singularValues: [Element]
  /// Right singular vectors, transposed [r, n]; [n, n] for the full decomposition.
  public var vt: Tensor<Element>
  /// True when divide and conquer failed and QR iteration gave the result.
  public var usedFallback: Bool

  /// A decomposition from its parts, which are taken as they are.
  public init(
    u: Tensor<Element>, singularValues: [Element], vt: Tensor<Element>, usedFallback: Bool = false
  ) {
    self.u = u
    self.singularValues = singularValues
    self.vt = vt
    self.usedFallback = usedFallback
  }

  /// The best approximation of rank at most `rank`: the leading triples.
  public func truncated(to rank: Int) -> SingularValueDecomposition {
    guard rank < singularValues.count || u.columns > singularValues.count else { return self }
    let kept = min(rank, singularValues.count)
    return SingularValueDecomposition(
      u: u.columns(0..<kept), singularValues: Array(singularValues[..<kept]),
      vt: vt.rows(0..<kept), usedFallback: usedFallback)
  }

  /// The matrix `U·diag(s)·Vᵀ` [m, n].
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func reconstructed() -> Tensor<Element> {
    let count = singularValues.count
    let left = u.columns == count ? u : u.columns(0..<count)
    let right = vt.rows == count ? vt : vt.rows(0..<count)
    return Tensor.matrixProduct(left.scalingColumns(by: singularValues), right)
  }

  /// The matrix `U·diag(values)·Vᵀ` [m, n] with other singular values, such as shrunk ones.
  ///
  /// Only the vectors up to the last value that is not zero are read: k of them cost 2kmn
  /// operations, none a matrix of zeros.
  /// - Parameter values: one per singular value, in their order, rounded to `Element`; another
  ///   number of them traps.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func reconstructed(withSingularValues values: [Double]) -> Tensor<Element> {
    precondition(
      values.count == singularValues.count,
      "\(values.count) values for \(singularValues.count) singular values")
    let count = values.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    guard count > 0 else { return .zeros([u.rows, vt.columns]) }
    let left = u.columns == count ? u : u.columns(0..<count)
    let right = vt.rows == count ? vt : vt.rows(0..<count)
    return Tensor.matrixProduct(
      left.scalingColumns(by: values[..<count].map { Element($0) }), right)
  }

  /// Makes the largest entry of every left vector positive, turning the right vectors along.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  mutating func fixSigns() {
    let (m, columns) = (u.rows, u.columns)
    var largest = [Element](repeating: 0, count: columns)
    u.withUnsafeElements { u in
      for i in 0..<m {
        for j in 0..<columns where u[i * columns + j].magnitude > largest[j].magnitude {
          largest[j] = u[i * columns + j]
        }
      }
    }
    // A full decomposition has columns of U without a row in Vᵀ; their sign is theirs alone.
    let flips = largest.map { $0 < 0 ? Element(-1) : 1 }
    guard flips.contains(-1) else { return }
    u = u.scalingColumns(by: flips)
    let n = vt.columns
    let paired = min(columns, vt.rows, singularValues.count)
    vt.withUnsafeMutableElements { vt in
      for i in 0..<paired where flips[i] < 0 {
        for j in i * n..<(i + 1) * n { vt[j] = -vt[j] }
      }
    }
  }
}

extension Tensor {
  /// The matrix with column j multiplied by `factors[j]`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func scalingColumns(by factors: [Element]) -> Tensor {
    let (m, n) = (rows, columns)
    precondition(factors.count == n, "\(factors.count) factors for \(n) columns")
    return withUnsafeElements { source in
      factors.withUnsafeBufferPointer { factors in
        Tensor(uninitialized: shape) { target in
          for i in 0..<m {
            for j in 0..<n {
              target.initializeElement(at: i * n + j, to: source[i * n + j] * factors[j])
            }
          }
        }
      }
    }
  }

  /// The matrix with row i multiplied by `factors[i]`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func scalingRows(by factors: [Element]) -> Tensor {
    let (m, n) = (rows, columns)
    precondition(factors.count == m, "\(factors.count) factors for \(m) rows")
    return withUnsafeElements { source in
      Tensor(uninitialized: shape) { target in
        for i in 0..<m {
          let factor = factors[i]
          for j in i * n..<(i + 1) * n {
            target.initializeElement(at: j, to: source[j] * factor)
          }
        }
      }
    }
  }
}
