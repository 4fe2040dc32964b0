public import Gradients

extension OperationTable {
  /// The layers: operations with kernels and a backward pass of their own.
  public static let layers = OperationTable([
    DenseLayer(),
    SoftmaxLayer(isLogarithm: false), SoftmaxLayer(isLogarithm: true), CrossEntropyLayer(),
    DropoutLayer(),
    LSTMLayer(), GRULayer(),
    ConvolutionLayer(),
    AttentionLayer(), LinformerLayer(), LayerNormLayer(), MultiHeadLayer(), FeedForwardLayer(),
    TransformerBlockLayer(),
  ])

  /// Everything that expressions and checks know: the layers, and the engine's operations of other
  /// names.
  public static let complete = OperationTable(
    standard.operations.map { layers[$0.name] ?? $0 }
      + layers.operations.filter { standard[$0.name] == nil })

  /// An operation that a layer has kernels for.
  static func standardOperation(_ name: String) -> any Operation {
    guard let operation = standard[name] else { preconditionFailure("no operation '\(name)'") }
    return operation
  }
}
