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

  @Test(
    "A stack gives what its values give one by one, whichever operands are stacked",
    arguments: OperationTableTests.names)
  func stacks(name: String) throws {
    let operation = try #require(OperationTable.standard[name])
    for (place, sample) in operation.samples.enumerated() {
      let draws = (0..<3).map { sample.inputs(seed: 5, draw: place << 2 | $0) }
      let varying = sample.operands.indices.filter { sample.operands[$0].isDifferentiated }
      for result in operation.results.indices {
        let function = OperationFunction(operation, sample, at: draws[0], result: result)
        for which in varying.map({ [$0] }) + [varying] where !which.isEmpty {
          func point(_ draw: Int) -> [Tensor<Double>] {
            varying.map { which.contains($0) ? draws[draw][$0] : draws[0][$0] }
          }
          let stacks = varying.map { operand in
            which.contains(operand)
              ? Stack(
                .stacked(
                  draws.map { $0[operand] }, batch: [3], each: draws[0][operand].shape))
              : Stack(constant: draws[0][operand])
          }
          let together = try function(stacks)
          let single = try (0..<3).map { try function(point($0)) }
          let expected = Tensor.stacked(single, batch: [3], each: single[0].shape)
          let found = together.values(3)
          #expect(together.shape == single[0].shape && found.shape == expected.shape)
          // Products of a stack add in another order.
          let tolerance = 200 * Double.ulpOfOne * (1 + expected.frobeniusNorm())
          #expect(
            (found - expected).frobeniusNorm() <= tolerance, "\(name) \(place) \(which)")
        }
      }
    }
  }
}
