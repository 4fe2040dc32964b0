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
  /// Each thread runs LAPACK on its own share with BLAS at one thread: for small matrices that
  /// beats threads inside LAPACK, which would wait for each other at every step.
  /// - Returns: the same factors, signs included, as `singularValueDecomposition` gives for each
  ///   matrix alone.
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
    let failure = Mutex<NumericalError?>(nil)
    u.withUnsafeMutableElements { u in
      s.withUnsafeMutableElements { s in
        vt.withUnsafeMutableElements { vt in
          Parallel.forEachRange(batch) { range in
            for index in range {
              do throws(NumericalError) {
                let one = Tensor([m, n], Array(elements[index * m * n..<(index + 1) * m * n]))
                let svd = try one.decomposed(vectors: .thin)
                copy(svd.u.elements, to: u, at: index * m * p)
                copy(svd.singularValues, to: s, at: index * p)
                copy(svd.vt.elements, to: vt, at: index * p * n)
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

/// Writes a block of results to its place.
private func copy<Element>(
  _ source: [Element], to target: UnsafeMutableBufferPointer<Element>, at position: Int
) {
  for i in 0..<source.count { target[position + i] = source[i] }
}
