public import Tensors

/// The SVD of one small matrix after another, all of one shape, in a workspace that stays in cache.
///
/// LAPACK is made for large matrices; below about a hundred rows most of its time goes into calls,
/// checks and copies (docs/benchmarks.md). Here `decompose` finds all singular values and notes how
/// it did so; vectors are formed afterwards, and only as many as are wanted.
///
/// Householder bidiagonalisation and implicit QR steps (Golub & Reinsch 1970). Accurate as LAPACK's
/// `gesvd`: errors of the order of eps times the norm.
public struct SmallSVD<Element: Scalar>: ~Copyable {
  /// The longest side for which this beats LAPACK on one thread, and how many times longer than the
  /// shorter one it may be. Measured: 1.3 times faster at 96×96, even at 128×128 and 32×1000.
  private static var largestSide: Int { 256 }
  private static var largestShortSide: Int { 96 }
  private static var largestRatio: Int { 16 }

  /// The shape [m, n] of the matrices.
  public let shape: Shape
  private let workspace: UnsafeMutableRawPointer
  private let values: UnsafeMutableBufferPointer<Element>

  /// Whether matrices of this shape are small enough for this to be the faster way.
  public static func suits(rows: Int, columns: Int) -> Bool {
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    return longer <= largestSide && shorter <= largestShortSide
      && longer <= largestRatio * shorter
  }

  /// A workspace for m×n matrices.
  public init(rows: Int, columns: Int) {
    shape = [rows, columns]
    workspace = .allocate(
      byteCount: Element.smallSVDWorkspace(m: rows, n: columns), alignment: 64)
    values = .allocate(capacity: min(rows, columns))
    values.initialize(repeating: 0)
  }

  deinit {
    workspace.deallocate()
    values.deallocate()
  }

  /// The singular values of the last matrix, descending.
  public var singularValues: UnsafeBufferPointer<Element> { UnsafeBufferPointer(values) }

  /// Decomposes the matrix [m, n] at `matrix`, whose rows lie `stride` numbers apart; all of them
  /// must be finite.
  ///
  /// - Returns: false when the QR steps did not converge: then LAPACK has to try, and nothing else
  ///   may be asked here.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func decompose(_ matrix: UnsafePointer<Element>, stride: Int) -> Bool {
    guard let values = values.baseAddress else { return true }
    return Element.smallSVDDecompose(
      a: matrix, stride: stride, m: shape[0], n: shape[1], s: values, workspace: workspace) == 0
  }

  /// The leading `count` singular vectors of the last matrix: `u` [m, count] and `vt` [count, n],
  /// with the signs of `SingularValueDecomposition`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func formVectors(
    _ count: Int, u: UnsafeMutablePointer<Element>, vt: UnsafeMutablePointer<Element>
  ) {
    precondition(count <= values.count, "\(count) vectors of \(values.count)")
    Element.smallSVDVectors(workspace: workspace, count: count, u: u, vt: vt)
  }

  /// Adds Σ weights[i]·uᵢ·vᵢᵀ over the leading triples to the matrix [m, n] at `target`, whose rows
  /// lie `stride` numbers apart.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func add(
    weights: UnsafeBufferPointer<Element>, to target: UnsafeMutablePointer<Element>, stride: Int
  ) {
    precondition(weights.count <= values.count, "\(weights.count) weights of \(values.count)")
    guard let first = weights.baseAddress else { return }
    Element.smallSVDAdd(
      workspace: workspace, count: weights.count, weights: first, target: target, stride: stride)
  }
}
