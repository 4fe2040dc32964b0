import Gradients
import Networks
import Tensors

/// Operands of a recurrent layer drawn from a seed, and the layer's answers in all ways.
struct RecurrentSample {
  let cell: RecurrentCell
  let batch, steps, inputs, units: Int
  /// x, h0, for an LSTM c0, W and b.
  let operands: [Tensor<Double>]
  /// Adjoints of the results.
  let seeds: [Tensor<Double>]

  init(_ cell: RecurrentCell, seed: UInt64, _ batch: Int, _ steps: Int, _ inputs: Int, _ units: Int)
  {
    (self.cell, self.batch, self.steps, self.inputs, self.units) = (
      cell, batch, steps, inputs, units
    )
    let random = RandomSource(seed: seed)
    func normal(_ shape: Shape, scale: Double = 1) -> Tensor<Double> {
      random.normal(shape, as: Double.self) * scale
    }
    let states = (0..<(cell == .lstm ? 2 : 1)).map { _ in normal([batch, units]) }
    operands =
      [normal([batch, steps, inputs])] + states
      + [
        normal(
          [cell.gates * units, inputs + units], scale: 1 / Double(inputs + units).squareRoot()),
        normal([cell.biases * units]),
      ]
    seeds = [normal([batch, steps, units])] + states.map { normal($0.shape) }
  }

  var layer: any Layer { cell == .lstm ? LSTMLayer() : GRULayer() }

  func arguments<V: TensorValue>(
    _ operands: [V], _ algorithm: RecurrentAlgorithm = .fused
  ) -> OperationArguments<V> {
    OperationArguments(
      operands: operands,
      attributes: [
        "algorithm": .text(algorithm.rawValue),
        "reset": .text(cell == .gruResetBefore ? "before" : "after"),
      ])
  }

  /// The results and the operands' adjoints by the definition, in reverse mode.
  func defined() throws -> [Tensor<Double>] {
    let tape = Tape<Tensor<Double>>()
    let traced = operands.map { tape.input($0) }
    let results = try layer.evaluated(arguments(traced))
    let adjoints = try tape.adjoints(of: traced, seeds: zip(results, seeds).map { ($0, $1) })
    return results.map(\.value) + zip(adjoints, operands).map { $0 ?? .zeros($1.shape) }
  }

  /// The same by the kernels, in another precision.
  func computed<Element: Scalar>(
    _ algorithm: RecurrentAlgorithm, as type: Element.Type
  ) throws -> [Tensor<Double>] {
    let operands = operands.map { $0.converted(to: Element.self) }
    let pass = try layer.forward(arguments(operands, algorithm), recording: true)
    let seeds = seeds.map { Optional($0.converted(to: Element.self)) }
    let adjoints = try pass.pullback?(seeds, operands.map { _ in true }) ?? []
    let all = pass.results + adjoints.compactMap { $0 }
    return all.map { $0.converted(to: Double.self) }
  }

  /// What rounding may make of a number of this scale: a sum of (I + H) terms in each of T steps, and
  /// of B·T terms in the weights' adjoints. The factor covers the elementwise functions and what a
  /// step passes on to the next.
  func tolerance(_ epsilon: Double, scale: Double) -> Double {
    8 * Double(steps * (inputs + 4 * units) + batch * steps) * epsilon * max(1, scale)
  }
}

extension Tensor<Double> {
  /// The largest absolute value, and that of a difference.
  var largest: Double { elements.reduce(0) { Swift.max($0, $1.magnitude) } }
  func distance(to other: Tensor) -> Double { (self - other).largest }
}
