import Gradients
import Networks
import Tensors
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
}
