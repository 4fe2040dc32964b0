import Gradients
import Tensors

/// What is asked of an expression: its value, or a derivative by some of its inputs.
struct EvalQuestion {
  enum Kind: String {
    case value
    case gradient = "--grad"
    case directional = "--jvp"
    case pullback = "--vjp"
    case hessianProduct = "--hvp"
    case jacobian = "--jacobian"
    case hessian = "--hessian"

    /// Whether the result has to be a scalar.
    var needsScalar: Bool {
      switch self {
      case .gradient, .hessianProduct, .hessian: true
      case .value, .directional, .pullback, .jacobian: false
      }
    }
  }

  let kind: Kind
  /// The inputs that it is about.
  let names: [String]
  /// A direction for each of them, or one adjoint; what was typed.
  let vectors: [EvalAssignment]

  init(_ arguments: EvalCommand) throws(Failure) {
    let lists: [(Kind, [String])] = [
      (.gradient, arguments.grad), (.pullback, arguments.wrt), (.jacobian, arguments.jacobian),
      (.hessian, arguments.hessian),
    ]
    let assignments: [(Kind, [String])] = [
      (.directional, arguments.jvp), (.hessianProduct, arguments.hvp),
    ]
    if let (kind, texts) = lists.first(where: { !$0.1.isEmpty }) {
      self.kind = kind
      names = texts.flatMap { text in
        text.split(separator: ",", omittingEmptySubsequences: false)
          .map { $0.filter { $0 != " " } }
      }
      vectors =
        try arguments.vjp.map { text throws(Failure) in
          [try EvalAssignment("v=\(text)", option: "--vjp")]
        } ?? []
    } else if let (kind, texts) = assignments.first(where: { !$0.1.isEmpty }) {
      self.kind = kind
      vectors = try texts.map { text throws(Failure) in
        try EvalAssignment(text, option: kind.rawValue)
      }
      names = vectors.map(\.name)
    } else {
      (kind, names, vectors) = (.value, [], [])
    }
    let option = kind == .pullback ? "--wrt" : kind.rawValue
    for (place, name) in names.enumerated() {
      guard Expression.isName(name) else { throw .usage("\(option): '\(name)' is no name") }
      guard !names[..<place].contains(name) else { throw .usage("\(option): \(name) stands twice") }
    }
  }

  /// Refuses names that no input has.
  func checkNames(among inputs: [String]) throws(Failure) {
    let option = kind == .pullback ? "--wrt" : kind.rawValue
    for name in names where !inputs.contains(name) {
      throw .usage("\(option): no --in gives '\(name)'")
    }
  }

  /// The shapes of the answers to a result of some shape.
  ///
  /// - Parameter inputs: the shapes of the inputs that it is about.
  func shapes(result: Shape, inputs: [Shape]) throws(NumericalError) -> [Shape] {
    switch kind {
    case .value, .directional: return [result]
    case .gradient, .pullback, .hessianProduct: return inputs
    case .jacobian:
      return try inputs.map { shape throws(NumericalError) in
        try Shape(checking: result.dimensions + shape.dimensions)
      }
    case .hessian:
      return try inputs.map { shape throws(NumericalError) in
        try Shape(checking: shape.dimensions + shape.dimensions)
      }
    }
  }
}
