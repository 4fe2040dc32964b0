import Networks
import Tensors
import TestSupport

/// The definition as nested loops, and the sums of magnitudes that its rounding errors are measured by.
struct ConvolutionReference {
  let y: Tensor<Double>
  let x: Tensor<Double>
  let w: Tensor<Double>
  let b: Tensor<Double>

  /// y and the adjoints of x, w and b for an adjoint of y.
  init(
    _ g: ConvolutionGeometry, x: Tensor<Double>, w: Tensor<Double>, b: Tensor<Double>,
    adjoint: Tensor<Double>
  ) {
    let (p, v) = (x.elements, w.elements)
    var y = [Double](repeating: 0, count: g.resultShape.count)
    var (dx, dw) = (p.map { _ in 0.0 }, v.map { _ in 0.0 })
    var db = [Double](repeating: 0, count: g.outputs)
    let (channels, outputs) = (g.channels / g.groups, g.outputs / g.groups)
    for n in 0..<g.batch {
      for o in 0..<g.outputs {
        for place in 0..<g.result.area {
          let target = (n * g.outputs + o) * g.result.area + place
          let ȳ = adjoint.elements[target]
          y[target] += b.elements[o]
          db[o] += ȳ
          for c in 0..<channels {
            for tap in 0..<g.kernel.area {
              let row =
                place / g.result.across * g.stride.down - g.padding.down
                + tap / g.kernel.across * g.dilation.down
              let column =
                place % g.result.across * g.stride.across - g.padding.across
                + tap % g.kernel.across * g.dilation.across
              guard (0..<g.picture.down).contains(row), (0..<g.picture.across).contains(column)
              else { continue }
              let plane = n * g.channels + o / outputs * channels + c
              let source = (plane * g.picture.down + row) * g.picture.across + column
              let weight = (o * channels + c) * g.kernel.area + tap
              y[target] += p[source] * v[weight]
              dx[source] += ȳ * v[weight]
              dw[weight] += ȳ * p[source]
            }
          }
        }
      }
    }
    self.y = Tensor(g.resultShape, y)
    self.x = Tensor(g.inputShape, dx)
    self.w = Tensor(g.weightShape, dw)
    self.b = Tensor([g.outputs], db)
  }
}

/// One convolution with numbers.
struct ConvolutionCase<Element: Scalar> {
  let geometry: ConvolutionGeometry
  let x: Tensor<Element>
  let w: Tensor<Element>
  let b: Tensor<Element>
  let adjoint: Tensor<Element>

  init(_ geometry: ConvolutionGeometry, seed: UInt64) {
    self.geometry = geometry
    func normal(_ shape: Shape, _ part: UInt32) -> Tensor<Element> {
      RandomSource(seed: seed, substream: part).normal(shape, as: Element.self)
    }
    x = normal(geometry.inputShape, 0)
    w = normal(geometry.weightShape, 1)
    b = normal([geometry.outputs], 2)
    adjoint = normal(geometry.resultShape, 3)
  }

  private func wide(_ tensor: Tensor<Element>, _ transform: (Double) -> Double) -> Tensor<Double> {
    Tensor(tensor.shape, tensor.elements.map { transform(Double($0)) })
  }

  /// The results in double precision, of these numbers or of their magnitudes.
  func reference(magnitudes: Bool = false) -> ConvolutionReference {
    let transform: (Double) -> Double = magnitudes ? { abs($0) } : { $0 }
    return ConvolutionReference(
      geometry, x: wide(x, transform), w: wide(w, transform), b: wide(b, transform),
      adjoint: wide(adjoint, transform))
  }
}

/// The largest error of a result in units of ε·`magnitudes`, either at each place or, for algorithms
/// whose results share transforms, against the largest magnitude.
func largestError<Element: Scalar>(
  _ found: Tensor<Element>, _ expected: Tensor<Double>, _ magnitudes: Tensor<Double>,
  overall: Bool
) -> Double {
  guard found.shape == expected.shape else { return .infinity }
  let most = magnitudes.elements.max() ?? 0
  return found.elements.indices.map { i in
    let error = abs(Double(found.elements[i]) - expected.elements[i])
    let scale = overall ? most : magnitudes.elements[i]
    return error == 0 ? 0 : error / (scale * Double(Element.epsilon))
  }.max() ?? 0
}
