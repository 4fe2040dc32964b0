import RealModule
import Testing

@testable import Imaging

@Suite struct MarchenkoPasturTests {
  static let ratios = [1e-6, 0.001, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9999, 1]

  /// The same cumulative law in closed form, for √β = r and the angle a:
  /// π·F = a + sin(a)/r − ((1−r²)/r²)·atan(r·sin a/(1 − r·cos a)), from the Fourier series of the
  /// density in a, Σ rʲ·sin(ja)/j. It loses digits as ε/r, so it checks but does not compute.
  static func closedForm(_ β: Double, angle a: Double) -> Double {
    let r = β.squareRoot()
    let phase = Double.atan2(y: r * .sin(a), x: 1 - r * .cos(a))
    return (a + .sin(a) / r - (1 - β) / β * phase) / .pi
  }

  @Test(arguments: [
    (0.05, 0.9833083034), (0.1, 0.9665651474), (0.25, 0.9160040707), (0.5, 0.8304658816),
    (0.75, 0.7429484870), (1, 0.6527759416),
  ])
  func mediansAreThoseOfTheTable(β: Double, expected: Double) {
    // FORMULAS.md section 2, ten digits.
    #expect(abs(MarchenkoPastur(aspectRatio: β).median - expected) < 1e-10)
  }

  @Test(arguments: ratios) func halfLiesBelowTheMedian(β: Double) {
    let law = MarchenkoPastur(aspectRatio: β)
    #expect(law.support.contains(law.median))
    // What the last digit of t itself amounts to, and rounding.
    let tolerance = 1e-14 + Double.ulpOfOne / β.squareRoot()
    #expect(abs(law.cumulative(law.median) - 0.5) <= tolerance)
  }

  @Test(arguments: ratios) func theLawEndsAtItsSupport(β: Double) {
    let law = MarchenkoPastur(aspectRatio: β)
    let (low, high) = (law.support.lowerBound, law.support.upperBound)
    #expect(law.cumulative(low) == 0 && law.cumulative(low - 1) == 0)
    #expect(law.cumulative(high) == 1 && law.cumulative(high + 1) == 1)
    // Not only by definition: the quadrature over all of it gives 1.
    #expect(abs(law.cumulative(high.nextDown) - 1) < 1e-13)
    #expect(law.density(low - 0.1) == 0 && law.density(high + 0.1) == 0)
    #expect(law.density(high) < 1e-6 / β)
  }

  @Test(arguments: ratios) func quadratureEqualsTheClosedForm(β: Double) {
    let law = MarchenkoPastur(aspectRatio: β)
    let root = β.squareRoot()
    let tolerance = 1e-14 + 2 * Double.ulpOfOne / root
    var previous = 0.0
    // Denser towards 0, where the density changes within 1 − √β.
    for step in 1..<200 {
      let angle = Double.pi * Double.pow(Double(step) / 200, 3)
      let sine = Double.sin(angle / 2)
      let t = law.support.lowerBound + 4 * root * sine * sine
      let share = law.cumulative(t)
      #expect(abs(share - Self.closedForm(β, angle: angle)) <= tolerance, "at \(angle)")
      #expect(share >= previous, "falls at \(angle)")
      previous = share
    }
  }

  @Test(arguments: [0.001, 0.1, 0.5, 0.99, 1]) func theDensityIsTheDerivative(β: Double) {
    let law = MarchenkoPastur(aspectRatio: β)
    let width = law.support.upperBound - law.support.lowerBound
    for share in [0.1, 0.3, 0.5, 0.7, 0.9] {
      let t = law.support.lowerBound + share * width
      // Central difference: (h/width)² of curvature, and 1e-14/h of rounding, relatively.
      let h = 1e-5 * width
      let slope = (law.cumulative(t + h) - law.cumulative(t - h)) / (2 * h)
      #expect(abs(slope - law.density(t)) < 1e-7 * law.density(t), "at \(t)")
    }
  }

  @Test func distanceIsThatOfKolmogorovAndSmirnov() {
    let law = MarchenkoPastur(aspectRatio: 0.3)
    #expect(law.distance(from: []) == 0)
    #expect(abs(law.distance(from: [law.median]) - 0.5) < 1e-13)
    // A single value outside the support is as far off as can be.
    #expect(law.distance(from: [100]) == 1)
    #expect(law.distance(from: [0]) == 1)
    let values = [0.4, 2.0, 0.9, 0.7, 1.3, 0.2, 0.2, 3.0]
    let sorted = values.sorted()
    let expected = sorted.indices.flatMap { index in
      let share = law.cumulative(sorted[index])
      return [share - Double(index) / 8, Double(index + 1) / 8 - share]
    }.max()
    #expect(abs(law.distance(from: values) - (expected ?? 0)) < 1e-13)
    #expect(law.distance(from: values) == law.distance(from: sorted))
  }

  @Test(arguments: [0.001, 0.3, 0.999, 1])
  func quantilesOfTheLawAreHalfAStepAway(β: Double) {
    let law = MarchenkoPastur(aspectRatio: β)
    let quantiles = (0..<40).map { index -> Double in
      var (low, high) = (law.support.lowerBound, law.support.upperBound)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if law.cumulative(middle) < (Double(index) + 0.5) / 40 {
          low = middle
        } else {
          high = middle
        }
      }
      return low
    }
    #expect(abs(law.distance(from: quantiles) - 0.5 / 40) < 1e-12)
  }

  @Test func thousandsOfValuesTakeMilliseconds() {
    let law = MarchenkoPastur(aspectRatio: 0.999)
    let values = (0..<5000).map { 4 * Double($0) / 5000 }
    let clock = ContinuousClock()
    var distance = 0.0
    let best = (0..<3).map { _ in clock.measure { distance = law.distance(from: values) } }.min()
    #expect(distance > 0.1)
    // 1 ms measured; the rest is for a busy machine.
    #expect((best ?? .seconds(1)) < .milliseconds(20))
  }
}
