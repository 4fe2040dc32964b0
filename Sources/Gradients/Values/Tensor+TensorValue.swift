public import Tensors

extension Tensor: TensorValue {
  public init(constant: Tensor<Element>) { self = constant }

  public static func apply(
    _ primitive: some Primitive, to inputs: [Tensor]
  ) throws(NumericalError) -> [Tensor] {
    try primitive.values(of: inputs)
  }

  public static func passed(
    through layer: some Layer, _ arguments: OperationArguments<Tensor>, recording: Bool
  ) throws(NumericalError) -> LayerPass<Tensor>? {
    try layer.forward(arguments, recording: recording)
  }
}
