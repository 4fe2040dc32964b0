import Gradients
public import Tensors

extension Trainer {
  /// The most samples that the gradient is checked at, and the most of which they are chosen.
  private static var checked: (samples: Int, candidates: Int) { (8, 16) }

  /// The deviation of what biases and norms are moved by.
  private static var shift: Double { 0.05 }

  /// Holds the hand-derived gradient at samples of the next epoch's beginning, with the masks of its
  /// first step, against reverse mode through the definition and against central differences, in
  /// double precision, and in the precision of the run against double precision.
  ///
  /// Biases and norms are moved a little by random numbers, so that no sum is 0 because they are.
  /// Relu has no derivative at 0, and near by differences and rounding may fall on either side: the
  /// half of the candidates whose sums keep furthest from 0 is taken.
  /// - Throws: `NumericalError.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func gradientCheck() throws(NumericalError) -> GradientAgreement {
    let doubles = MLPLayout(architecture).count * MemoryLayout<Double>.stride
    let rows = min(Self.checked.candidates, training.count)
    let widest = architecture.inputs + 6 * architecture.hidden.reduce(architecture.outputs, +)
    let bytes = 6 * doubles + rows * widest * MemoryLayout<Double>.stride
    return try budget.reserving(bytes, for: "checking the gradient") {
      () throws(NumericalError) in try probe().agreement()
    }
  }

  /// The gradient by hand, before it is compared.
  func probe() throws(NumericalError) -> GradientProbe<Element> {
    var places = [Int32](unsafeUninitializedCapacity: training.count) { buffer, count in
      RandomSource(
        seed: options.seed, stream: .order, substream: UInt32(truncatingIfNeeded: state.epoch + 1)
      ).fillPermutation(UnsafeMutableBufferPointer(rebasing: buffer[..<training.count]))
      count = training.count
    }
    places = Array(places.prefix(Self.checked.candidates))
    let parameters = state.parameters.enumerated().map { place, tensor in
      guard tensor.shape.rank == 1 else { return tensor }
      let random = RandomSource(seed: options.seed, stream: .sample, substream: UInt32(place))
      return tensor + random.normal(tensor.shape, as: Element.self) * Element(Self.shift)
    }
    if architecture.activation == .relu, !architecture.hidden.isEmpty {
      places = try smoothest(places, parameters)
    }
    places = Array(places.prefix(Self.checked.samples))
    return try GradientProbe(
      architecture, parameters, try training.selected(places), dropout, step: state.step + 1)
  }

  /// The half of some samples, at least one, whose sums keep furthest from 0.
  private func smoothest(
    _ places: [Int32], _ parameters: [Tensor<Element>]
  ) throws(NumericalError) -> [Int32] {
    let samples = try training.selected(places).converted(to: Double.self)
    let arguments = MLPLoss(architecture, samples, nil, step: 0)
      .outputs(parameters.map { $0.converted(to: Double.self) }).arguments
    var distances = [Double](repeating: .infinity, count: places.count)
    for argument in arguments {
      let width = argument.columns
      for (place, value) in argument.elements.enumerated() {
        distances[place / width] = min(distances[place / width], abs(value))
      }
    }
    let order = places.indices.sorted {
      (distances[$0], $1) > (distances[$1], $0)
    }
    return order.prefix((places.count + 1) / 2).map { places[$0] }
  }
}

extension Samples {
  /// Some of them.
  func selected(_ places: [Int32]) throws(NumericalError) -> Samples {
    func rows(_ source: Tensor<Element>) -> Tensor<Element> {
      let width = source.columns
      return source.withUnsafeElements { source in
        Tensor(uninitialized: [places.count, width]) { target in
          for (row, place) in places.enumerated() {
            for column in 0..<width {
              target.initializeElement(
                at: row * width + column, to: source[Int(place) * width + column])
            }
          }
        }
      }
    }
    let chosen: Targets =
      switch targets {
      case .labels(let labels): .labels(places.map { labels[Int($0)] })
      case .values(let values): .values(rows(values))
      }
    return try Samples(inputs: rows(inputs), targets: chosen)
  }

  /// The same in another precision.
  func converted<Other: Scalar>(to type: Other.Type) throws(NumericalError) -> Samples<Other> {
    let converted: Samples<Other>.Targets =
      switch targets {
      case .labels(let labels): .labels(labels)
      case .values(let values): .values(values.converted(to: Other.self))
      }
    return try Samples<Other>(inputs: inputs.converted(to: Other.self), targets: converted)
  }
}

extension MLPLoss {
  /// The mean loss of samples, with the masks of a step.
  init(
    _ architecture: MLPArchitecture, _ samples: Samples<Double>, _ dropout: DropoutMask?, step: Int
  ) {
    self.architecture = architecture
    inputs = samples.inputs
    switch samples.targets {
    case .labels(let labels): targets = Tensor([labels.count], labels.map(Double.init))
    case .values(let values): targets = values
    }
    masks =
      dropout.map { dropout in
        architecture.hidden.enumerated().map { layer, units in
          dropout.factors(
            layer: layer, step: step, rows: samples.count, width: units, as: Double.self)
        }
      } ?? []
  }
}
