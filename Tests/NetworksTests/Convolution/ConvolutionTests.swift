import RealModule
import TestSupport
import Tensors
import Testing

@testable import Networks

/// Every algorithm against the definition as nested loops; one after the other, as one test changes the
/// number of threads, on which extra memory depends.
@Suite(.serialized) struct ConvolutionTests {
  /// How much larger than in the definition's sums the rounding errors of an algorithm may be, and
  /// whether against the largest result. Winograd's: the product of the norms ‖A‖·‖G‖·‖B‖, 3·1.5·2 and
  /// 19·1·10. Fourier's: steps times the energy of a tile, which all its results share.
  private static func allowance(
    _ algorithm: ConvolutionAlgorithm, _ geometry: ConvolutionGeometry
  ) -> (factor: Double, all: Bool) {
    switch algorithm {
    case .direct, .im2col: return (1, false)
    case .winograd2: return (9, true)
    case .winograd4: return (190, true)
    case .fft:
      let area = [geometry, geometry.transposed ?? geometry]
        .map { Double(FourierConvolution(geometry: $0).tile.area) }.reduce(2, +)
      return (area.squareRoot() * Double.log2(area), true)
    }
  }

  private static func check<Element: Scalar>(
    _ geometry: ConvolutionGeometry, seed: UInt64, as type: Element.Type
  ) throws {
    let problem = ConvolutionCase<Element>(geometry, seed: seed)
    let (exact, sizes) = (problem.reference(), problem.reference(magnitudes: true))
    let convolution = Convolution(geometry)
    for algorithm in ConvolutionAlgorithm.allCases where convolution.supports(algorithm) {
      let (factor, all) = allowance(algorithm, geometry)
      let budget = MemoryBudget.unlimited()
      let y = try convolution.forward(
        problem.x, problem.w, problem.b, by: algorithm, budget: budget)
      // Tests that run beside this one may change the number of threads.
      let predicted = (1...max(4, Parallel.availableProcessors())).map {
        convolution.extraElements(by: algorithm, of: Element.self, threads: $0)
          * MemoryLayout<Element>.stride
      }
      #expect(predicted.contains(budget.peak))
      let adjoints = try convolution.backward(
        problem.adjoint, problem.x, problem.w, by: algorithm)
      let name = "\(algorithm) of \(geometry), seed \(seed)"
      func expect(
        _ found: Tensor<Element>?, _ expected: Tensor<Double>, _ sizes: Tensor<Double>,
        terms: Int, _ what: String
      ) throws {
        let error = largestError(try #require(found), expected, sizes, overall: all)
        #expect(error <= factor * Double(terms + 2), "\(what): \(name)")
      }
      let (outputs, area) = (geometry.outputs / geometry.groups, geometry.kernel.area)
      try expect(y, exact.y, sizes.y, terms: geometry.terms, "y")
      try expect(adjoints.x, exact.x, sizes.x, terms: outputs * area, "x")
      let places = geometry.batch * geometry.result.area
      try expect(adjoints.w, exact.w, sizes.w, terms: places, "w")
      try expect(adjoints.b, exact.b, sizes.b, terms: places, "b")
    }
  }

  @Test(arguments: 0..<60)
  func algorithmsEqualTheDefinition(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let geometry = try RandomGeometry.draw(using: &generator)
    try Self.check(geometry, seed: UInt64(seed), as: Double.self)
    try Self.check(geometry, seed: UInt64(seed), as: Float.self)
  }

  /// Kernels that all fast algorithms take, around the sizes of their tiles.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 13, 17, 20])
  func sizesAroundTiles(size: Int) throws {
    for (batch, channels, outputs) in [(1, 1, 1), (2, 3, 5), (1, 17, 16), (3, 8, 33)] {
      let geometry = try ConvolutionGeometry(
        x: [batch, channels, size, size + 3], w: [outputs, channels, 3, 3],
        padding: PlaneSize(1, size % 3))
      try Self.check(geometry, seed: UInt64(size), as: Double.self)
      try Self.check(geometry, seed: UInt64(size), as: Float.self)
    }
  }

  /// More terms than a block has, and a kernel as large as the padded picture.
  @Test func longSums() throws {
    let many = try ConvolutionGeometry(
      x: [2, 300, 3, 5], w: [7, 300, 3, 3], padding: PlaneSize(1))
    try Self.check(many, seed: 1, as: Float.self)
    let whole = try ConvolutionGeometry(
      x: [2, 2, 9, 7], w: [3, 2, 11, 9], padding: PlaneSize(1))
    #expect(whole.result == PlaneSize(1))
    try Self.check(whole, seed: 2, as: Double.self)
  }

  @Test func onTwoThreads() throws {
    let threads = BLAS.threads
    BLAS.setThreads(2)
    defer { BLAS.setThreads(threads) }
    let geometry = try ConvolutionGeometry(
      x: [3, 4, 40, 37], w: [6, 4, 3, 3], padding: PlaneSize(1))
    try Self.check(geometry, seed: 5, as: Float.self)
  }

  @Test func budgetIsKept() throws {
    let problem = ConvolutionCase<Float>(
      try ConvolutionGeometry(x: [1, 2, 9, 9], w: [2, 2, 3, 3]), seed: 1)
    for algorithm in ConvolutionAlgorithm.allCases {
      #expect(throws: NumericalError.self, "\(algorithm)") {
        _ = try Convolution(problem.geometry).forward(
          problem.x, problem.w, by: algorithm, budget: MemoryBudget(limit: 16))
      }
    }
  }

  @Test func refusals() throws {
    let cases: [(Shape, Shape, Shape?, PlaneSize, PlaneSize, PlaneSize, Int)] = [
      ([2, 3, 4], [1, 3, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(1), 1),
      ([1, 3, 4, 4], [1, 2, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(1), 1),
      ([1, 3, 4, 4], [1, 3, 5, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(1), 1),
      ([1, 3, 4, 4], [1, 3, 3, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(2, 1), 1),
      ([1, 3, 4, 4], [2, 3, 2, 2], [3], PlaneSize(1), PlaneSize(0), PlaneSize(1), 1),
      ([1, 3, 4, 4], [2, 3, 2, 2], nil, PlaneSize(0), PlaneSize(0), PlaneSize(1), 1),
      ([1, 3, 4, 4], [2, 3, 2, 2], nil, PlaneSize(1), PlaneSize(-1), PlaneSize(1), 1),
      ([1, 3, 4, 4], [2, 3, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(0), 1),
      ([1, 4, 4, 4], [3, 2, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(1), 2),
      ([1, 4, 4, 4], [2, 2, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(1), 0),
      ([0, 4, 4, 4], [2, 4, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(1), 1),
      ([1, 1, 4, 4], [1, 1, 2, 2], nil, PlaneSize(1), PlaneSize(.max), PlaneSize(1), 1),
      ([1, 1, 4, 4], [1, 1, 2, 2], nil, PlaneSize(1), PlaneSize(0), PlaneSize(.max), 1),
    ]
    for (x, w, b, stride, padding, dilation, groups) in cases {
      #expect(throws: NumericalError.self, "\(x) by \(w)") {
        _ = try ConvolutionGeometry(
          x: x, w: w, b: b, stride: stride, padding: padding, dilation: dilation, groups: groups)
      }
    }
  }

  /// Algorithms refuse what they cannot do, and say so; the automatic one never does.
  @Test func unsupportedAttributes() throws {
    let strided = try ConvolutionGeometry(
      x: [1, 16, 9, 9], w: [16, 16, 3, 3], stride: PlaneSize(2))
    let problem = ConvolutionCase<Double>(strided, seed: 1)
    let convolution = Convolution(strided)
    #expect(convolution.supports(convolution.automatic))
    for algorithm in [ConvolutionAlgorithm.winograd2, .winograd4, .fft] {
      #expect(!convolution.supports(algorithm))
      #expect {
        _ = try convolution.forward(problem.x, problem.w, by: algorithm)
      } throws: {
        guard case .shape(let text) = $0 as? NumericalError else { return false }
        return text.contains(algorithm.rawValue) && text.contains("stride, dilation and groups")
      }
    }
    let large = try ConvolutionGeometry(x: [1, 1, 9, 9], w: [1, 1, 5, 5])
    #expect(!Convolution(large).supports(.winograd2) && Convolution(large).supports(.fft))
  }

  /// What the rule's comment says, and counts of F(2×2, 3×3) and F(4×4, 3×3).
  @Test func choiceAndCounts() throws {
    func convolution(_ x: Shape, _ w: Shape, _ stride: Int = 1, _ padding: Int = 0) throws
      -> Convolution
    {
      Convolution(
        try ConvolutionGeometry(
          x: x, w: w, stride: PlaneSize(stride), padding: PlaneSize(padding)))
    }
    let three = try convolution([4, 64, 56, 56], [64, 64, 3, 3], 1, 1)
    #expect(three.automatic == .winograd4)
    #expect(three.directOperations == 2 * three.multiplications(by: .direct))
    #expect(three.multiplications(by: .im2col) == 36 * three.multiplications(by: .winograd2) / 16)
    #expect(three.multiplications(by: .direct) == 4 * three.multiplications(by: .winograd4))
    #expect(try convolution([4, 3, 224, 224], [64, 3, 7, 7], 2, 3).automatic == .direct)
    #expect(try convolution([4, 256, 28, 28], [256, 256, 1, 1]).automatic == .im2col)
    let large = try convolution([1, 4, 512, 512], [4, 4, 31, 31], 1, 15)
    #expect(large.automatic == .fft)
    #expect(large.multiplications(by: .fft) * 20 < large.multiplications(by: .direct))
  }

  /// The error grows with Winograd's tile, and stays within the norms of its matrices.
  @Test func errorsOfWinograd() throws {
    let geometry = try ConvolutionGeometry(
      x: [1, 32, 24, 24], w: [8, 32, 3, 3], padding: PlaneSize(1))
    let problem = ConvolutionCase<Float>(geometry, seed: 3)
    let exact = problem.reference().y
    func error(_ algorithm: ConvolutionAlgorithm) throws -> Double {
      let y = try Convolution(geometry).forward(problem.x, problem.w, problem.b, by: algorithm)
      let squares = zip(y.elements, exact.elements).map { (found, expected) in
        let difference = Double(found) - expected
        return difference * difference
      }
      return (squares.reduce(0, +) / Double(exact.count)).squareRoot()
    }
    let (direct, small, large) = (try error(.direct), try error(.winograd2), try error(.winograd4))
    #expect(small < 9 * direct)
    #expect(large > small && large < 190 * direct)
  }
}
