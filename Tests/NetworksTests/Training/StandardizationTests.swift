import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite struct StandardizationTests {
  private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor<Double> {
    var random = SeededGenerator(seed: seed)
    return Tensor(
      [rows, columns],
      (0..<rows * columns).map { Double($0 % columns) * 3 + random.normal() * Double($0 % 7 + 1) })
  }

  @Test("mean 0 and variance 1 afterwards", arguments: [1, 3, 40], [2, 5, 257])
  func moments(columns: Int, rows: Int) throws {
    var inputs = random(rows, columns, seed: UInt64(rows))
    let fitted = Standardization(fitting: inputs)
    try fitted.apply(to: &inputs)
    // One rounding of each sample by its size, which the division by a small σ enlarges.
    let largest = fitted.inverseDeviation.elements.max() ?? 1
    let tolerance = 8 * Double(rows) * Double.epsilon * (1 + 200 * largest)
    for column in 0..<columns {
      let values = (0..<rows).map { inputs[$0, column] }
      let mean = values.reduce(0, +) / Double(rows)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      #expect(abs(mean) < tolerance && abs(variance - 1) < tolerance)
    }
  }

  @Test("by hand: 1, 2, 3, 6 has mean 3 and variance 3.5")
  func byHand() throws {
    let fitted = Standardization(fitting: Tensor([4, 1], [1, 2, 3, 6] as [Double]))
    #expect(fitted.mean.elements == [3])
    #expect(abs(fitted.inverseDeviation[0] - 1 / 3.5.squareRoot()) < 4 * Double.epsilon)
  }

  @Test("features that never vary are centred, not scaled")
  func constant() throws {
    for value in [0, 0.1, -1e300, Double.leastNonzeroMagnitude] {
      var inputs = Tensor([7, 1], [Double](repeating: value, count: 7))
      let fitted = Standardization(fitting: inputs)
      #expect(fitted.mean.elements == [value] && fitted.inverseDeviation.elements == [1])
      try fitted.apply(to: &inputs)
      #expect(inputs.elements.allSatisfy { $0 == 0 })
    }
    var single = Tensor([1, 3], [1, 2, 3] as [Float])
    try Standardization(fitting: single).apply(to: &single)
    #expect(single.elements == [0, 0, 0])
  }

  @Test("neither a large mean nor a large range loses digits")
  func extremes() {
    // Deviations 1 around 10⁹: squares of the sums would leave no digit.
    let shifted = Standardization(
      fitting: Tensor([4, 1], [1e9 - 1, 1e9 + 1, 1e9 - 1, 1e9 + 1] as [Double]))
    #expect(shifted.mean.elements == [1e9] && shifted.inverseDeviation.elements == [1])
    let wide = Standardization(fitting: Tensor([2, 1], [-1e308, 1e308] as [Double]))
    #expect(wide.mean.elements == [0])
    #expect(abs(wide.inverseDeviation[0] * 1e308 - 1) < 4 * Double.epsilon)
    let tiny = Standardization(fitting: Tensor([2, 1], [0, Double.leastNonzeroMagnitude]))
    #expect(tiny.inverseDeviation.elements == [1] && tiny.mean[0].isFinite)
    let small = Standardization(fitting: Tensor([2, 1], [0, 8 * Float.leastNonzeroMagnitude]))
    #expect(small.inverseDeviation.elements == [1])
  }

  @Test("single precision is fitted in double")
  func single() {
    let inputs = random(1001, 5, seed: 4)
    let rounded = Tensor(inputs.shape, inputs.elements.map { Float($0) })
    let reference = Standardization(
      fitting: Tensor(inputs.shape, rounded.elements.map { Double($0) }))
    let fitted = Standardization(fitting: rounded)
    #expect(fitted.mean.elements == reference.mean.elements.map { Float($0) })
    #expect(
      fitted.inverseDeviation.elements == reference.inverseDeviation.elements.map { Float($0) })
  }

  @Test("the same bits on any number of threads")
  func threads() {
    let inputs = random(301, 70, seed: 9)
    let before = BLAS.threads
    defer { BLAS.setThreads(before) }
    BLAS.setThreads(1)
    let one = Standardization(fitting: inputs)
    BLAS.setThreads(2)
    #expect(Standardization(fitting: inputs) == one)
  }

  @Test func shapes() throws {
    let fitted = try Standardization(
      mean: Tensor([2], [0, 1] as [Double]), inverseDeviation: Tensor([2], [1, 1]))
    var inputs = Tensor([1, 3], [1, 2, 3] as [Double])
    #expect(
      throws: NumericalError.shape(
        "samples of shape 1x3 do not fit a standardisation of 2 features")
    ) {
      try fitted.apply(to: &inputs)
    }
    #expect(throws: NumericalError.self) {
      try Standardization(
        mean: Tensor([2], [0, 1] as [Double]), inverseDeviation: Tensor([1], [1]))
    }
  }
}
