import Gradients
import Networks
import Tensors
import TestSupport
import Testing

/// LSTM and GRU by kernels against their definition.
@Suite(.serialized) struct RecurrentLayerTests {
  /// B, T, I, H: one of everything; odd sizes; panels that are full and that are not; enough rows for
  /// two threads of whole tiles, and few rows with enough work for two threads.
  static let shapes = [
    [1, 1, 1, 1], [1, 4, 3, 1], [2, 1, 5, 3], [3, 5, 2, 7], [1, 6, 9, 16], [4, 3, 8, 17],
    [13, 4, 5, 33], [25, 3, 40, 8], [2, 3, 7, 140],
  ]

  @Test(arguments: RecurrentCell.allCases, shapes)
  func kernelsAreTheDefinition(cell: RecurrentCell, sizes: [Int]) throws {
    let threads = BLAS.threads
    defer { BLAS.setThreads(threads) }
    let sample = RecurrentSample(
      cell, seed: UInt64(sizes.reduce(7) { 31 * $0 + $1 }), sizes[0], sizes[1], sizes[2], sizes[3])
    let expected = try sample.defined()
    for algorithm in RecurrentAlgorithm.allCases {
      for count in [1, 2] {
        BLAS.setThreads(count)
        let found = try sample.computed(algorithm, as: Double.self)
        try #require(found.count == expected.count)
        for (place, pair) in zip(found, expected).enumerated() {
          #expect(pair.0.shape == pair.1.shape)
          let bound = sample.tolerance(Double.ulpOfOne, scale: pair.1.largest)
          #expect(
            pair.0.distance(to: pair.1) <= bound,
            "\(cell) \(sizes) \(algorithm), \(count) threads: result or adjoint \(place)")
        }
      }
    }
  }

  @Test(arguments: RecurrentCell.allCases)
  func singlePrecisionErrsByItsRounding(cell: RecurrentCell) throws {
    let sample = RecurrentSample(cell, seed: 11, 5, 12, 9, 21)
    let expected = try sample.computed(.fused, as: Double.self)
    for algorithm in RecurrentAlgorithm.allCases {
      let found = try sample.computed(algorithm, as: Float.self)
      for (value, exact) in zip(found, expected) {
        let bound = sample.tolerance(Double(Float.ulpOfOne), scale: exact.largest)
        #expect(value.distance(to: exact) <= bound)
      }
    }
  }

  /// A wrong factor, a wrong sign or a transposed gradient is far beyond the tolerance.
  @Test func theComparisonCanFail() throws {
    let sample = RecurrentSample(.lstm, seed: 3, 3, 5, 2, 7)
    for exact in try sample.defined() {
      let bound = sample.tolerance(Double.ulpOfOne, scale: exact.largest)
      #expect((exact * 1.001).distance(to: exact) > bound)
      #expect((exact * -1).distance(to: exact) > bound)
    }
  }

  /// Without the way back, and with adjoints that are missing or not wanted.
  @Test(arguments: RecurrentCell.allCases)
  func partsOfThePassAgree(cell: RecurrentCell) throws {
    let sample = RecurrentSample(cell, seed: 5, 2, 4, 3, 6)
    let layer = sample.layer
    let arguments = sample.arguments(sample.operands)
    let recorded = try layer.forward(arguments, recording: true)
    let plain = try layer.forward(arguments, recording: false)
    #expect(plain.pullback == nil && plain.results == recorded.results)
    let pull = try #require(recorded.pullback)
    let none = [Tensor<Double>?](repeating: nil, count: sample.seeds.count - 1)
    let all = sample.operands.map { _ in true }
    let some = try pull([sample.seeds[0]] + none, all)
    let zeros = try pull([sample.seeds[0]] + sample.seeds.dropFirst().map { .zeros($0.shape) }, all)
    #expect(some == zeros)
    // Asked twice it gives the same, and nothing where nothing is wanted.
    let only = try pull([sample.seeds[0]] + none, all.indices.map { $0 == 1 })
    #expect(only[0] == nil && only[1] == some[1])
    #expect(only[only.count - 2] == nil && only[only.count - 1] == nil)
  }

  @Test(arguments: RecurrentCell.allCases)
  func operandsThatDoNotFitAreRefused(cell: RecurrentCell) throws {
    let sample = RecurrentSample(cell, seed: 1, 2, 3, 4, 5)
    let last = sample.operands.count - 1
    let wrong: [(Int, Shape)] = [
      (0, [2, 3]), (0, [3, 3, 4]), (0, [2, 0, 4]), (0, [2, 3, 5]), (1, [2, 6]), (1, [5]),
      (1, [2, 0]), (last - 1, [cell.gates * 5, 8]), (last - 1, [45]), (last, [cell.biases * 5 + 1]),
    ]
    for (place, shape) in wrong {
      var operands = sample.operands
      operands[place] = .zeros(shape)
      #expect(throws: NumericalError.self) {
        try sample.layer.forward(sample.arguments(operands), recording: false)
      }
      #expect(throws: NumericalError.self) {
        try sample.layer.evaluated(sample.arguments(operands))
      }
    }
  }
}
