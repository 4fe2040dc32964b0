public import Gradients
public import Tensors

/// The mean over B rows of log Σ exp z − z[label], or of Σ t·(log Σ exp z − z) for shares t; the
/// definition is the operation's of that name.
///
/// Backward: z̄ = (softmax z·Σt − t)·ȳ/B, t̄ = (log Σ exp z − z)·ȳ/B; a label is t = 1 at its place.
public struct CrossEntropyLayer: Layer {
  private let definition = OperationTable.standardOperation("cross_entropy")

  public init() {}

  public var name: String { definition.name }
  public var summary: String { definition.summary }
  public var parameters: [OperationParameter] { definition.parameters }
  public var samples: [OperationSample] { definition.samples }

  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { try definition.evaluated(arguments) }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let (z, labels) = (arguments[0], arguments[1])
    guard let classes = z.shape.dimensions.last, classes > 0,
      labels.shape == z.shape || labels.shape.dimensions == z.shape.dimensions.dropLast()
    else { throw .shape("cross_entropy of \(z.shape) with labels of \(labels.shape)") }
    let targets = try Targets(labels, of: z.shape)
    var logarithms: [Element] = []
    logarithms.reserveCapacity(z.count / classes)
    // softmax z, whose rows' logarithms are the losses' other half.
    let shares = z.changingRows { count, row in
      logarithms.append(Element.softmaxRow(count, row, into: row))
    }
    let rows = Element(logarithms.count)
    let loss = targets.loss(z, logarithms) / rows
    guard recording else { return LayerPass([Tensor([], [loss])], pullback: nil) }
    return LayerPass([Tensor([], [loss])]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return [nil, nil] }
      let factor = adjoint.elements[0] / rows
      return [
        needed[0] ? targets.pulled(toLogits: shares, factor) : nil,
        needed[1] ? targets.pulled(toTargets: z, logarithms, factor) : nil,
      ]
    }
  }
}

/// What the classes should be: their places, or a share for each.
private enum Targets<Element: Scalar> {
  case places([Int])
  case shares(Tensor<Element>)

  init(_ labels: Tensor<Element>, of shape: Shape) throws(NumericalError) {
    self =
      labels.shape == shape
      ? .shares(labels) : .places(try labels.places(below: shape[shape.rank - 1]))
  }

  /// The sum over the rows.
  func loss(_ z: Tensor<Element>, _ logarithms: [Element]) -> Element {
    let classes = z.shape[z.shape.rank - 1]
    return z.withUnsafeElements { z in
      var sum: Element = 0
      switch self {
      case .places(let places):
        for (row, place) in places.enumerated() {
          sum += logarithms[row] - z[row * classes + place]
        }
      case .shares(let shares):
        shares.withUnsafeElements { t in
          for row in logarithms.indices {
            for i in row * classes..<(row + 1) * classes where t[i] != 0 {
              sum += t[i] * (logarithms[row] - z[i])
            }
          }
        }
      }
      return sum
    }
  }

  func pulled(toLogits softmax: Tensor<Element>, _ factor: Element) -> Tensor<Element> {
    var result = softmax
    let classes = softmax.shape[softmax.shape.rank - 1]
    result.withUnsafeMutableElements { g in
      switch self {
      case .places(let places):
        for (row, place) in places.enumerated() { g[row * classes + place] -= 1 }
        for i in 0..<g.count { g[i] *= factor }
      case .shares(let shares):
        shares.withUnsafeElements { t in
          for start in stride(from: 0, to: g.count, by: classes) {
            let row = start..<start + classes
            let sum = row.reduce(0) { $0 + t[$1] }
            for i in row { g[i] = (g[i] * sum - t[i]) * factor }
          }
        }
      }
    }
    return result
  }

  /// Nil for places, which have no derivative.
  func pulled(
    toTargets z: Tensor<Element>, _ logarithms: [Element], _ factor: Element
  ) -> Tensor<Element>? {
    guard case .shares = self else { return nil }
    var row = -1
    return z.changingRows { count, z in
      row += 1
      for i in 0..<count { z[i] = (logarithms[row] - z[i]) * factor }
    }
  }
}
