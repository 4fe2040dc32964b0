import Factorizations
import Imaging
import Tensors
import Testing

@Suite struct BlockDenoisingTests {
  /// Rounding of decompositions of blocks with these numbers, amplified by close singular values.
  private static func tolerance<Element: Scalar>(
    _ matrix: Tensor<Element>, side: Int
  ) -> Double {
    1e3 * Double(Element.ulpOfOne) * Double(side) * Double(matrix.maximumMagnitude())
  }

  /// Rules that fit a block of this side.
  private static func rules(side: Int) -> [ShrinkageRule] {
    ShrinkageRule.parameterFree + [.soft(3), .rank(min(2, side))]
  }

  private func compare<Element: Scalar>(
    _ blocks: BlockCase, as type: Element.Type
  ) throws {
    let matrix = blocks.matrix(as: type)
    let tolerance = Self.tolerance(matrix, side: blocks.side)
    for rule in Self.rules(side: blocks.side) {
      let comment: Comment = "\(rule.name)"
      let fastest = try blocks.grid.denoise(matrix, sigma: 1, rule: rule)
      let lapack = try blocks.grid.denoise(matrix, sigma: 1, rule: rule, method: .lapack)
      let reference = try BlockReference(matrix, blocks.grid, sigma: 1, rule: rule)
      for result in [fastest, lapack] {
        #expect(result.matrix.distance(to: reference.matrix) <= tolerance, comment)
        #expect(result.ranks == reference.ranks, comment)
        #expect(result.meanSingularValues.count == blocks.side)
        for (mean, expected) in zip(result.meanSingularValues, reference.meanSingularValues) {
          #expect(abs(mean - expected) <= tolerance, comment)
        }
      }
    }
  }

  @Test(arguments: BlockCase.all) func isTheAverageOfDenoisedBlocks(blocks: BlockCase) throws {
    try compare(blocks, as: Double.self)
  }

  @Test(arguments: BlockCase.all) func singlePrecision(blocks: BlockCase) throws {
    try compare(blocks, as: Float.self)
  }

  @Test(arguments: BlockCase.all) func nothingSubtractedGivesTheMatrixBack(
    blocks: BlockCase
  ) throws {
    let matrix = blocks.matrix(as: Double.self)
    let single = blocks.matrix(as: Float.self)
    for rule in [ShrinkageRule.soft(0), .rank(blocks.side), .frobenius, .spectral, .nuclear, .hard]
    {
      let result = try blocks.grid.denoise(matrix, sigma: 0, rule: rule).matrix
      let limit = Self.tolerance(matrix, side: blocks.side)
      #expect(result.distance(to: matrix) <= limit, "\(rule.name)")
      let result32 = try blocks.grid.denoise(single, sigma: 0, rule: rule).matrix
      let limit32 = Self.tolerance(single, side: blocks.side)
      #expect(result32.distance(to: single) <= limit32, "\(rule.name)")
    }
  }

  @Test func everythingSubtractedLeavesExactZeros() throws {
    let blocks = BlockCase(rows: 20, columns: 31, side: 8, stride: 3)
    let matrix = blocks.matrix(as: Double.self)
    let result = try blocks.grid.denoise(matrix, sigma: 1, rule: .soft(1e9))
    #expect(result.matrix == .zeros([20, 31]))
    #expect(result.ranks == [Int](repeating: 0, count: blocks.grid.count))
    #expect(result.meanSingularValues.allSatisfy { $0 > 0 })
  }

  @Test func ranksAreThoseOfTheBlocksInTheirOrder() throws {
    // Tiles of 4×4 whose rank is known, one after another.
    let ranks = [0, 1, 2, 3, 4, 1]
    var matrix = Tensor<Double>.zeros([8, 12])
    for (tile, rank) in ranks.enumerated() {
      for i in 0..<rank { matrix[tile / 3 * 4 + i, tile % 3 * 4 + i] = 10 + Double(i) }
    }
    let grid = BlockGrid(rows: 8, columns: 12, side: 4, stride: 4)
    let result = try grid.denoise(matrix, sigma: 0.1, rule: .hard)
    #expect(result.ranks == ranks)
    #expect(result.matrix.distance(to: matrix) <= Self.tolerance(matrix, side: 4))
    // 13 once, the others where a tile's rank is that high: the largest is the last planted.
    let expected = [
      (10.0 + 11 + 12 + 13 + 10) / 6, (10.0 + 11 + 12) / 6, (10.0 + 11) / 6, 10.0 / 6,
    ]
    for (mean, value) in zip(result.meanSingularValues, expected) {
      #expect(abs(mean - value) < 1e-12)
    }
  }

  @Test func numbersThatAreNotFiniteAreRefused() throws {
    let blocks = BlockCase(rows: 9, columns: 12, side: 4, stride: 2)
    for (value, text) in [(Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
      var matrix = blocks.matrix(as: Double.self)
      matrix[3, 11] = value
      #expect(throws: NumericalError.notFinite(index: [3, 11], value: text)) {
        try blocks.grid.denoise(matrix, sigma: 1, rule: .hard)
      }
    }
  }

  @Test func memoryIsAskedForAndGivenBack() throws {
    let blocks = BlockCase(rows: 64, columns: 64, side: 16, stride: 4)
    let matrix = blocks.matrix(as: Double.self)
    let budget = MemoryBudget(limit: 1 << 20)
    _ = try blocks.grid.denoise(matrix, sigma: 1, rule: .hard, budget: budget)
    #expect(budget.current == 0 && budget.peak >= 2 * 64 * 64 * 8)
    let small = MemoryBudget(limit: 64 * 64 * 8)
    #expect(throws: NumericalError.self) {
      try blocks.grid.denoise(matrix, sigma: 1, rule: .hard, budget: small)
    }
    #expect(small.current == 0)
  }

  @Test func aGridOfAnotherMatrixTraps() async {
    await #expect(processExitsWith: .failure) {
      let grid = BlockGrid(rows: 9, columns: 12, side: 4, stride: 2)
      _ = try grid.denoise(Tensor<Double>.zeros([12, 9]), sigma: 1, rule: .hard)
    }
  }
}
