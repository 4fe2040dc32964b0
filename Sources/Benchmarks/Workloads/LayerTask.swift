import Gradients
import JSONText
import Networks
import Tensors

/// A call of a layer that peers have too.
struct LayerTask: Sendable {
  struct Operand: Sendable {
    let name: String
    let shape: Shape
    /// What standard normal numbers are multiplied by; 0 for zeros, which are constants.
    var scale = 1.0
  }

  /// The group, and the call in words: `conv/resnet-3x3-56`.
  let name: String
  let layer: String
  let operands: [Operand]
  var attributes: [String: AttributeValue] = [:]
  let peer: String
  var peerParameters: JSONObject = [:]
  /// The terms of the longest sum, which bounds what rounding may do.
  let terms: Int
  /// The operations of the forward pass.
  let operations: Double
  /// The peer's time over ours, at least, forward; both passes.
  var forwardGoal: Double?
  var bothGoal: Double?
}

extension LayerTask {
  /// The convolutions of BENCHMARKS.md.
  static let convolutions: [LayerTask] = [
    conv("resnet-stem", 4, 3, 224, 64, 7, stride: 2, padding: 3),
    conv("resnet-3x3-56", 4, 64, 56, 64, 3, padding: 1),
    conv("resnet-3x3-28", 4, 128, 28, 128, 3, padding: 1),
    conv("resnet-3x3-14", 4, 256, 14, 256, 3, padding: 1),
    conv("pointwise-28", 4, 256, 28, 256, 1),
    conv("large-11", 1, 8, 256, 8, 11, padding: 5),
    conv("large-31", 1, 4, 512, 4, 31, padding: 15, goal: 5),
  ]

  private static func conv(
    _ name: String, _ batch: Int, _ channels: Int, _ side: Int, _ outputs: Int, _ kernel: Int,
    stride: Int = 1, padding: Int = 0, goal: Double? = nil
  ) -> LayerTask {
    let terms = channels * kernel * kernel
    let side2 = (side + 2 * padding - kernel) / stride + 1
    return LayerTask(
      name: "conv/\(name)", layer: "conv2d",
      operands: [
        Operand(name: "x", shape: [batch, channels, side, side]),
        Operand(name: "w", shape: [outputs, channels, kernel, kernel]),
        Operand(name: "b", shape: [outputs]),
      ], attributes: ["stride": .integers([stride]), "padding": .integers([padding])],
      peer: "torch conv2d",
      peerParameters: ["stride": .integer(stride), "padding": .integer(padding)],
      terms: max(terms, batch * side2 * side2),
      operations: 2 * Double(terms * outputs) * Double(batch * side2 * side2), forwardGoal: goal,
      bothGoal: nil)
  }

  /// The recurrent networks of BENCHMARKS.md.
  static let recurrences: [LayerTask] = [
    (32, 50, 128, 256), (32, 100, 256, 256), (1, 100, 256, 256),
  ]
  .flatMap { b, t, i, h in
    [("lstm", 4), ("gru", 3)].map { name, gates in
      let scale = 1 / Double(h).squareRoot()
      let states = name == "lstm" ? ["h0", "c0"] : ["h0"]
      return LayerTask(
        name: "rnn/\(name)/b\(b)-t\(t)-i\(i)-h\(h)", layer: name,
        operands: [Operand(name: "x", shape: [b, t, i])]
          + states.map { Operand(name: $0, shape: [b, h], scale: 0) } + [
            Operand(name: "W", shape: [gates * h, i + h], scale: scale),
            Operand(name: "b", shape: [4 * h], scale: scale),
          ], peer: "torch \(name)", terms: b * t * (i + h),
        operations: 2 * Double(b * t * gates * h) * Double(i + h), forwardGoal: 1.1,
        bothGoal: 1.1)
    }
  }

  /// The attentions of BENCHMARKS.md; backward up to 2048 positions.
  static let attentions: [LayerTask] = [
    (8, 512, 64, false), (8, 1024, 64, false), (8, 2048, 64, false), (8, 2048, 64, true),
    (8, 4096, 64, false), (16, 1024, 128, false),
  ].map { h, t, d, causal in
    LayerTask(
      name: "attention/h\(h)-t\(t)-d\(d)\(causal ? "-causal" : "")", layer: "attention",
      operands: ["Q", "K", "V"].map { Operand(name: $0, shape: [1, h, t, d]) },
      attributes: ["causal": .boolean(causal)], peer: "torch sdpa",
      peerParameters: ["causal": .bool(causal)], terms: t,
      operations: 4 * Double(h * t) * Double(t * d) / (causal ? 2 : 1), forwardGoal: 0.95)
  }

  /// One query for each of eight heads against a cache of keys, of which the heads may share some.
  static let decoding: [LayerTask] = [(16384, 8), (16384, 2), (16384, 1)].map { t, shared in
    let keys: Shape = [1, shared, t, 64]
    return LayerTask(
      name: "attention/decode-h8-kv\(shared)-t\(t)-d64", layer: "attention",
      operands: [
        Operand(name: "Q", shape: [1, 8, 1, 64]), Operand(name: "K", shape: keys),
        Operand(name: "V", shape: keys),
      ], peer: "torch sdpa", peerParameters: ["causal": .bool(false)], terms: t,
      operations: 4 * Double(8 * t * 64))
  }
}
