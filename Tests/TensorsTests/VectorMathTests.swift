import TestSupport
import Tensors
import Testing
import VectorMathClones

/// Every variant of every elementary function against the C library in a wider type: single
/// precision over all exponents, double precision at random.
@Suite struct VectorMathTests {
  private static let variants = 0..<Int(vector_loops_clone_count())
  private static let functions = 0..<Int(vector_function_count())

  @Test(arguments: variants, functions)
  func singlePrecision(variant: Int, index: Int) throws {
    guard vector_routines_clone(Int32(variant)).isSupported else { return }
    let clone = vector_function_clone(Int32(variant), Int32(index))
    let name = String(cString: clone.name)
    let reference = try #require(VectorMathReference<Double>.all(forDouble: false)[name])
    // Neighbours in this walk are a prime number of bit patterns apart.
    let x = stride(from: UInt64(0), to: 1 << 32, by: 6007).map {
      Float(bitPattern: UInt32($0))
    }
    let function = try #require(clone.function_f)
    try expect(function, x + specialValues(), reference, "\(name), variant \(variant)")
  }

  #if arch(x86_64)
    @Test(arguments: variants, functions)
    func doublePrecision(variant: Int, index: Int) throws {
      guard vector_routines_clone(Int32(variant)).isSupported else { return }
      let clone = vector_function_clone(Int32(variant), Int32(index))
      let name = String(cString: clone.name)
      let reference = try #require(VectorMathReference<Float80>.all(forDouble: true)[name])
      let spread = RandomSource(seed: 3).normal([100_000], as: Double.self).elements
      let patterns = stride(from: UInt64(0), to: UInt64.max - (1 << 48), by: 1 << 48).map {
        Double(bitPattern: $0 | ($0 >> 13) &* 0x9e37_79b9 & 0xffff_ffff_ffff)
      }
      let x = spread + spread.map { $0 * 12 } + spread.prefix(20_000).map { $0 * 300 } + patterns
      let function = try #require(clone.function_d)
      try expect(function, x + specialValues(), reference, "\(name), variant \(variant)")
    }
  #endif

  /// Twin files name each function once more.
  @Test func eachRequirementIsItsFunction() throws {
    try expectRequirements(as: Float.self, forDouble: false)
    try expectRequirements(as: Double.self, forDouble: true)
  }

  private func expectRequirements<Element: Scalar>(as: Element.Type, forDouble: Bool) throws {
    typealias Function = (Int, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
    let requirements: [String: Function] = [
      "exp": Element.vectorExp, "log": Element.vectorLog, "expm1": Element.vectorExpMinusOne,
      "log1p": Element.vectorLogOnePlus, "tanh": Element.vectorTanh,
      "sigmoid": Element.vectorSigmoid, "softplus": Element.vectorSoftplus,
      "erf": Element.vectorErf, "normal": Element.vectorNormal, "gelu": Element.vectorGELU,
      "gelu_slope": Element.vectorGELUSlope, "gelu_bend": Element.vectorGELUBend,
    ]
    #expect(requirements.count == Int(vector_function_count()))
    for (name, reference) in VectorMathReference<Double>.all(forDouble: forDouble) {
      let function = try #require(requirements[name])
      // In place; nothing before or behind the row is touched.
      for count in [0, 1, 5, 16, 33] {
        var z = [Element](repeating: 0.625, count: count + 2)
        z.withUnsafeMutableBufferPointer { z in
          if let base = z.baseAddress { function(count, base + 1, base + 1) }
        }
        #expect(z.first == 0.625 && z.last == 0.625)
        let expected = reference.value(0.625)
        #expect(
          z[1..<count + 1].allSatisfy { abs(Double($0) - expected) < 8 * Double(Element.epsilon) },
          "\(name)")
      }
    }
  }

  private func specialValues<Element: Scalar>() -> [Element] {
    let magnitudes: [Element] = [
      0, .infinity, .nan, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, 1, Element(1).nextDown,
      Element(1).nextUp, 2, .ulpOfOne, .ulpOfOne / 2, Element(2).squareRoot(),
      Element(0.5).squareRoot(), 88.72, 87.33, 103.97, 104, 709.78, 708.4, 745.13, 745.14, 746,
      37.6, 38.5, 38.6, 14.1, 14.2,
    ]
    return magnitudes + magnitudes.map { -$0 }
  }

  private func expect<Element: Scalar, Wide: BinaryFloatingPoint>(
    _ function: (Int, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void,
    _ x: [Element], _ reference: VectorMathReference<Wide>, _ name: String
  ) throws {
    var y = x
    y.withUnsafeMutableBufferPointer { y in
      if let base = y.baseAddress { function(y.count, base, base) }
    }
    var failures: [String] = []
    for i in x.indices where failures.count < 3 {
      let wide = Wide(x[i])
      let expected = reference.value(wide)
      if !agrees(y[i], expected, at: wide, reference) {
        failures.append("\(x[i]) gives \(y[i]), not \(expected)")
      }
    }
    #expect(failures.isEmpty, "\(name): \(failures)")
  }

  private func agrees<Element: Scalar, Wide: BinaryFloatingPoint>(
    _ y: Element, _ expected: Wide, at x: Wide, _ reference: VectorMathReference<Wide>
  ) -> Bool {
    if expected.isNaN || y.isNaN { return expected.isNaN && y.isNaN }
    if expected == 0 && y == 0 { return expected.sign == y.sign || reference.scale != nil }
    let rounded = Element(expected)
    if rounded.isInfinite || y.isInfinite { return rounded == y }
    let scale = Element(max(expected.magnitude, reference.scale?(x) ?? 0))
    // Below the normal numbers the last rounding is one of its own.
    let slack: Wide = scale < .leastNormalMagnitude ? 0.5 : 0
    return (Wide(y) - expected).magnitude <= (reference.bound + slack) * Wide(scale.ulp)
  }
}
