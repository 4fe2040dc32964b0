import Tensors

/// One step of an expression: what it does, with which earlier results.
struct ExpressionStep: Sendable {
  enum Action: Sendable {
    case input(String)
    case constant(Tensor<Double>)
    case negative
    case arithmetic(Arithmetic.Operator)
    case matrixProduct
    /// All axes reversed.
    case transpose
    /// The last two axes changed about.
    case matrixTranspose
    case index([IndexItem])
    case call(any Operation, [String: AttributeValue])
  }

  let action: Action
  /// The slots that it reads; nil for an optional operand that is left out.
  let operands: [Int?]
  /// The first of the slots that it fills, and how many.
  let first: Int
  let count: Int
  /// Where it is complained about.
  let position: Int
  /// Slots that nothing reads later.
  var lastUses: [Int] = []

  /// The results of a step that is no input.
  ///
  /// - Parameter operands: of shapes that `check` accepts.
  func results<V: TensorValue>(of operands: [V?]) throws(NumericalError) -> [V] {
    switch action {
    case .input(let name): preconditionFailure("the input '\(name)' is not computed")
    case .constant(let tensor): return [V(constant: tensor.converted(to: V.Element.self))]
    case .call(let operation, let attributes):
      return try operation.results(
        of: OperationArguments(operands: operands, attributes: attributes))
    default: break
    }
    let values = operands.compactMap { $0 }
    let x = values[0]
    switch action {
    case .negative: return [-x]
    case .arithmetic(let op): return [try V.apply(Arithmetic(op: op), to: values)[0]]
    case .matrixProduct: return [x.matrixProduct(values[1])]
    case .transpose: return [x.permuted(Array((0..<x.shape.rank).reversed()))]
    case .matrixTranspose: return [x.transposed()]
    case .index(let items): return [try x.indexed(IndexPlan(items, of: x.shape))]
    case .input, .constant, .call: return []
    }
  }
}
