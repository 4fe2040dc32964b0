extension OperationTable {
  /// The engine's operations.
  public static let standard = OperationTable(
    ElementwiseFunction.all + [GELU(), SiLU()]
      + [true, false].map { ElementwiseExtremum(isMaximum: $0) }
      + Reduction.Kind.allCases.map { Reduction(kind: $0) }
      + [true, false].map { ExtremumReduction(isMaximum: $0) }
      + [LogSumExp(), Softmax(isLogarithm: false), Softmax(isLogarithm: true), CrossEntropy()]
      + Norm.Kind.allCases.map { Norm(kind: $0) }
      + [
        EinsumOperation(), ReshapeOperation(), TransposeOperation(), Vectorization(),
        KroneckerProduct(), ConcatenateOperation(), PadOperation(), WindowOperation(isFold: false),
        WindowOperation(isFold: true), GatherOperation(), OneHotOperation(),
        StopGradientOperation(),
      ]
      + MatrixFunction.Kind.allCases.map { MatrixFunction(kind: $0) }
      + [
        DiagonalMatrix(), SolveOperation(isLeastSquares: false),
        SolveOperation(isLeastSquares: true), QuadraticFormOperation(), GaussianLogLikelihood(),
      ])
}
