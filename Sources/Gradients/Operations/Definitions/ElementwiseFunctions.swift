import Tensors

/// One of the elementary functions, element by element.
struct ElementwiseFunction: Operation {
  let function: ElementaryFunction
  let summary: String
  let domain: SampleOperand.Domain

  init(
    _ function: ElementaryFunction, _ summary: String, on domain: SampleOperand.Domain = .normal
  ) {
    (self.function, self.summary, self.domain) = (function, summary, domain)
  }

  var name: String { function.rawValue }
  var parameters: [OperationParameter] { [.operand("x")] }
  var samples: [OperationSample] {
    [
      OperationSample([SampleOperand([3, 4], domain)]),
      OperationSample([SampleOperand([], domain)]),
    ]
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { [arguments[0].applying(function)] }

  /// All that expressions name.
  static let all = [
    ElementwiseFunction(.exp, "eˣ"),
    ElementwiseFunction(.log, "natural logarithm", on: .interval(0.2, 3)),
    ElementwiseFunction(.expm1, "eˣ − 1, exact near 0"),
    ElementwiseFunction(.log1p, "log(1 + x), exact near 0", on: .interval(-0.8, 3)),
    ElementwiseFunction(.sqrt, "square root", on: .interval(0.2, 3)),
    ElementwiseFunction(.sin, "sine"), ElementwiseFunction(.cos, "cosine"),
    ElementwiseFunction(.tan, "tangent", on: .interval(-1.2, 1.2)),
    ElementwiseFunction(.asin, "inverse sine", on: .interval(-0.9, 0.9)),
    ElementwiseFunction(.acos, "inverse cosine", on: .interval(-0.9, 0.9)),
    ElementwiseFunction(.atan, "inverse tangent"),
    ElementwiseFunction(.sinh, "hyperbolic sine"), ElementwiseFunction(.cosh, "hyperbolic cosine"),
    ElementwiseFunction(.tanh, "hyperbolic tangent"),
    ElementwiseFunction(.erf, "error function 2/√π·∫₀ˣ exp(−t²) dt"),
    ElementwiseFunction(.sigmoid, "1/(1 + e⁻ˣ)"), ElementwiseFunction(.softplus, "log(1 + eˣ)"),
    ElementwiseFunction(.relu, "max(x, 0)"), ElementwiseFunction(.abs, "|x|"),
    ElementwiseFunction(.sign, "−1, 0 or 1; its derivative is zero"),
  ]
}

/// x·Φ(x) with the normal distribution function Φ, or its approximation by tanh (Hendrycks & Gimpel
/// 2016, arXiv:1606.08415).
struct GELU: Operation {
  let name = "gelu"
  let summary = "x·Φ(x), or ½x(1 + tanh(√(2/π)(x + 0.044715x³))) with approximate='tanh'"
  let parameters: [OperationParameter] = [
    .operand("x"), .attribute("approximate", .text(["none", "tanh"]), default: .text("none")),
  ]
  let samples = [
    OperationSample([SampleOperand([3, 4])]),
    OperationSample([SampleOperand([5])], ["approximate": .text("tanh")]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    if arguments.text("approximate") == "tanh" {
      let inner = V((2 / Double.pi).squareRoot()) * (x + V(0.044715) * (x * x * x))
      return [V(0.5) * x * (V(1) + inner.tanh())]
    }
    return [x.applying(.gelu)]
  }
}

/// x·σ(x).
struct SiLU: Operation {
  let name = "silu"
  let summary = "x/(1 + e⁻ˣ), also called swish"
  let parameters: [OperationParameter] = [.operand("x")]
  let samples = [OperationSample([SampleOperand([3, 4])])]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { [arguments[0] * arguments[0].sigmoid()] }
}

/// The larger or the smaller of each two elements.
struct ElementwiseExtremum: Operation {
  let isMaximum: Bool

  var name: String { isMaximum ? "maximum" : "minimum" }
  var summary: String {
    "the \(isMaximum ? "larger" : "smaller") of each two elements; equal ones share the derivative"
  }
  var parameters: [OperationParameter] { [.operand("x"), .operand("y")] }
  var samples: [OperationSample] {
    [OperationSample([SampleOperand([3, 4]), SampleOperand([4])])]
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let op: Arithmetic.Operator = isMaximum ? .maximum : .minimum
    return try V.apply(Arithmetic(op: op), to: [arguments[0], arguments[1]])
  }
}
