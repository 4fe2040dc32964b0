import FileFormats
import Gradients
import Networks
import Tensors

/// The functions whose derivatives are timed: expressions, as users write them.
struct DifferentiatedFunction: Sendable {
  let name: String
  let text: String
  /// The inputs by which it is differentiated, in this order.
  let parameters: [(name: String, shape: Shape)]
  /// The other inputs; labels are whole numbers below a bound.
  let constants: [(name: String, shape: Shape, labelsBelow: Int?)]
  /// What the parameters' normal random numbers are multiplied with: 1/√(number of rows).
  var isScaled = false

  /// relu, two layers, cross-entropy: 960 numbers.
  static let smallNetwork = DifferentiatedFunction(
    name: "mlp-960", text: "cross_entropy(relu(x @ w1.T) @ w2.T, y)",
    parameters: [("w1", [32, 20]), ("w2", [10, 32])],
    constants: [("x", [16, 20], nil), ("y", [16], 10)])

  /// Layer norm of eight rows, weighted.
  static let layerNorm = DifferentiatedFunction(
    name: "layernorm-8x64",
    text: """
      d = a - mean(a, axis=-1, keepdims=True); \
      sum(w * d / sqrt(mean(d * d, axis=-1, keepdims=True) + 1e-5))
      """,
    parameters: [("a", [8, 64])], constants: [("w", [8, 64], nil)])

  /// Attention of two heads, weighted.
  static let attention = DifferentiatedFunction(
    name: "attention-2x8x8",
    text: """
      s = softmax(einsum('bhqd,bhkd->bhqk', q, k) / sqrt(8)); \
      sum(w * einsum('bhqk,bhkd->bhqd', s, v))
      """,
    parameters: [("q", [1, 2, 8, 8]), ("k", [1, 2, 8, 8]), ("v", [1, 2, 8, 8])],
    constants: [("w", [1, 2, 8, 8], nil)])

  /// Eight gelu layers of 256.
  static let deepNetwork: DifferentiatedFunction = {
    let sizes = [64] + Array(repeating: 256, count: 8) + [1]
    let layers = (0..<8).map { "h = gelu(\($0 == 0 ? "x" : "h") @ w\($0)); " }.joined()
    return DifferentiatedFunction(
      name: "gelu-8x256", text: layers + "sum(h @ w8)",
      parameters: zip(sizes, sizes.dropFirst()).enumerated().map {
        ("w\($0.offset)", [$0.element.0, $0.element.1])
      }, constants: [("x", [64, 64], nil)], isScaled: true)
  }()

  /// The parameters at the point.
  func point<Element: Scalar>(as type: Element.Type) -> [Tensor<Element>] {
    parameters.enumerated().map { place, parameter in
      let numbers = RandomSource(seed: 7, substream: UInt32(place))
        .normal(parameter.shape, as: Element.self)
      return isScaled ? numbers * (1 / Element(parameter.shape[0]).squareRoot()) : numbers
    }
  }

  /// Constants in double precision, by name.
  var constantTensors: [String: Tensor<Double>] {
    Dictionary(
      uniqueKeysWithValues: constants.enumerated().map { place, constant in
        let source = RandomSource(seed: 8, substream: UInt32(place))
        guard let bound = constant.labelsBelow else {
          return (constant.name, source.normal(constant.shape, as: Double.self))
        }
        return (
          constant.name,
          source.uniform(constant.shape, from: 0, to: Double(bound), as: Double.self)
            .mapped { $0.rounded(.down) }
        )
      })
  }

  /// The expression as a function of the parameters.
  func function() throws(BenchError) -> ExpressionFunction {
    do {
      let expression = try Expression(parsing: text, operations: .complete)
      return ExpressionFunction(
        expression, of: parameters.map(\.name), constants: constantTensors)
    } catch {
      throw .wrong("\(name): \(error.message)")
    }
  }

  /// The files that a peer reads: parameters and constants by name.
  func files<Element: Scalar>(
    as type: Element.Type, in context: BenchContext
  ) throws(BenchError) -> [String: String] {
    var inputs: [String: String] = [:]
    for (parameter, tensor) in zip(parameters, point(as: type)) {
      inputs[parameter.name] = try context.files.write(
        StoredArray(tensor), to: "\(parameter.name).npy")
    }
    for (name, tensor) in constantTensors {
      inputs[name] = try context.files.write(
        StoredArray(tensor.converted(to: type)), to: "\(name).npy")
    }
    return inputs
  }
}
