import FileFormats
import Networks
import Tensors
import TestSupport
import Testing

/// Two layers against PyTorch: Fixtures/write_recurrent.py.
@Suite struct RecurrentStackTests {
  private let file: NpzFile

  init() throws {
    let path = PackageFiles.path("Tests/NetworksTests/Fixtures/recurrent.npz")
    file = try NpzFile(PackageFiles.read(path)[...])
  }

  private func tensor(_ name: String) throws -> Tensor<Double> {
    try file.array(name, budget: .unlimited()).tensor()
  }

  private func weights(_ name: String, _ prefix: String) throws -> [RecurrentStack<Double>.Weights]
  {
    try (0..<2).map {
      RecurrentStack.Weights(
        try tensor("\(name)_\(prefix)W\($0)"), try tensor("\(name)_\(prefix)b\($0)"))
    }
  }

  private func state(
    _ name: String, _ key: (String) -> String
  ) throws -> RecurrentStack<Double>.State {
    RecurrentStack.State(
      h: try tensor("\(name)_\(key("h"))"),
      c: name == "lstm" ? try tensor("\(name)_\(key("c"))") : nil)
  }

  @Test(arguments: [RecurrentCell.lstm, .gru], RecurrentAlgorithm.allCases)
  func valuesAndGradientsArePyTorchs(cell: RecurrentCell, algorithm: RecurrentAlgorithm) throws {
    let name = cell.rawValue
    let stack = RecurrentStack(cell, try weights(name, ""), algorithm: algorithm)
    let trace = try stack.forward(
      try tensor("\(name)_x"), state: try state(name) { "\($0)0" }, recording: true)
    let seeds = try state(name) { "seed_\($0)" }
    let adjoints = try trace.pulled(
      outputs: try tensor("\(name)_seed_y"), state: seeds, needsInput: true)
    // Two layers, five steps of 12 terms each.
    func expect(_ found: Tensor<Double>?, _ key: String) throws {
      let exact = try tensor("\(name)_\(key)")
      let found = try #require(found)
      #expect(found.shape == exact.shape)
      let bound = 8 * 2 * 5 * 12 * Double.ulpOfOne * max(1, exact.largest)
      #expect(found.distance(to: exact) <= bound, "\(name) \(key)")
    }
    try expect(trace.outputs, "y")
    try expect(trace.state.h, "h")
    try expect(adjoints.x, "gx")
    try expect(adjoints.state.h, "gh0")
    if cell == .lstm {
      try expect(trace.state.c, "c")
      try expect(adjoints.state.c, "gc0")
    }
    for (index, layer) in adjoints.layers.enumerated() {
      try expect(layer.matrix, "gW\(index)")
      try expect(layer.bias, "gb\(index)")
    }
  }

  @Test func statesThatDoNotFitAreRefused() throws {
    let stack = RecurrentStack(.gru, try weights("gru", ""))
    let x = try tensor("gru_x")
    let state = try state("gru") { "\($0)0" }
    for h: Tensor<Double> in [.zeros([1, 3, 6]), .zeros([3, 6]), .zeros([2, 4, 6])] {
      #expect(throws: NumericalError.self) {
        try stack.forward(x, state: .init(h: h), recording: false)
      }
    }
    #expect(throws: NumericalError.self) {
      try stack.forward(x, state: .init(h: state.h, c: state.h), recording: false)
    }
    let trace = try stack.forward(x, state: state, recording: true)
    #expect(throws: NumericalError.self) {
      try trace.pulled(outputs: .zeros([3, 5, 7]), needsInput: true)
    }
  }

  @Test func memoryIsAskedForAndGivenBack() throws {
    let stack = RecurrentStack(.lstm, try weights("lstm", ""))
    let x = try tensor("lstm_x")
    let state = try state("lstm") { "\($0)0" }
    let sizes = RecurrentSizes(batch: 3, steps: 5, inputs: 6, units: 6)
    let bytes = 8 * sizes.extraElements(.lstm, recording: true)
    let enough = MemoryBudget(limit: 2 * bytes)
    _ = try stack.forward(x, state: state, recording: true, budget: enough)
    #expect(enough.current == 0 && enough.peak == 2 * bytes)
    #expect(throws: NumericalError.self) {
      try stack.forward(
        x, state: state, recording: true, budget: MemoryBudget(limit: 2 * bytes - 1))
    }
  }
}
