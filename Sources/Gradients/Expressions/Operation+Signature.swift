extension Operation {
  /// How it is called: `softmax(x, axis=-1)`.
  public var signature: String {
    "\(name)(\(parameters.map(\.signature).joined(separator: ", ")))"
  }
}

extension OperationParameter {
  fileprivate var signature: String {
    switch kind {
    case .operand, .attribute(_, default: nil): name
    case .optionalOperand: "\(name)=None"
    case .operands: "\(name)…"
    case .attribute(_, default: let value?): "\(name)=\(value)"
    }
  }
}

extension AttributeValue: CustomStringConvertible {
  /// The value as an expression has it.
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .boolean(let value): value ? "True" : "False"
    case .text(let text): "'\(text)'"
    case .integers(let values):
      values.count == 1
        ? "\(values[0])" : "(\(values.map(String.init).joined(separator: ", ")))"
    case .none: "None"
    }
  }
}

extension OperationTable {
  /// `; did you mean 'x'?` for a name that no operation has, or nothing.
  public func suggestion(for name: String) -> String {
    NearestName.hint(name, among: operations.map(\.name))
  }
}
