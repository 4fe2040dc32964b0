import Testing

@testable import Tensors

/// Shapes with everything that loops get wrong: empty, single, odd, wide, tall.
let matrixShapes: [Shape] = [
  [0, 0], [0, 3], [3, 0], [1, 1], [1, 7], [7, 1], [2, 3], [33, 65], [64, 32], [100, 37],
]

@Suite struct TensorTests {
  @Test(arguments: matrixShapes)
  func transposesEveryElement(shape: Shape) {
    let a = RandomSource(seed: 1).normal(shape, as: Double.self)
    let t = a.transposed()
    #expect(t.shape == Shape([shape[1], shape[0]]))
    for i in 0..<shape[0] {
      for j in 0..<shape[1] { #expect(t[j, i] == a[i, j]) }
    }
    #expect(t.transposed() == a)
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func permutesAxes(axes: [Int]) {
    let a = RandomSource(seed: 2).normal([3, 4, 5], as: Float.self)
    let p = a.permuted(axes)
    for i in 0..<3 {
      for j in 0..<4 {
        for k in 0..<5 {
          let index = axes.map { [i, j, k][$0] }
          #expect(p[index[0], index[1], index[2]] == a[i, j, k])
        }
      }
    }
  }

  @Test func permutesEmptyAndScalar() {
    #expect(Tensor<Double>.zeros([0, 4, 2]).permuted([2, 0, 1]).shape == [2, 0, 4])
    #expect(Tensor<Double>([], [3]).permuted([]) == Tensor([], [3]))
  }

  @Test func slicesBlocks() {
    let a = Tensor<Double>([3, 4], (0..<12).map(Double.init))
    #expect(a.sliced([1..<3, 1..<3]) == Tensor([2, 2], [5, 6, 9, 10]))
    #expect(a.columns(3..<4) == Tensor([3, 1], [3, 7, 11]))
    #expect(a.rows(1..<1) == Tensor([0, 4], []))
  }

  @Test(arguments: [
    (0, 2, 3), (2, 0, 3), (2, 3, 0), (1, 1, 1), (5, 7, 3), (17, 33, 9), (1, 40, 1),
  ])
  func productsMatchTheDefinition(m: Int, k: Int, n: Int) {
    let a = RandomSource(seed: 3).normal([m, k], as: Double.self)
    let b = RandomSource(seed: 4).normal([k, n], as: Double.self)
    var expected = Tensor<Double>.zeros([m, n])
    for i in 0..<m {
      for j in 0..<n { expected[i, j] = (0..<k).reduce(0.0) { $0 + a[i, $1] * b[$1, j] } }
    }
    // k products of numbers of order one, each rounded once.
    let tolerance = 4 * Double(k + 1) * Double.epsilon * Double(max(1, k))
    for (flipA, flipB) in [(false, false), (true, false), (false, true), (true, true)] {
      let c = Tensor.matrixProduct(
        flipA ? a.transposed() : a, flipB ? b.transposed() : b,
        transposeA: flipA, transposeB: flipB)
      #expect(c.shape == [m, n])
      #expect((c - expected).maximumMagnitude() <= tolerance)
    }
  }

  @Test func accumulatesIntoTheTarget() {
    let a = Tensor<Float>([2, 2], [1, 2, 3, 4])
    var c = Tensor<Float>.identity(2)
    c.accumulateProduct(a, a, alpha: -1)
    #expect(c == Tensor([2, 2], [-6, -10, -15, -21]))
  }

  @Test func arithmeticIsElementwise() {
    let a = Tensor<Double>([2], [1, 2])
    let b = Tensor<Double>([2], [3, 5])
    #expect(a + b == Tensor([2], [4, 7]))
    #expect(b - a == Tensor([2], [2, 3]))
    #expect(a * b == Tensor([2], [3, 10]))
    #expect(b / a == Tensor([2], [3, 2.5]))
    #expect(-(2 * a + 1) == Tensor([2], [-3, -5]))
    #expect((a - 1) / 2 == Tensor([2], [0, 0.5]))
    #expect(a.converted(to: Float.self) == Tensor<Float>([2], [1, 2]))
  }

  @Test func operandsOfDifferentShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Double>.zeros([2]) + Tensor<Double>.zeros([3])
    }
  }
}

@Suite struct ReductionTests {
  @Test(arguments: [0, 1, 3, 127, 128, 129, 1000, 4097, 100_003])
  func sumsArePairwise(count: Int) {
    let a = RandomSource(seed: 5).normal([count], as: Double.self)
    // Neumaier's compensated sum as the oracle.
    var sum = 0.0
    var compensation = 0.0
    var magnitude = 0.0
    for x in a.elements {
      let t = sum + x
      compensation += abs(sum) >= abs(x) ? (sum - t) + x : (x - t) + sum
      sum = t
      magnitude += abs(x)
    }
    #expect(abs(a.sum() - (sum + compensation)) <= 64 * Double.epsilon * magnitude)
  }

  @Test(arguments: [1e-300, 1e-160, 1, 1e160, 1e300])
  func normsNeitherOverflowNorUnderflow(scale: Double) {
    let a = Tensor<Double>([2], [3 * scale, 4 * scale])
    #expect(abs(a.frobeniusNorm() / scale - 5) < 16 * Double.epsilon)
  }

  @Test func axesAreFolded() {
    let a = Tensor<Double>([2, 3], [1, 5, 3, 4, 2, 6])
    #expect(a.sum(axis: 0) == Tensor([3], [5, 7, 9]))
    #expect(a.sum(axis: 1) == Tensor([2], [9, 12]))
    #expect(a.mean(axis: 1) == Tensor([2], [3, 4]))
    #expect(a.maximum(axis: 0) == Tensor([3], [4, 5, 6]))
    #expect(a.minimum(axis: 1) == Tensor([2], [1, 2]))
    #expect(Tensor<Double>.zeros([0, 2]).sum(axis: 0) == Tensor([2], [0, 0]))
  }

  @Test(arguments: [0, 1, 4095, 4096, 9000], [Double.nan, .infinity, -.infinity])
  func findsTheFirstNonFiniteNumber(position: Int, value: Double) {
    var elements = [Double](repeating: 1e308, count: 9001)
    #expect(Tensor([9001], elements).firstNonFinite() == nil)
    elements[position] = value
    elements[9000] = .nan
    let a = Tensor([9001], elements)
    #expect(a.firstNonFinite() == position)
    #expect(throws: NumericalError.self) { try a.requireFinite() }
  }
}
