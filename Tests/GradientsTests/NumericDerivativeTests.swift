import Testing

@testable import Gradients

/// Slopes from differences, with their error bars.
struct NumericDerivativeTests {
  private func derivative(
    _ function: @escaping (Double) -> Double, at x: Double, scale: Double = 1, noise: Double? = nil
  ) -> NumericDerivative {
    let value = function(x)
    let line = LineFunction<Never>(
      value: { function(x + $0) }, atZero: value,
      noise: noise ?? value.magnitude * .ulpOfOne, scale: scale, reference: 1e-3)
    return line.derivative()
  }

  @Test("Smooth functions: the true slope lies within the bar, and the bar is narrow")
  func smooth() {
    let cases: [((Double) -> Double, Double, Double)] = [
      ({ $0 * $0 * $0 }, 1.5, 6.75), ({ 1 / $0 }, 0.7, -1 / 0.49), ({ 3 * $0 - 1 }, 2, 3),
      ({ $0.squareRoot() }, 0.01, 5), ({ ($0 - 0.3) * ($0 - 0.3) }, 0.3, 0), ({ _ in 4 }, 1, 0),
      ({ $0 * $0 * $0 * $0 * 1e8 }, 1, 4e8),
    ]
    for (place, (function, x, slope)) in cases.enumerated() {
      let found = derivative(function, at: x)
      #expect(found.kind == .smooth, "\(place)")
      #expect(
        (found.value - slope).magnitude <= found.errorBar + 1e-12 * slope.magnitude, "\(place)")
      #expect(found.errorBar <= 1e-6 * max(slope.magnitude, 1e-3), "\(place)")
    }
  }

  @Test("A kink at the point is seen, also where central differences agree with each other")
  func kinks() {
    let found = derivative({ $0.magnitude }, at: 0)
    guard case .kink(let left, let right) = found.kind else {
      Issue.record("\(found)")
      return
    }
    #expect((left + 1).magnitude <= 1e-9 && (right - 1).magnitude <= 1e-9)
    let relu = derivative({ max(0, $0 - 2) * 3 + $0 }, at: 2)
    guard case .kink(let low, let high) = relu.kind else {
      Issue.record("\(relu)")
      return
    }
    #expect((low - 1).magnitude <= 1e-6 && (high - 4).magnitude <= 1e-6)
  }

  @Test("A kink near by is stepped around", arguments: [0.04, 1e-2, 1e-3, 1e-4, -3e-3])
  func kinkNearBy(distance: Double) {
    let found = derivative({ ($0 - distance).magnitude }, at: 0)
    #expect(found.kind == .smooth)
    #expect((found.value - (distance > 0 ? -1 : 1)).magnitude <= found.errorBar + 1e-12)
    #expect(found.errorBar < 1e-4)
  }

  @Test("Beyond a pole or a domain's end the steps become smaller")
  func notFinite() {
    // log is not a number below 0.
    let near = derivative({ $0 > 0 ? 1 / $0 : .nan }, at: 1e-3)
    #expect(near.kind == .smooth && (near.value + 1e6).magnitude <= near.errorBar)
    #expect(derivative({ $0 == 1 ? 1 : .infinity }, at: 1).kind == .notFinite)
  }

  @Test("Noise widens the bar as much as it disturbs", arguments: [1e-12, 1e-9, 1e-6])
  func noise(size: Double) throws {
    // A deterministic hash of x stands for rounding errors.
    func rough(_ x: Double) -> Double {
      var bits = x.bitPattern &* 0x9E37_79B9_7F4A_7C15
      bits ^= bits >> 29
      bits = bits &* 0xBF58_476D_1CE4_E5B9
      return x * x + size * (Double(bits >> 11) * 0x1p-53 - 0.5)
    }
    let measured = try #require(measuredNoise(of: { rough(1 + $0) }, step: 1e-6))
    // Uniform numbers of width 1 deviate by 1/√12 = 0.29.
    #expect(measured > 0.1 * size && measured < size)
    let found = derivative(rough, at: 1, noise: measured)
    #expect((found.value - 2).magnitude <= found.errorBar)
    #expect(found.errorBar <= 1e3 * size + 1e-9)
  }

  @Test("Grades and the order of verdicts")
  func grades() {
    #expect(GradientGrade(relativeError: 0) == .perfect)
    #expect(GradientGrade(relativeError: 1e-6) == .good)
    #expect(GradientGrade(relativeError: 1e-4) == .look)
    #expect(GradientGrade(relativeError: 2e-3) == .wrong)
    #expect(GradientGrade(relativeError: .nan) == .wrong)
    #expect(GradientVerdict.kink.combined(with: .pass) == .kink)
    #expect(GradientVerdict.inconclusive.combined(with: .fail) == .fail)
  }
}
