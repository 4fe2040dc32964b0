import CVectorMath
import RealModule
import Tensors
import Testing

@testable import Networks

/// Transforms of tiles against the sums that define them.
@Suite struct FourierTests {
  /// All small lengths, primes, products of 2, 3 and 5.
  static let lengths = Array(1...64) + [67, 75, 97, 100, 101, 121, 125, 128, 160, 243, 256]

  @Test(arguments: lengths)
  func equalsTheDefinition(length: Int) throws {
    for size in [PlaneSize(length, 3), PlaneSize(5, length)] {
      check(size, Double.self)
      check(size, Float.self)
    }
  }

  private func check<Element: Scalar>(_ size: PlaneSize, _ type: Element.Type) {
    let plan = FourierPlan<Element>(size)
    let x = RandomSource(seed: 1).normal([size.down, size.across], as: Element.self)
    let lanes = ConvolutionKernels<Element>.lanes
    let window = FourierWindow(
      top: 0, left: 0, rows: size.down, columns: size.across, rowStride: size.across)
    var spectrum = [Element](repeating: .nan, count: FourierPlan<Element>.spectrumElements(size))
    var scratch = [Element](repeating: .nan, count: FourierPlan<Element>.scratchElements(size))
    var back = [Element](repeating: .nan, count: size.area)
    x.elements.withUnsafeBufferPointer { x in
      spectrum.withUnsafeMutableBufferPointer { spectrum in
        scratch.withUnsafeMutableBufferPointer { scratch in
          back.withUnsafeMutableBufferPointer { back in
            guard let x = x.baseAddress, let spectrum = spectrum.baseAddress,
              let scratch = scratch.baseAddress, let back = back.baseAddress
            else { return }
            plan.forward(window, x, into: spectrum, scratch: scratch)
            plan.inverse(spectrum, adding: 1, window, into: back, scratch: scratch)
          }
        }
      }
    }
    // Steps of a transform, a prime counting as many terms, times ε times the energy.
    let steps = (FourierSizes.factors(size.down) + FourierSizes.factors(size.across)).reduce(2, +)
    let energy = x.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let tolerance = 4 * Double(steps) * Double(Element.epsilon) * energy
    var worst = 0.0
    for k in 0...size.down / 2 {
      for l in 0..<size.across {
        var (re, im) = (0.0, 0.0)
        for (i, value) in x.elements.enumerated() {
          let (y, z) = (i / size.across, i % size.across)
          let turn =
            Double(y * k % size.down) / Double(size.down)
            + Double(z * l % size.across) / Double(size.across)
          re += Double(value) * Double.cos(2 * .pi * turn)
          im -= Double(value) * Double.sin(2 * .pi * turn)
        }
        let place = (k / lanes * size.across + l) * lanes + k % lanes
        worst = max(worst, abs(Double(spectrum[place]) - re))
        worst = max(worst, abs(Double(spectrum[spectrum.count / 2 + place]) - im))
      }
    }
    #expect(worst <= tolerance, "\(size), \(Element.dtypeName)")
    let returned = zip(back, x.elements).map { abs(Double($0) - 1 - Double($1)) }.max() ?? 0
    #expect(returned <= tolerance + Double(Element.epsilon) * 8, "back: \(size)")
    #expect(!spectrum.contains { $0.isNaN } && !back.contains { $0.isNaN })
  }

  @Test func factorsMultiplyToTheLength() {
    for length in 1...1000 {
      let factors = FourierSizes.factors(length)
      #expect(factors.reduce(1, *) == length && !factors.contains(1), "\(length): \(factors)")
    }
  }
}
