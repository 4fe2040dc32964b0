internal import Synchronization
public import Tensors

/// The thin decompositions of a batch of matrices of one shape.
public struct BatchedSVD<Element: Scalar>: Sendable {
  /// Left singular vectors [B, m, p], p = min(m, n).
  public let u: Tensor<Element>
  /// Singular values [B, p], descending within each matrix.
  public let singularValues: Tensor<Element>
  /// Right singular vectors, transposed [B, p, n].
  public let vt: Tensor<Element>
}

extension Tensor {
  /// The thin SVD of every matrix of a batch [B, m, n], the batch spread over the threads.
  ///
  /// Small matrices (`SmallSVD.suits`) go to our own routine, others to LAPACK; each thread works
  /// on its own share with BLAS at one thread, for threads inside a small decomposition would wait
  /// for each other at every step.
  /// - Returns: factors with the signs of `singularValueDecomposition`, within LAPACK's test ratio
  ///   of 30.
  /// - Throws: as `singularValueDecomposition`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func batchedSingularValueDecomposition(
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> BatchedSVD<Element> {
    precondition(shape.rank == 3, "a batch of matrices has three axes, not \(shape)")
    try requireDecomposable()
    let (batch, m, n) = (shape[0], shape[1], shape[2])
    let p = Swift.min(m, n)
    let extra = MemoryLayout<Element>.stride * batch * (m * p + p + p * n)
    try budget.reserve(extra, for: "the SVDs of a \(shape) batch")
    defer { budget.release(extra) }

    var u = Tensor.zeros([batch, m, p])
    var s = Tensor.zeros([batch, p])
    var vt = Tensor.zeros([batch, p, n])
    guard batch > 0, p > 0 else { return BatchedSVD(u: u, singularValues: s, vt: vt) }
    let failure = Mutex<NumericalError?>(nil)
    withUnsafeElements { source in
      u.withUnsafeMutableElements { u in
        s.withUnsafeMutableElements { s in
          vt.withUnsafeMutableElements { vt in
            // None is empty: the batch has elements.
            guard let u = u.baseAddress, let s = s.baseAddress, let vt = vt.baseAddress
            else { return }
            Parallel.forEachRange(batch) { range in
              do throws(NumericalError) {
                let share = BatchShare(m: m, n: n, range: range, source: source)
                try share.decompose(u: u, s: s, vt: vt)
              } catch {
                failure.withLock { $0 = $0 ?? error }
              }
            }
          }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return BatchedSVD(u: u, singularValues: s, vt: vt)
  }
}

/// The matrices of a batch that one thread decomposes.
private struct BatchShare<Element: Scalar> {
  let m: Int
  let n: Int
  let range: Range<Int>
  let source: UnsafeBufferPointer<Element>

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func decompose(
    u: UnsafeMutablePointer<Element>, s: UnsafeMutablePointer<Element>,
    vt: UnsafeMutablePointer<Element>
  ) throws(NumericalError) {
    let p = min(m, n)
    guard let a = source.baseAddress else { return }
    guard SmallSVD<Element>.suits(rows: m, columns: n) else {
      for index in range { try decomposeByLAPACK(index, u: u, s: s, vt: vt) }
      return
    }
    var small = SmallSVD<Element>(rows: m, columns: n)
    let groupSize = SmallSVD<Element>.groupSize
    for first in stride(from: range.lowerBound, to: range.upperBound, by: groupSize) {
      let group = first..<min(first + groupSize, range.upperBound)
      small.decompose(a, at: group.map { $0 * m * n }, stride: n)
      for index in group {
        guard small.hasConverged(index - first) else {
          try decomposeByLAPACK(index, u: u, s: s, vt: vt)
          continue
        }
        small.formVectors(index - first, count: p, u: u + index * m * p, vt: vt + index * p * n)
        copy(small.singularValues(index - first), to: s + index * p)
      }
    }
  }

  private func decomposeByLAPACK(
    _ index: Int, u: UnsafeMutablePointer<Element>, s: UnsafeMutablePointer<Element>,
    vt: UnsafeMutablePointer<Element>
  ) throws(NumericalError) {
    let p = min(m, n)
    let one = Tensor([m, n], Array(source[index * m * n..<(index + 1) * m * n]))
    let svd = try one.decomposed(vectors: .thin)
    svd.u.withUnsafeElements { copy($0, to: u + index * m * p) }
    svd.vt.withUnsafeElements { copy($0, to: vt + index * p * n) }
    svd.singularValues.withUnsafeBufferPointer { copy($0, to: s + index * p) }
  }
}

/// Copies all of `source` to the memory at `target`.
private func copy<Element>(
  _ source: UnsafeBufferPointer<Element>, to target: UnsafeMutablePointer<Element>
) {
  for i in 0..<source.count { target[i] = source[i] }
}
