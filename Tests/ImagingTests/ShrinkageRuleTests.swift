import Imaging
import RealModule
import Testing

@Suite struct ShrinkageRuleTests {
  /// FORMULAS.md section 2, ten digits: β, λ, ω.
  static let coefficients = [
    (0.05, 1.5066074107, 1.5193409596), (0.1, 1.5816483953, 1.6087715574),
    (0.25, 1.7580293771, 1.8368657911), (0.5, 1.9785990538, 2.1711853485),
    (0.75, 2.1560938442, 2.5014297364), (1, 2.3094010768, 2.8583624241),
  ]
  static let optimal: [ShrinkageRule] = [.frobenius, .spectral, .nuclear]
  static let shapes = [(40, 40), (60, 40), (1000, 100), (500, 499), (3, 1), (100_000, 2)]

  /// The scale of an m×n matrix with √N·σ = 1, so that singular values are y.
  static func normalized(_ m: Int, _ n: Int) -> NoiseScale {
    NoiseScale(rows: m, columns: n, sigma: 1 / Double(max(m, n)).squareRoot())
  }

  @Test(arguments: coefficients)
  func coefficientsAreThoseOfTheTable(β: Double, λ: Double, ω: Double) {
    #expect(abs(ShrinkageRule.hardThresholdCoefficient(aspectRatio: β) - λ) < 1e-10)
    #expect(abs(ShrinkageRule.medianThresholdCoefficient(aspectRatio: β) - ω) < 1e-10)
  }

  @Test(arguments: [
    (40, 40, 3, [2.2360679775, 2.6180339887, 1.8541019662]),
    (40, 40, 2.1, [0.6403124237, 1.3701562119, 0]),
    (20, 40, 3, [2.4551533104, 2.7263033517, 2.1957886360]),
  ])
  func shrinkersAreThoseOfTheTable(m: Int, n: Int, y: Double, expected: [Double]) {
    let scale = NoiseScale(rows: m, columns: n, sigma: 7)
    for (rule, value) in zip(Self.optimal, expected) {
      let shrunk = scale.shrunk([y * scale.unit], by: rule)[0] / scale.unit
      #expect(abs(shrunk - value) < 1e-10, "\(rule.name)")
    }
  }

  @Test func thresholdsOfALongMatrix() {
    // FORMULAS.md section 6: 1000×100, one decimal.
    let scale = NoiseScale(rows: 1000, columns: 100, sigma: 3)
    let expected: [(ShrinkageRule, Double)] = [(.usvt, 23.1), (.edge, 41.6), (.hard, 50.0)]
    for (rule, value) in expected {
      #expect(abs((scale.threshold(for: rule) ?? 0) / 3 - value) < 0.05, "\(rule.name)")
    }
    #expect(scale.threshold(for: .frobenius) == scale.edge)
    #expect(scale.threshold(for: .spectral) == scale.edge)
    #expect(scale.threshold(for: .simple) == 3 * 2200.0.squareRoot())
    #expect(scale.threshold(for: .soft(2.5)) == 2.5)
    #expect(scale.threshold(for: .rank(4)) == nil)
    #expect(scale.shortSide == 100 && scale.longSide == 1000 && scale.aspectRatio == 0.1)
  }

  @Test(arguments: shapes) func wideAndTallAgree(m: Int, n: Int) {
    let tall = NoiseScale(rows: m, columns: n, sigma: 0.3)
    let wide = NoiseScale(rows: n, columns: m, sigma: 0.3)
    let values = stride(from: 6, through: 0, by: -0.01).map { $0 * tall.unit }
    for rule in ShrinkageRule.parameterFree + [.soft(2), .rank(3)] {
      #expect(tall.threshold(for: rule) == wide.threshold(for: rule), "\(rule.name)")
      #expect(tall.shrunk(values, by: rule) == wide.shrunk(values, by: rule), "\(rule.name)")
    }
  }

  @Test(arguments: shapes) func shrinkingKeepsOrderAndNeverGrows(m: Int, n: Int) {
    let scale = NoiseScale(rows: m, columns: n, sigma: 0.3)
    let far = stride(from: 150, through: 1, by: -1).map { Double.exp10(Double($0)) }
    let values = (far + stride(from: 9.9, through: 0, by: -0.001)).map { $0 * scale.unit }
    for rule in ShrinkageRule.parameterFree + [.soft(2), .rank(70)] {
      let shrunk = scale.shrunk(values, by: rule)
      #expect(shrunk.count == values.count)
      #expect(zip(shrunk, values).allSatisfy { $0 >= 0 && $0 <= $1 }, "\(rule.name)")
      #expect(zip(shrunk, shrunk.dropFirst()).allSatisfy { $0 >= $1 }, "\(rule.name)")
      guard let threshold = scale.threshold(for: rule) else { continue }
      #expect(zip(shrunk, values).allSatisfy { $1 >= threshold || $0 == 0 }, "\(rule.name)")
      // The optimal shrinkers leave y − O(1/y).
      #expect(abs(shrunk[0] - values[0]) <= 4 * Double.ulpOfOne * values[0], "\(rule.name)")
      #expect(values[130] - shrunk[130] <= 2.01, "\(rule.name) at \(values[130])")
    }
  }

  @Test(arguments: shapes) func optimalShrinkersEqualTheirDefinition(m: Int, n: Int) {
    // As printed: y = s/(σ√N), cancellation included, so where that is small.
    let scale = Self.normalized(m, n)
    let β = scale.aspectRatio
    for y in stride(from: 1 + β.squareRoot() + 0.05, to: 8, by: 0.037) {
      let square = y * y - β - 1
      let d = (square * square - 4 * β).squareRoot()
      let x = ((square + d) / 2).squareRoot()
      let xy = x * y
      let nuclear = max(0, (x * x * x * x - β - β.squareRoot() * xy) / (x * xy))
      for (rule, value) in zip(Self.optimal, [d / y, x, nuclear]) {
        #expect(abs(scale.shrunk([y], by: rule)[0] - value) < 1e-12, "\(rule.name) at \(y)")
      }
    }
  }

  @Test(arguments: shapes) func theNuclearThresholdIsWhereItTurnsPositive(m: Int, n: Int) throws {
    let scale = Self.normalized(m, n)
    let threshold = try #require(scale.threshold(for: .nuclear))
    let β = scale.aspectRatio
    let u = Double.root(β, 3) + Double.root(β * β, 3)
    #expect(abs(u * u * u - 3 * β * u - β * (1 + β)) < 1e-15 * (1 + u))
    #expect(threshold > scale.edge)
    // The printed formula changes sign there; ours, which drops what is below, is positive above.
    func printed(_ y: Double) -> Double {
      let square = y * y - β - 1
      let x2 = (square + (square * square - 4 * β).squareRoot()) / 2
      return x2 * x2 - β - (β * x2).squareRoot() * y
    }
    #expect(printed(threshold * (1 - 1e-9)) < 0 && printed(threshold * (1 + 1e-9)) > 0)
    #expect(scale.shrunk([threshold * (1 + 1e-12)], by: .nuclear)[0] > 0)
    #expect(scale.shrunk([threshold * (1 - 1e-12)], by: .nuclear)[0] == 0)
  }

  @Test func rankAndSoft() {
    let scale = NoiseScale(rows: 5, columns: 4, sigma: 100)
    #expect(scale.shrunk([9, 7, 3, 0], by: .rank(2)) == [9, 7, 0, 0])
    #expect(scale.shrunk([9, 7, 3, 0], by: .rank(9)) == [9, 7, 3, 0])
    #expect(scale.shrunk([9, 7, 3, 0], by: .soft(4)) == [5, 3, 0, 0])
    #expect(scale.shrunk([], by: .frobenius) == [])
  }

  @Test func withoutNoiseNothingIsLost() {
    let values = [1e300, 3, 1e-300, 0]
    for sigma in [0, Double.leastNonzeroMagnitude] {
      let scale = NoiseScale(rows: 7, columns: 4, sigma: sigma)
      for rule in ShrinkageRule.parameterFree {
        #expect(scale.shrunk(values, by: rule) == values, "\(rule.name) at \(sigma)")
      }
    }
  }

  @Test func namesAreReadBack() {
    #expect(
      ShrinkageRule.parameterFree.map(\.name)
        == ["hard", "fro", "op", "nuc", "edge", "usvt", "simple"])
    for rule in ShrinkageRule.parameterFree
      + [.rank(1), .rank(512), .soft(0), .soft(25), .soft(0.1), .soft(1e300)]
    {
      #expect(ShrinkageRule(name: rule.name) == rule)
    }
    #expect(ShrinkageRule.soft(25).name == "soft:25")
    #expect(ShrinkageRule.soft(0.5).name == "soft:0.5")
  }

  @Test(arguments: [
    "", "frobenius", "Hard", "hard ", "rank", "rank:", "rank:0", "rank:-1", "rank:2.5",
    "rank:99999999999999999999", "soft", "soft:", "soft:-1", "soft:nan", "soft:inf", "soft: 1",
  ])
  func otherNamesAreRefused(name: String) {
    #expect(ShrinkageRule(name: name) == nil)
  }
}
