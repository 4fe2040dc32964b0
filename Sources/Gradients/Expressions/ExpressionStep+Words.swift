import Tensors

extension ExpressionStep {
  /// The step as an expression of what its operands are called.
  func words(_ operands: [String]) -> String {
    switch action {
    case .input(let name): return name
    case .constant(let tensor): return "constant \(tensor.shape)"
    case .negative: return "-\(operands[0])"
    case .arithmetic(let op): return "\(operands[0]) \(op.rawValue) \(operands[1])"
    case .matrixProduct: return "\(operands[0]) @ \(operands[1])"
    case .transpose: return "\(operands[0]).T"
    case .matrixTranspose: return "\(operands[0]).mT"
    case .index(let items):
      return "\(operands[0])[\(items.map(\.words).joined(separator: ", "))]"
    case .call(let operation, let attributes):
      let given = operation.parameters.compactMap { parameter -> String? in
        guard case .attribute(_, let fallback) = parameter.kind,
          let value = attributes[parameter.name], value != fallback
        else { return nil }
        return "\(parameter.name)=\(value)"
      }
      return "\(operation.name)(\((operands + given).joined(separator: ", ")))"
    }
  }
}

extension IndexItem {
  /// The item as it is written.
  fileprivate var words: String {
    switch self {
    case .at(let place): return "\(place)"
    case .ellipsis: return "..."
    case .newAxis: return "None"
    case .range(let start, let stop, let step):
      let ends = "\(start.map(String.init) ?? ""):\(stop.map(String.init) ?? "")"
      return step == 1 ? ends : "\(ends):\(step)"
    }
  }
}
