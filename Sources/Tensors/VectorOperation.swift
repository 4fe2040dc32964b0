internal import CVectorMath

extension VectorOperation {
  /// What the C functions call it.
  var inC: VectorArithmetic {
    switch self {
    case .add: VECTOR_ADD
    case .subtract: VECTOR_SUBTRACT
    case .multiply: VECTOR_MULTIPLY
    case .divide: VECTOR_DIVIDE
    }
  }
}
