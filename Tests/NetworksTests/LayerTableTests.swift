import Gradients
import Networks
import Tensors
import TestSupport
import Testing

/// Every layer of the table against its definition and against differences.
@Suite struct LayerTableTests {
  static let names = OperationTable.layers.operations.map(\.name)

  @Test(arguments: names)
  func fourAnswersAgree(name: String) throws {
    let layer = try #require(OperationTable.layers[name])
    for seed in [UInt64(0), 1] {
      var settings = GradientCheckSettings()
      settings.seed = seed
      for verdict in try layer.checked(settings, precision: Double.self) {
        let found = verdict.parameter
        #expect(found.verdict == .pass, "\(name) \(found.name): \(String(describing: found.worst))")
        #expect(found.oracles.contains("backward") && found.oracles.contains("reverse"))
      }
    }
  }

  @Test("every layer stands in docs/layers.md as it is called", arguments: names)
  func documentation(name: String) throws {
    let page = String(
      decoding: try PackageFiles.read(PackageFiles.path("docs/layers.md")), as: UTF8.self)
    let parameters = try #require(OperationTable.layers[name]).parameters
    let required = parameters.prefix { $0.kind == .operand }.map(\.name)
    #expect(page.contains("\(name)(\(required.joined(separator: ", "))"), "\(name)")
  }

  @Test("a layer takes the place of the operation of its name")
  func complete() {
    #expect(OperationTable.complete["softmax"] is any Layer)
    #expect(!(OperationTable.standard["softmax"] is any Layer))
    let names = OperationTable.complete.operations.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count < OperationTable.standard.operations.count + Self.names.count)
  }
}
