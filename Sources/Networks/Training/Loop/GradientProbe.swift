import Gradients
import Tensors

/// A gradient by hand at some samples, and what it has to agree with.
struct GradientProbe<Element: Scalar> {
  private typealias Comparison = GradientAgreement.Comparison

  let loss: MLPLoss
  let names: [String]
  let parameters: [Tensor<Double>]
  /// By the formulas of training in double precision.
  var byHand: [Tensor<Double>]
  /// The same in the precision of the run.
  var inPrecision: [Tensor<Element>]

  /// - Parameters:
  ///   - parameters: the network's.
  ///   - samples: of which the loss is.
  ///   - step: whose masks of dropout hold.
  init(
    _ architecture: MLPArchitecture, _ parameters: [Tensor<Element>], _ samples: Samples<Element>,
    _ dropout: DropoutMask?, step: Int
  ) throws(NumericalError) {
    names = architecture.parameters.map(\.name)
    self.parameters = parameters.map { $0.converted(to: Double.self) }
    let exact = try samples.converted(to: Double.self)
    loss = MLPLoss(architecture, exact, dropout, step: step)
    byHand = try Self.gradient(architecture, self.parameters, exact, dropout, step)
    inPrecision = try Self.gradient(architecture, parameters, samples, dropout, step)
  }

  /// The gradient by the formulas of training.
  private static func gradient<Number: Scalar>(
    _ architecture: MLPArchitecture, _ parameters: [Tensor<Number>], _ samples: Samples<Number>,
    _ dropout: DropoutMask?, _ step: Int
  ) throws(NumericalError) -> [Tensor<Number>] {
    let memory = ParameterMemory<Number>(architecture, .sgd)
    memory.layout.store(parameters, into: memory.parameters)
    let pass = NetworkPass<Number>(
      architecture, rows: samples.count, threads: 1, hasDropout: dropout != nil, learns: true)
    try samples.withBatch { (batch) throws(NumericalError) in
      var batch = batch
      (batch.rows, batch.step) = (samples.count, step)
      pass.alone {
        for phase in pass.phases {
          pass.perform(
            phase, thread: 0, batch, parameters: memory.parameters, gradient: memory.gradient,
            dropout: dropout)
        }
      }
    }
    return memory.gradientTensors
  }

  /// Holds all against each other.
  func agreement() throws(NumericalError) -> GradientAgreement {
    let reverse = try loss.valueAndGradient(at: parameters)
    var comparisons = [
      compare(.reverseMode, byHand, reverse.gradient, epsilon: Double.ulpOfOne),
      try againstDifferences(reverse.value.elements[0]),
    ]
    if Element.self != Double.self {
      comparisons.append(
        compare(
          .precision, inPrecision.map { $0.converted(to: Double.self) }, byHand,
          epsilon: Double(Element.ulpOfOne)))
    }
    return GradientAgreement(comparisons: comparisons, samples: loss.inputs.rows)
  }

  /// The differences of two gradients in the norm, relative to ‖r_p‖ + ‖G‖: what cancels in one
  /// parameter leaves rounding of the size of the whole.
  ///
  /// Rounding grows as the root of the longest sum, with every layer, and with what is lost when the
  /// outputs meet the targets.
  private func compare(
    _ oracle: GradientAgreement.Oracle, _ gradient: [Tensor<Double>],
    _ reference: [Tensor<Double>], epsilon: Double
  ) -> Comparison {
    let architecture = loss.architecture
    let longest = ([architecture.inputs, loss.inputs.rows] + architecture.hidden).max() ?? 1
    let limit =
      32 * epsilon * Double(longest).squareRoot() * Double(architecture.hidden.count + 1)
      * amplification
    let whole = Self.norm(reference)
    return worst(oracle) { index in
      let distance = (gradient[index] - reference[index]).frobeniusNorm()
      let scale = reference[index].frobeniusNorm() + whole
      return (distance == 0 ? 0 : distance / scale, limit)
    }
  }

  /// How much larger than the loss's adjoint of the outputs the numbers are that it is the difference
  /// of: 1 and the largest logit, or (‖z‖ + ‖t‖)/‖z − t‖.
  private var amplification: Double {
    let outputs = loss.outputs(parameters).outputs
    switch loss.architecture.task {
    case .classification: return 1 + outputs.elements.reduce(0) { max($0, abs($1)) }
    case .regression:
      let targets = loss.targets
      return (outputs.frobeniusNorm() + targets.frobeniusNorm())
        / (outputs - targets).frobeniusNorm()
    }
  }

  /// Along one direction through all parameters, in each half along its gradient and half at random:
  /// D(h) and D(h/2) by central differences, and the limit of both as h becomes 0 (Richardson 1911).
  /// What they differ by bounds what is left out; rounding takes ε/h of the losses, and of the outputs
  /// and targets that they are differences of.
  private func againstDifferences(_ value: Double) throws(NumericalError) -> Comparison {
    var (direction, slope, scale) = ([Tensor<Double>](), 0.0, 0.0)
    for index in parameters.indices {
      let g = byHand[index]
      let size = g.frobeniusNorm()
      var part = RandomSource(seed: 1, stream: .direction, substream: UInt32(index))
        .uniform(g.shape, from: -1, to: 1, as: Double.self)
      part = part * (1 / part.frobeniusNorm())
      if size > 0 {
        // Not against the gradient, or both would cancel where there is one number.
        part = part * (Self.dot(part, g) < 0 ? -1 : 1) + g * (1 / size)
      }
      let length = max(1, parameters[index].frobeniusNorm())
      part = part * (length / part.frobeniusNorm())
      slope += Self.dot(g, part)
      scale += size * length
      direction.append(part)
    }
    let wide = try difference(direction, Self.step)
    let narrow = try difference(direction, Self.step / 2)
    let limit = (4 * narrow - wide) / 3
    let outputs = loss.outputs(parameters).outputs
    let parts = outputs.maximumMagnitude() + loss.targets.maximumMagnitude()
    let rounding = 32 * Double.ulpOfOne * (1 + abs(value) + abs(value).squareRoot() * parts)
    let error = abs(narrow - wide) + rounding / Self.step
    let unit = scale > 0 ? scale : 1
    return Comparison(
      oracle: .differences, difference: abs(slope - limit) / unit, limit: error / unit,
      parameter: "all parameters")
  }

  private static func dot(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// h, for parameters of norm 1 or less.
  private static var step: Double { 1e-4 }

  private func difference(
    _ direction: [Tensor<Double>], _ step: Double
  ) throws(NumericalError) -> Double {
    let above = try loss(zip(parameters, direction).map { $0 + $1 * step }).elements[0]
    let below = try loss(zip(parameters, direction).map { $0 - $1 * step }).elements[0]
    return (above - below) / (2 * step)
  }

  /// The parameter that comes nearest to its limit.
  private func worst(
    _ oracle: GradientAgreement.Oracle, _ pair: (Int) -> (difference: Double, limit: Double)
  ) -> Comparison {
    let all = names.indices.map { index in
      let (difference, limit) = pair(index)
      return Comparison(
        oracle: oracle, difference: difference, limit: limit, parameter: names[index])
    }
    return all.max { $0.excess < $1.excess } ?? all[0]
  }

  private static func norm(_ tensors: [Tensor<Double>]) -> Double {
    tensors.reduce(0) { .hypot($0, $1.frobeniusNorm()) }
  }
}
