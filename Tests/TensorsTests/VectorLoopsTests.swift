import TestSupport
import Tensors
import Testing
import VectorMathClones

@Suite struct VectorLoopsTests {
  /// Lengths around those of vectors and of four of them; start elements that lie on no boundary.
  private static let lengths = [0, 1, 3, 7, 8, 9, 31, 32, 33, 64, 100, 1000]

  @Test(arguments: 0..<Int(vector_loops_clone_count()))
  func everyVariantEqualsTheDefinition(index: Int) throws {
    let variant = vector_loops_clone(Int32(index))
    guard variant.isSupported else { return }
    for count in Self.lengths {
      for start in 0..<3 {
        try check(variant, count: count, start: start)
      }
    }
  }

  private func check(_ variant: VectorLoopsClone, count: Int, start: Int) throws {
    let name = "\(String(cString: variant.name)) \(count) from \(start)"
    let x = RandomSource(seed: 1).normal([count + start], as: Float.self).elements
    let y = RandomSource(seed: 2).normal([count + start], as: Float.self).elements
    let (p, q) = (x[start...].map(Double.init), y[start...].map(Double.init))
    let products = zip(p, q).map { $0 * $1 }
    let tolerance = Double(count) * Double(Float.epsilon)
    let (sum, dot) = (try #require(variant.sum), try #require(variant.dot))
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        guard let x = x.baseAddress.map({ $0 + start }), let y = y.baseAddress.map({ $0 + start })
        else { return }
        let errors = [
          abs(Double(sum(count, x)) - p.reduce(0, +)) - tolerance * p.map(abs).reduce(0, +),
          abs(Double(dot(count, x, y)) - products.reduce(0, +))
            - tolerance * products.map(abs).reduce(0, +),
        ]
        #expect(errors.allSatisfy { $0 <= 0 }, "\(name)")
        expectEach(name, start, p, 2) { variant.add?(count, x, $0) }
        expectEach(name, start, p.map { $0 * 3 }, 2) { variant.add_scaled?(count, 3, x, $0) }
        expectEach(name, start, products, 2) { variant.add_product?(count, x, y, $0) }
        for streams in [Int32(0), 1] {
          expectEach(name, start, p.map { $0 * 3 }, 0) { variant.scale?(count, 3, x, $0, streams) }
          expectEach(name, start, products, 0) { variant.multiply?(count, x, y, $0, streams) }
        }
      }
    }
  }

  /// Expects terms to be written to, or added to, a target between elements that stay as they are.
  private func expectEach(
    _ name: String, _ start: Int, _ terms: [Double], _ initial: Float,
    _ run: (UnsafeMutablePointer<Float>) -> Void
  ) {
    var z = [Float](repeating: initial, count: terms.count + start + 1)
    z.withUnsafeMutableBufferPointer { z in
      if let base = z.baseAddress { run(base + start) }
    }
    // Two roundings at most: of the term and of the sum.
    let isRight = terms.indices.allSatisfy { i in
      let expected = terms[i] + Double(initial)
      let bound = (abs(expected) + abs(terms[i])) * Double(Float.epsilon)
      return abs(Double(z[start + i]) - expected) <= bound
    }
    #expect(isRight, "\(name)")
    #expect(z[terms.count + start] == initial && z[..<start].allSatisfy { $0 == initial })
  }
}
