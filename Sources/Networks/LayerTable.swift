public import Gradients

extension OperationTable {
  /// The layers: operations with kernels and a backward pass of their own.
  public static let layers = OperationTable([
    DenseLayer(),
    AttentionLayer(), LinformerLayer(), LayerNormLayer(), MultiHeadLayer(), FeedForwardLayer(),
    TransformerBlockLayer(),
  ])

  /// Everything that expressions and checks know: the engine's operations and the layers.
  public static let complete = OperationTable(standard.operations + layers.operations)
}
