public import Tensors

/// A named function of tensors with its documentation and sample inputs: one entry of the table that
/// expressions, the gradient check, tests and documentation read.
///
/// The definition is generic over `TensorValue`, so that all derivatives follow from it.
public protocol Operation: Sendable {
  /// The name in expressions, lower case with underscores.
  var name: String { get }
  /// One line: what it computes, as a formula where that is shorter.
  var summary: String { get }
  /// What it is called with, in the order of positional arguments.
  var parameters: [OperationParameter] { get }
  /// The names of its results; one, called as the operation, unless it says otherwise.
  var results: [String] { get }
  /// Where the gradient check holds its derivatives against differences.
  var samples: [OperationSample] { get }

  /// The results.
  ///
  /// - Parameter arguments: operands of any shape, whose ranks nobody has checked.
  /// - Throws: `NumericalError.shape` for operands that do not fit, others where the operation has no
  ///   value.
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V]
}

extension Operation {
  /// One result, called as the operation.
  public var results: [String] { [name] }

  /// Attributes with the defaults of those that are missing.
  public func completed(_ attributes: [String: AttributeValue]) -> [String: AttributeValue] {
    var attributes = attributes
    for parameter in parameters {
      if case .attribute(_, let value?) = parameter.kind, attributes[parameter.name] == nil {
        attributes[parameter.name] = value
      }
    }
    return attributes
  }
}

/// One parameter of an operation.
public struct OperationParameter: Sendable, Hashable {
  /// What is passed for it.
  public enum Kind: Sendable, Hashable {
    /// A tensor.
    case operand
    /// A tensor that may be left out.
    case optionalOperand
    /// All positional arguments that are left: tensors.
    case operands
    /// A constant, and its value where it is not given; without a default it has to be given.
    case attribute(AttributeKind, default: AttributeValue?)
  }

  /// The name, for keyword arguments.
  public let name: String
  /// What is passed for it.
  public let kind: Kind

  /// A parameter for a tensor.
  public static func operand(_ name: String) -> Self { Self(name: name, kind: .operand) }
  /// A parameter for a tensor that may be left out.
  public static func optional(_ name: String) -> Self { Self(name: name, kind: .optionalOperand) }
  /// A parameter for all tensors that are left.
  public static func operands(_ name: String) -> Self { Self(name: name, kind: .operands) }
  /// A parameter for a constant.
  public static func attribute(
    _ name: String, _ kind: AttributeKind, default value: AttributeValue? = nil
  ) -> Self {
    Self(name: name, kind: .attribute(kind, default: value))
  }
}

/// Which constants an attribute takes.
public enum AttributeKind: Sendable, Hashable {
  /// Any finite number.
  case number
  /// A whole number.
  case integer
  case boolean
  /// One of some words; of any when there are none.
  case text([String])
  /// A whole number, several in parentheses, or None.
  case axes
}

/// A constant that is passed to an operation.
public enum AttributeValue: Sendable, Hashable {
  case number(Double)
  case boolean(Bool)
  case text(String)
  /// Whole numbers, such as axes or sizes.
  case integers([Int])
  /// `None`.
  case none
}

/// The arguments of one call, attributes complete with their defaults.
public struct OperationArguments<V: TensorValue> {
  /// The operands in the order of the parameters; those of `operands` last. Optional operands that
  /// were left out are nil.
  public let operands: [V?]
  private let attributes: [String: AttributeValue]

  /// Arguments as a caller bound them; every attribute of the operation has a value.
  public init(operands: [V?], attributes: [String: AttributeValue]) {
    (self.operands, self.attributes) = (operands, attributes)
  }

  /// The same call of other operands.
  func replacing<Other: TensorValue>(_ operands: [Other?]) -> OperationArguments<Other> {
    OperationArguments<Other>(operands: operands, attributes: attributes)
  }

  /// The operand at a place that is not optional.
  public subscript(place: Int) -> V {
    guard let operand = operands[place] else { preconditionFailure("operand \(place) is missing") }
    return operand
  }

  /// The value of a `number` attribute.
  public func number(_ name: String) -> Double {
    guard case .number(let value)? = attributes[name] else {
      preconditionFailure("no number '\(name)'")
    }
    return value
  }

  /// The value of a `number` attribute; nil for None.
  public func optionalNumber(_ name: String) -> Double? {
    if case AttributeValue.none? = attributes[name] { return nil }
    return number(name)
  }

  /// The value of an `integer` attribute.
  public func integer(_ name: String) -> Int {
    guard case .integers(let values)? = attributes[name], values.count == 1 else {
      preconditionFailure("no whole number '\(name)'")
    }
    return values[0]
  }

  /// The value of an `integer` attribute; nil for None.
  public func optionalInteger(_ name: String) -> Int? {
    if case AttributeValue.none? = attributes[name] { return nil }
    return integer(name)
  }

  /// The value of a `boolean` attribute.
  public func boolean(_ name: String) -> Bool {
    guard case .boolean(let value)? = attributes[name] else {
      preconditionFailure("no boolean '\(name)'")
    }
    return value
  }

  /// The value of a `text` attribute.
  public func text(_ name: String) -> String {
    guard case .text(let value)? = attributes[name] else {
      preconditionFailure("no text '\(name)'")
    }
    return value
  }

  /// The value of an `axes` attribute; nil for None.
  public func axes(_ name: String) -> [Int]? {
    switch attributes[name] {
    case .integers(let values)?: values
    case AttributeValue.none?: nil
    default: preconditionFailure("no axes '\(name)'")
    }
  }
}

/// The operations that expressions and checks know, by name.
public struct OperationTable: Sendable {
  /// The entries in the order of the documentation.
  public let operations: [any Operation]
  private let places: [String: Int]

  /// A table; two operations of one name trap.
  public init(_ operations: [any Operation]) {
    self.operations = operations
    places = Dictionary(
      operations.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { _, place in
        preconditionFailure("two operations are called '\(operations[place].name)'")
      })
  }

  /// The operation of a name.
  public subscript(name: String) -> (any Operation)? { places[name].map { operations[$0] } }
}
