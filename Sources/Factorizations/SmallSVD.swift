public import Tensors

/// The SVDs of many small matrices of one shape, a few at a time, in a workspace that stays in cache.
///
/// LAPACK is made for large matrices; below about a hundred rows most of its time goes into calls,
/// checks, copies and into waiting for square roots and divisions (docs/benchmarks.md). Here a group
/// of matrices goes through the QR steps side by side. `decompose` finds all singular values and
/// notes how it did so; vectors are formed afterwards, and only as many as are wanted.
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
  private let sources: UnsafeMutableBufferPointer<UnsafePointer<Element>?>
  /// A bit for each matrix of the group whose QR steps did not converge.
  private var failures: Int32 = 0

  /// Whether matrices of this shape are small enough for this to be the faster way.
  public static func suits(rows: Int, columns: Int) -> Bool {
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    return longer <= largestSide && shorter <= largestShortSide
      && longer <= largestRatio * shorter
  }

  /// How many matrices are decomposed side by side at most.
  public static var groupSize: Int { Element.smallSVDGroup }

  /// A workspace for matrices m×n, which must have elements.
  public init(rows: Int, columns: Int) {
    precondition(rows > 0 && columns > 0, "a matrix \(rows)x\(columns) has no elements")
    shape = [rows, columns]
    workspace = .allocate(
      byteCount: Element.smallSVDWorkspace(m: rows, n: columns), alignment: 64)
    values = .allocate(capacity: Self.groupSize * min(rows, columns))
    values.initialize(repeating: 0)
    sources = .allocate(capacity: Self.groupSize)
    sources.initialize(repeating: nil)
  }

  deinit {
    workspace.deallocate()
    values.deallocate()
    sources.deallocate()
  }

  /// Decomposes the matrices that begin `offsets` numbers behind `base` and whose rows lie `stride`
  /// numbers apart; all numbers must be finite. More than `groupSize` of them trap.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func decompose(
    _ base: UnsafePointer<Element>, at offsets: [Int], stride: Int
  ) {
    precondition(offsets.count <= sources.count, "\(offsets.count) matrices in a group")
    guard let values = values.baseAddress, let sources = sources.baseAddress else { return }
    for (index, offset) in offsets.enumerated() { sources[index] = base + offset }
    failures = Element.smallSVDDecompose(
      sources, count: offsets.count, stride: stride, m: shape[0], n: shape[1], s: values,
      workspace: workspace)
  }

  /// Whether the QR steps of a matrix of the group converged; if not LAPACK has to try, and nothing
  /// else may be asked here.
  public func hasConverged(_ index: Int) -> Bool { failures >> Int32(index) & 1 == 0 }

  /// The singular values of a matrix of the group, descending.
  public func singularValues(_ index: Int) -> UnsafeBufferPointer<Element> {
    let count = min(shape[0], shape[1])
    return UnsafeBufferPointer(rebasing: values[index * count..<(index + 1) * count])
  }

  /// The leading `count` singular vectors of a matrix of the group: `u` [m, count] and `vt`
  /// [count, n], with the signs of `SingularValueDecomposition`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func formVectors(
    _ index: Int, count: Int, u: UnsafeMutablePointer<Element>, vt: UnsafeMutablePointer<Element>
  ) {
    precondition(count <= min(shape[0], shape[1]), "\(count) vectors of \(shape)")
    Element.smallSVDVectors(workspace: workspace, index: index, count: count, u: u, vt: vt)
  }

  /// Adds Σ weights[i]·uᵢ·vᵢᵀ over the leading triples of a matrix of the group to the matrix [m, n]
  /// at `target`, whose rows lie `stride` numbers apart.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func add(
    _ index: Int, weights: UnsafeBufferPointer<Element>, to target: UnsafeMutablePointer<Element>,
    stride: Int
  ) {
    precondition(weights.count <= min(shape[0], shape[1]), "\(weights.count) weights of \(shape)")
    guard let first = weights.baseAddress else { return }
    Element.smallSVDAdd(
      workspace: workspace, index: index, count: weights.count, weights: first, target: target,
      stride: stride)
  }
}
