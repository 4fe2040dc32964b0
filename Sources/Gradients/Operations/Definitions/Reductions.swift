import Tensors

/// The parameters that all reductions have.
private let reductionParameters: [OperationParameter] = [
  .operand("x"), .attribute("axis", .axes, default: AttributeValue.none),
  .attribute("keepdims", .boolean, default: .boolean(false)),
]

private let reductionSamples = [
  OperationSample([SampleOperand([3, 4])]),
  OperationSample([SampleOperand([2, 3, 2])], ["axis": .integers([-2])]),
  OperationSample(
    [SampleOperand([2, 3, 2])], ["axis": .integers([0, 2]), "keepdims": .boolean(true)]),
]

/// Sums and what is made of them.
struct Reduction: Operation {
  enum Kind: String, CaseIterable, Sendable {
    case sum, mean, `var`
  }

  let kind: Kind

  var name: String { kind.rawValue }
  var summary: String {
    switch kind {
    case .sum: "the sum of all elements, or along some axes"
    case .mean: "the mean of all elements, or along some axes"
    case .var: "the variance of all elements, or along some axes: the mean of (x − mean)²"
    }
  }
  var parameters: [OperationParameter] { reductionParameters }
  var samples: [OperationSample] { reductionSamples }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let axes = try x.shape.axes(arguments.axes("axis"), of: name)
    let keeps = arguments.boolean("keepdims")
    switch kind {
    case .sum: return [x.sum(over: axes, keepingAxes: keeps)]
    case .mean: return [x.mean(over: axes, keepingAxes: keeps)]
    case .var:
      let centred = x - x.mean(over: axes, keepingAxes: true)
      return [(centred * centred).mean(over: axes, keepingAxes: keeps)]
    }
  }
}

/// The largest or smallest elements along axes.
struct ExtremumReduction: Operation {
  let isMaximum: Bool

  var name: String { isMaximum ? "max" : "min" }
  var summary: String {
    "the \(isMaximum ? "largest" : "smallest") element, or along some axes; equal ones share the derivative"
  }
  var parameters: [OperationParameter] { reductionParameters }
  var samples: [OperationSample] { reductionSamples }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let axes = try x.shape.axes(arguments.axes("axis"), of: name)
    let result = try x.extremum(over: axes, isMaximum: isMaximum)
    return [
      result.reshaped(
        x.shape.reduced(over: axes, keepingAxes: arguments.boolean("keepdims")))
    ]
  }
}

/// log Σ exp x.
struct LogSumExp: Operation {
  let name = "logsumexp"
  let summary = "log Σ exp x along an axis, without overflow"
  let parameters: [OperationParameter] = [
    .operand("x"), .attribute("axis", .integer, default: .integers([-1])),
    .attribute("keepdims", .boolean, default: .boolean(false)),
  ]
  let samples = [
    OperationSample([SampleOperand([3, 4])]),
    OperationSample([SampleOperand([3, 4])], ["axis": .integers([0])]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let axis = try x.shape.axis(arguments.integer("axis"), of: name)
    let shape = x.shape.reduced(over: [axis], keepingAxes: arguments.boolean("keepdims"))
    return [try x.logSumExp(axis: axis).reshaped(shape)]
  }
}

/// exp(x − logsumexp x), or its logarithm.
struct Softmax: Operation {
  let isLogarithm: Bool

  var name: String { isLogarithm ? "log_softmax" : "softmax" }
  var summary: String {
    isLogarithm
      ? "x − log Σ exp x along an axis" : "exp x / Σ exp x along an axis, without overflow"
  }
  var parameters: [OperationParameter] {
    [.operand("x"), .attribute("axis", .integer, default: .integers([-1]))]
  }
  var samples: [OperationSample] {
    [
      OperationSample([SampleOperand([3, 4])]),
      OperationSample([SampleOperand([2, 3, 2])], ["axis": .integers([1])]),
    ]
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let axis = try x.shape.axis(arguments.integer("axis"), of: name)
    if isLogarithm { return [x - (try x.logSumExp(axis: axis))] }
    let largest = try x.extremum(over: [axis], isMaximum: true).stoppingGradient()
    let powers = (x - largest).exp()
    return [powers / powers.sum(over: [axis], keepingAxes: true)]
  }
}

/// −log softmax(z) at the right class, or Σ −t·log softmax(z) for a distribution t over the classes;
/// the mean over all rows.
struct CrossEntropy: Operation {
  let name = "cross_entropy"
  let summary =
    "the mean of −log softmax(z)[label] over rows z [.., C]; labels [..] from 0 or shares [.., C]"
  let parameters: [OperationParameter] = [.operand("z"), .operand("labels")]
  let samples = [
    OperationSample([SampleOperand([5, 4]), SampleOperand([5], .indices(below: 4))]),
    OperationSample([SampleOperand([3]), SampleOperand([], .indices(below: 3))]),
    OperationSample([SampleOperand([2, 3, 4]), SampleOperand([2, 3], .indices(below: 4))]),
    OperationSample([SampleOperand([5, 3]), SampleOperand([5, 3], .interval(0, 1))]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let (z, labels) = (arguments[0], arguments[1])
    guard let classes = z.shape.dimensions.last,
      labels.shape == z.shape || labels.shape.dimensions == z.shape.dimensions.dropLast()
    else { throw .shape("cross_entropy of \(z.shape) with labels of \(labels.shape)") }
    let axis = z.shape.rank - 1
    let shares = labels.shape == z.shape ? labels : try labels.oneHot(classes: classes)
    let losses = (shares * (try z.logSumExp(axis: axis) - z)).sum(over: [axis])
    return [losses.mean(over: Array(0..<axis))]
  }
}

/// Norms of all elements, and of a matrix by its singular values.
struct Norm: Operation {
  enum Kind: String, CaseIterable, Sendable {
    case euclidean = "norm"
    case nuclear = "nuclear_norm"
    case spectral = "spectral_norm"
    case absolute = "norm1"
  }

  let kind: Kind

  var name: String { kind.rawValue }
  var summary: String {
    switch kind {
    case .euclidean: "√Σx², the Frobenius norm of a matrix; not differentiable at 0"
    case .nuclear: "the sum of the singular values of a matrix"
    case .spectral: "the largest singular value of a matrix"
    case .absolute: "Σ|x|"
    }
  }
  var parameters: [OperationParameter] { [.operand("x")] }
  var samples: [OperationSample] {
    switch kind {
    case .nuclear, .spectral:
      [OperationSample([SampleOperand([4, 3])]), OperationSample([SampleOperand([3, 3])])]
    case .euclidean, .absolute:
      [OperationSample([SampleOperand([5])]), OperationSample([SampleOperand([2, 3])])]
    }
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    switch kind {
    case .euclidean: return [(x * x).sum().sqrt()]
    case .absolute: return [x.abs().sum()]
    case .nuclear, .spectral:
      guard x.shape.rank == 2 else { throw .shape("\(name) of \(x.shape): a matrix is needed") }
      let s = try V.apply(SingularValues(), to: [x])[0]
      guard kind == .spectral else { return [s.sum()] }
      return [try s.extremum(over: [0], isMaximum: true).reshaped([])]
    }
  }
}
