import Einsum
public import Gradients
public import Tensors

/// y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]: the two-dimensional convolution of networks, which is a
/// cross-correlation.
public struct ConvolutionLayer: Layer {
  public let name = "conv2d"
  public let summary =
    "cross-correlation of x [B, C, H, W] with w [O, C/groups, K, L], plus b [O]; "
    + "sizes are one number or (down, across)"
  public let parameters: [OperationParameter] = [
    .operand("x"), .operand("w"), .optional("b"),
    .attribute("stride", .axes, default: .integers([1])),
    .attribute("padding", .axes, default: .integers([0])),
    .attribute("dilation", .axes, default: .integers([1])),
    .attribute("groups", .integer, default: .integers([1])),
    .attribute(
      "algorithm", .text(["auto"] + ConvolutionAlgorithm.allCases.map(\.rawValue)),
      default: .text("auto")),
  ]

  public let samples =
    [
      sample([1, 2, 5, 4], [3, 2, 3, 2], [:]),
      sample([2, 1, 5, 7], [2, 1, 3, 3], ["stride": .integers([2]), "padding": .integers([1])]),
      sample([1, 2, 3, 3], [2, 2, 5, 3], ["padding": .integers([1, 0])]),
      sample(
        [1, 4, 5, 6], [2, 2, 2, 2],
        ["groups": .integers([2]), "dilation": .integers([2, 3]), "stride": .integers([1, 2])]),
      sample([1, 2, 4, 4], [2, 2, 1, 1], [:]),
    ]
    + ConvolutionAlgorithm.allCases.map {
      sample(
        [1, 2, 5, 6], [2, 2, 3, 3], ["padding": .integers([1]), "algorithm": .text($0.rawValue)])
    }

  private static func sample(
    _ x: Shape, _ w: Shape, _ attributes: [String: AttributeValue]
  ) -> OperationSample {
    OperationSample([SampleOperand(x), SampleOperand(w), SampleOperand([w[0]])], attributes)
  }

  public init() {}

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  public func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let (x, w, b) = (arguments[0], arguments[1], arguments.operands[2])
    let g = try geometry(arguments, x.shape, w.shape, b?.shape)
    return [try x.convolved(with: w, b, g)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward<Element: Scalar>(
    _ arguments: OperationArguments<Tensor<Element>>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor<Element>> {
    let (x, w, b) = (arguments[0], arguments[1], arguments.operands[2])
    let convolution = Convolution(try geometry(arguments, x.shape, w.shape, b?.shape))
    let algorithm = ConvolutionAlgorithm(rawValue: arguments.text("algorithm"))
    let result = try convolution.forward(x, w, b, by: algorithm)
    guard recording else { return LayerPass([result], pullback: nil) }
    return LayerPass([result]) { (adjoints, needed) throws(NumericalError) in
      guard let adjoint = adjoints[0] else { return [nil, nil, nil] }
      let found = try convolution.backward(
        adjoint, x, w, needed: (needed[0], needed[1], needed[2]), by: algorithm)
      return [found.x, found.w, found.b]
    }
  }

  /// The sizes, which the algorithm supports.
  private func geometry<V>(
    _ arguments: OperationArguments<V>, _ x: Shape, _ w: Shape, _ b: Shape?
  ) throws(NumericalError) -> ConvolutionGeometry {
    func size(_ name: String) throws(NumericalError) -> PlaneSize {
      let values = arguments.axes(name) ?? []
      guard values.count == 1 || values.count == 2 else {
        throw .shape("conv2d: \(name) is one number or two")
      }
      return PlaneSize(values[0], values[values.count - 1])
    }
    let result = try ConvolutionGeometry(
      x: x, w: w, b: b, stride: try size("stride"), padding: try size("padding"),
      dilation: try size("dilation"), groups: arguments.integer("groups"))
    if let algorithm = ConvolutionAlgorithm(rawValue: arguments.text("algorithm")) {
      try Convolution(result).check(algorithm)
    }
    return result
  }
}

extension TensorValue {
  /// The definition: the windows of the padded input, contracted with the weights.
  fileprivate func convolved(
    with w: Self, _ b: Self?, _ g: ConvolutionGeometry
  ) throws(NumericalError) -> Self {
    let (batch, channels, outputs) = (g.batch, g.channels / g.groups, g.outputs / g.groups)
    let padded = try embedded(
      in: try Shape(
        checking: [
          batch, g.channels, g.picture.down + 2 * g.padding.down,
          g.picture.across + 2 * g.padding.across,
        ]),
      at: [
        AxisSlice(start: 0, count: batch), AxisSlice(start: 0, count: g.channels),
        AxisSlice(start: g.padding.down, count: g.picture.down),
        AxisSlice(start: g.padding.across, count: g.picture.across),
      ])
    // [B, C, P, Q, reach + 1, reach + 1], of which every dilation-th place is taken.
    let windows = try padded.unfolded(axis: 2, size: g.reach.down + 1, step: g.stride.down)
      .unfolded(axis: 3, size: g.reach.across + 1, step: g.stride.across)
      .sliced([
        AxisSlice(start: 0, count: batch), AxisSlice(start: 0, count: g.channels),
        AxisSlice(start: 0, count: g.result.down), AxisSlice(start: 0, count: g.result.across),
        AxisSlice(start: 0, count: g.kernel.down, step: g.dilation.down),
        AxisSlice(start: 0, count: g.kernel.across, step: g.dilation.across),
      ])
    let contraction = Contraction(
      operands: [[0, 1, 2, 3, 4, 5, 6], [1, 7, 2, 5, 6]], output: [0, 1, 7, 3, 4],
      sizes: [
        batch, g.groups, channels, g.result.down, g.result.across, g.kernel.down, g.kernel.across,
        outputs,
      ],
      names: ["n", "g", "c", "p", "q", "k", "l", "o"])
    let sums = Self.einsum(
      contraction,
      [
        windows.reshaped([
          batch, g.groups, channels, g.result.down, g.result.across, g.kernel.down,
          g.kernel.across,
        ]), w.reshaped([g.groups, outputs, channels, g.kernel.down, g.kernel.across]),
      ]
    ).reshaped(g.resultShape)
    return b.map { sums + $0.reshaped([g.outputs, 1, 1]) } ?? sums
  }
}
