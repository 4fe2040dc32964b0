internal import CVectorMath
import Tensors

/// The C kernels of one head in either precision.
struct AttentionKernels<Element: Scalar> {
  private let head: AttentionHead

  /// The most queries that one call of `forward` takes.
  static var queryBlock: Int { Int(ATTENTION_QUERIES) }

  /// - Parameter maskStrides: the distances in the mask from query to query and from key to key.
  init(_ attention: Attention, maskStrides: (row: Int, column: Int)) {
    head = AttentionHead(
      queries: attention.queryCount, keys: attention.keyCount, width: attention.width,
      valueWidth: attention.valueWidth, scale: attention.scale,
      causal: attention.isCausal ? 1 : 0, maskRow: maskStrides.row, maskColumn: maskStrides.column)
  }

  /// The elements that `forward` works in.
  var forwardWorkspace: Int { withUnsafePointer(to: head) { attention_forward_workspace($0) } }

  /// The elements that `decode` works in for so many rows.
  func decodingWorkspace(rows: Int) -> Int {
    withUnsafePointer(to: head) { attention_decode_workspace($0, rows) }
  }

  /// The elements that `backward` works in for so many keys.
  func backwardWorkspace(keys: Int) -> Int {
    withUnsafePointer(to: head) { attention_backward_workspace($0, keys) }
  }

  /// The elements between rows of what `backward` adds to.
  static func row(_ width: Int) -> Int { attention_row(width) }

  /// Some rows of the output and of the logarithms.
  func forward(
    _ rows: Range<Int>, q: UnsafePointer<Element>, k: UnsafePointer<Element>,
    v: UnsafePointer<Element>, mask: UnsafePointer<Element>?,
    output: UnsafeMutablePointer<Element>, logSums: UnsafeMutablePointer<Element>,
    workspace: UnsafeMutablePointer<Element>
  ) {
    let (first, last) = (rows.lowerBound, rows.upperBound)
    withUnsafePointer(to: head) { head in
      if Element.self == Float.self {
        attention_forward_f(
          head, first, last, typed(q), typed(k), typed(v), mask.map { typed($0) }, typed(output),
          typed(logSums), typed(workspace))
      } else {
        attention_forward_d(
          head, first, last, typed(q), typed(k), typed(v), mask.map { typed($0) }, typed(output),
          typed(logSums), typed(workspace))
      }
    }
  }

  /// What some keys give to a few queries that share them.
  func decode(
    _ keys: Range<Int>, rows: Int, q: UnsafePointer<Element>, k: UnsafePointer<Element>,
    v: UnsafePointer<Element>, mask: UnsafePointer<Element>?, maskHead: Int,
    results: UnsafeMutablePointer<Element>, maxima: UnsafeMutablePointer<Element>,
    sums: UnsafeMutablePointer<Element>, workspace: UnsafeMutablePointer<Element>
  ) {
    let (first, last) = (keys.lowerBound, keys.upperBound)
    withUnsafePointer(to: head) { head in
      if Element.self == Float.self {
        attention_decode_f(
          head, rows, first, last, typed(q), typed(k), typed(v), mask.map { typed($0) }, maskHead,
          typed(results), typed(maxima), typed(sums), typed(workspace))
      } else {
        attention_decode_d(
          head, rows, first, last, typed(q), typed(k), typed(v), mask.map { typed($0) }, maskHead,
          typed(results), typed(maxima), typed(sums), typed(workspace))
      }
    }
  }

  /// What some keys and one head of queries give.
  func backward(
    _ keys: Range<Int>, q: UnsafePointer<Element>, k: UnsafePointer<Element>,
    v: UnsafePointer<Element>, mask: UnsafePointer<Element>?, logSums: UnsafePointer<Element>,
    dots: UnsafePointer<Element>, adjoint: UnsafePointer<Element>,
    dq: UnsafeMutablePointer<Element>, dk: UnsafeMutablePointer<Element>,
    dv: UnsafeMutablePointer<Element>, workspace: UnsafeMutablePointer<Element>
  ) {
    let (first, last) = (keys.lowerBound, keys.upperBound)
    withUnsafePointer(to: head) { head in
      if Element.self == Float.self {
        attention_backward_f(
          head, first, last, typed(q), typed(k), typed(v), mask.map { typed($0) }, typed(logSums),
          typed(dots), typed(adjoint), typed(dq), typed(dk), typed(dv), typed(workspace))
      } else {
        attention_backward_d(
          head, first, last, typed(q), typed(k), typed(v), mask.map { typed($0) }, typed(logSums),
          typed(dots), typed(adjoint), typed(dq), typed(dk), typed(dv), typed(workspace))
      }
    }
  }

  /// The pointer under the type that `Element` is.
  private func typed<Known: Scalar>(_ pointer: UnsafePointer<Element>) -> UnsafePointer<Known> {
    precondition(Element.self == Known.self, "attention of \(Element.self)")
    return UnsafeRawPointer(pointer).assumingMemoryBound(to: Known.self)
  }

  private func typed<Known: Scalar>(
    _ pointer: UnsafeMutablePointer<Element>
  ) -> UnsafeMutablePointer<Known> {
    precondition(Element.self == Known.self, "attention of \(Element.self)")
    return UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Known.self)
  }
}
