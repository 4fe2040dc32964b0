import Tensors
import Testing

@testable import Gradients

/// Every entry of the table, at its own samples.
struct OperationTableTests {
  static let names = OperationTable.standard.operations.map(\.name)

  @Test("Names are unique, lower case and documented")
  func entries() {
    #expect(Set(OperationTableTests.names).count == OperationTableTests.names.count)
    for operation in OperationTable.standard.operations {
      #expect(operation.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" })
      #expect(!operation.summary.isEmpty && operation.summary.count <= 100)
      #expect(!operation.samples.isEmpty || operation.name == "stop_gradient")
      #expect(OperationTable.standard[operation.name] != nil)
    }
    #expect(OperationTable.standard["no_such"] == nil)
  }

  @Test(
    "Forward, reverse and differences agree at every sample", arguments: OperationTableTests.names)
  func derivatives(name: String) throws {
    let operation = try #require(OperationTable.standard[name])
    for (place, sample) in operation.samples.enumerated() {
      let inputs = sample.inputs(seed: 7, draw: place)
      let varying = zip(sample.operands, inputs).filter { $0.0.isDifferentiated }.map { $0.1 }
      for result in operation.results.indices where !varying.isEmpty {
        let function = OperationFunction(operation, sample, at: inputs, result: result)
        let value = try function(varying)
        let outline = try function(varying.map { Outline<Double>($0.shape) })
        #expect(outline.failure == nil && outline.shape == value.shape, "\(name) \(place)")
        let weights: Tensor<Double> = RandomSource(seed: 8).normal(value.shape, as: Double.self)
        try expectAgreement(
          WeightedSum(function: function, weights: weights), varying, "\(name) \(place) \(result)")
      }
    }
  }

  @Test(
    "Single precision gives the rounded values of double precision",
    arguments: OperationTableTests.names)
  func singlePrecision(name: String) throws {
    let operation = try #require(OperationTable.standard[name])
    for sample in operation.samples {
      let inputs = sample.inputs(seed: 3)
      let varying = zip(sample.operands, inputs).filter { $0.0.isDifferentiated }.map { $0.1 }
      let function = OperationFunction(operation, sample, at: inputs)
      let exact = try function(varying)
      let rounded = try function(varying.map { $0.converted(to: Float.self) })
      // Conditions of the samples stay below about 100.
      let tolerance = 200 * Double(Float.ulpOfOne) * (1 + exact.frobeniusNorm())
      #expect((rounded.converted(to: Double.self) - exact).frobeniusNorm() <= tolerance)
    }
  }
}
