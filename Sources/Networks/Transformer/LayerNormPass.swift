import Gradients
import Tensors

extension TensorValue {
  /// g·(x − mean)/√(variance + ε) + b over the last axis; the variance is biased.
  func layerNorm(_ scale: Self, _ shift: Self, epsilon: Double) -> Self {
    let axis = [shape.rank - 1]
    let centred = self - mean(over: axis, keepingAxes: true)
    let variance = (centred * centred).mean(over: axis, keepingAxes: true)
    return scale * (centred / (variance + Self(epsilon)).sqrt()) + shift
  }
}

/// Layer normalisation (Ba, Kiros & Hinton 2016), with what the way back needs.
///
/// Backward, δ = g⊙ȳ: x̄ = (δ − mean δ − x̂·mean(δ⊙x̂))/√(σ² + ε), ḡ = Σ ȳ⊙x̂, b̄ = Σ ȳ over rows.
struct LayerNormPass<Element: Scalar> {
  let result: Tensor<Element>
  private let scale: Tensor<Element>
  /// x̂.
  private let normalized: Tensor<Element>
  /// 1/√(σ² + ε) of each row.
  private let inverses: Tensor<Element>

  /// Elements that are worth a thread of their own.
  private static var grain: Int { 1 << 14 }

  /// - Parameters:
  ///   - x: […, n], `scale` and `shift`: [n]; none empty.
  init(
    _ x: Tensor<Element>, _ scale: Tensor<Element>, _ shift: Tensor<Element>, epsilon: Element
  ) {
    let width = scale.count
    let rows = x.count / width
    var result = Tensor<Element>(uninitialized: x.shape) { _ in }
    var normalized = Tensor<Element>(uninitialized: x.shape) { _ in }
    var inverses = Tensor<Element>(uninitialized: [rows]) { _ in }
    Pointers.with(x, scale, shift, nil) { x, scale, shift, _ in
      Pointers.with(&result, &normalized, &inverses) { result, normalized, inverses in
        Parallel.forEachRange(rows, grain: max(1, Self.grain / width)) { range in
          for row in range {
            inverses[row] = Element.layerNormRow(
              width, epsilon: epsilon, x + row * width, scale: scale, shift: shift,
              normalized: normalized + row * width, into: result + row * width)
          }
        }
      }
    }
    self.scale = scale
    (self.result, self.normalized, self.inverses) = (result, normalized, inverses)
  }

  /// The adjoints of x, g and b.
  func pulled(
    _ adjoint: Tensor<Element>
  ) -> (x: Tensor<Element>, scale: Tensor<Element>, shift: Tensor<Element>) {
    let (width, rows) = (scale.count, inverses.count)
    // Parts of equal size, each with sums of its own.
    let parts = max(1, min(BLAS.threads, adjoint.count / Self.grain))
    var x = Tensor<Element>(uninitialized: adjoint.shape) { _ in }
    var scales = Tensor<Element>.zeros([parts, width])
    var shifts = Tensor<Element>.zeros([parts, width])
    Pointers.with(adjoint, normalized, scale, inverses) { adjoint, normalized, scale, inverses in
      Pointers.with(&x, &scales, &shifts) { x, scales, shifts in
        guard let inverses else { return }
        Parallel.forEachItem(parts) { part in
          for row in rows * part / parts..<rows * (part + 1) / parts {
            Element.layerNormRowCotangent(
              width, r: inverses[row], adjoint + row * width, normalized: normalized + row * width,
              scale: scale, x: x + row * width, addingToScale: scales + part * width,
              addingToShift: shifts + part * width)
          }
        }
      }
    }
    return (x, scales.columnSums(), shifts.columnSums())
  }
}
