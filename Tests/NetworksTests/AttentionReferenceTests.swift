import FileFormats
import Gradients
import Networks
import TestSupport
import Tensors
import Testing

/// Values and gradients against PyTorch's (Fixtures/write_attention.py).
@Suite struct AttentionReferenceTests {
  /// A case of the file, and the layer that it is for.
  static let cases: [(name: String, layer: String, attributes: [String: AttributeValue])] = [
    ("plain", "attention", ["algorithm": .text("flash")]),
    ("plain", "attention", ["algorithm": .text("naive")]),
    ("scaled", "attention", ["scale": .number(0.3), "algorithm": .text("flash")]),
    ("grouped", "attention", ["algorithm": .text("flash")]),
    ("causal", "attention", ["causal": .boolean(true), "algorithm": .text("flash")]),
    ("causal", "attention", ["causal": .boolean(true), "algorithm": .text("naive")]),
    ("square", "attention", ["causal": .boolean(true)]),
    ("masked", "attention", ["algorithm": .text("flash")]),
    ("layernorm", "layernorm", [:]),
    ("heads", "multihead_attention", ["heads": .integers([2])]),
    ("headscausal", "multihead_attention", ["heads": .integers([2]), "causal": .boolean(true)]),
    ("blockpre", "transformer_block", ["heads": .integers([2])]),
    ("blockpost", "transformer_block", ["heads": .integers([2]), "norm": .text("post")]),
  ]

  @Test(arguments: cases.indices)
  func agreesWithPyTorch(place: Int) throws {
    let (name, layerName, attributes) = Self.cases[place]
    let path = PackageFiles.path("Tests/NetworksTests/Fixtures/attention.npz")
    let file = try NpzFile(try PackageFiles.read(path)[...])
    func array(_ member: String) throws -> Tensor<Double>? {
      guard file.names.contains("\(name).\(member)") else { return nil }
      return try file.array("\(name).\(member)", budget: .unlimited()).tensor(as: Double.self)
    }
    let layer = try #require(OperationTable.layers[layerName] as? any Layer)
    let names = layer.parameters.compactMap { parameter -> String? in
      if case .attribute = parameter.kind { return nil }
      return parameter.name
    }
    let operands = try names.map { try array($0) }
    let (result, adjoint) = (try #require(try array("y")), try #require(try array("dy")))
    let double = try LayerRun(layer, operands, attributes, adjoint: adjoint)
    let single = try LayerRun(
      layer, operands.map { $0?.converted(to: Float.self) }, attributes,
      adjoint: adjoint.converted(to: Float.self))
    // Every number is the end of a chain of sums of at most `terms` numbers.
    let terms = Double(operands.reduce(0) { $0 + ($1?.count ?? 0) })
    func bound(_ expected: Tensor<Double>, _ epsilon: Double) -> Double {
      terms * epsilon * max(1, expected.size)
    }
    #expect(double.result.distance(to: result) <= bound(result, Double.epsilon))
    #expect(
      single.result.converted(to: Double.self).distance(to: result) <= bound(result, 0x1p-23))
    for (place, operand) in names.enumerated() where operands[place] != nil {
      let expected = try #require(try array("d\(operand)"))
      let found = try #require(double.adjoints[place])
      #expect(found.distance(to: expected) <= bound(expected, Double.epsilon), "\(operand)")
      let rounded = try #require(single.adjoints[place]).converted(to: Double.self)
      #expect(rounded.distance(to: expected) <= bound(expected, 0x1p-23), "\(operand), single")
    }
  }
}
