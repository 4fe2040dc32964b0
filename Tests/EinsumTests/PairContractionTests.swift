import TestSupport
import Tensors
import Testing

@testable import Einsum

/// The definition over distinct labels, in Double.
private func definition(
  _ a: Tensor<Double>, _ la: [Int], _ b: Tensor<Double>, _ lb: [Int], _ out: [Int], _ sizes: [Int]
) -> Tensor<Double> {
  var result = Tensor<Double>.zeros(Shape(out.map { sizes[$0] }))
  let labels = Array(Set(la + lb))
  let (x, y) = (
    StridedLayout(contiguous: la, sizes: sizes), StridedLayout(contiguous: lb, sizes: sizes)
  )
  let z = StridedLayout(contiguous: out, sizes: sizes)
  let loops = LoopNest(
    labels.map {
      LoopAxis(
        size: sizes[$0], a: x.stride($0) ?? 0, b: y.stride($0) ?? 0, c: z.stride($0) ?? 0)
    })
  result.withUnsafeMutableElements { target in
    loops.forEach { i, j, k in target[k] += a.elements[i] * b.elements[j] }
  }
  return result
}

@Suite struct PairContractionTests {
  @Test func pairsEqualTheDefinition() throws {
    var generator = SeededGenerator(seed: 41)
    for seed in 0..<600 {
      let sizes = (0..<6).map { _ in Int.random(in: 0...(seed % 3 == 0 ? 9 : 4), using: &generator)
      }
      // Each label stands in two of left, right and result.
      var (la, lb, out): ([Int], [Int], [Int]) = ([], [], [])
      for label in 0..<6 {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: (la, lb, out) = (la + [label], lb + [label], out + [label])
        case 1: (la, out) = (la + [label], out + [label])
        case 2: (lb, out) = (lb + [label], out + [label])
        case 3: (la, lb) = (la + [label], lb + [label])
        default: break
        }
      }
      la.shuffle(using: &generator)
      lb.shuffle(using: &generator)
      out.shuffle(using: &generator)
      if seed % 4 == 0, let first = la.first { la.append(first) }
      let a = RandomSource(seed: UInt64(seed)).normal(Shape(la.map { sizes[$0] }), as: Double.self)
      let b = RandomSource(seed: UInt64(seed + 1000)).normal(
        Shape(lb.map { sizes[$0] }), as: Double.self)
      let expected = definition(a, la, b, lb, out, sizes)
      for isOrderFree in [false, true] {
        let left = StridedOperand(a, labels: la, sizes: sizes)
        let right = StridedOperand(b, labels: lb, sizes: sizes)
        let plan = PairPlan(
          left.layout, right.layout, result: out, isOrderFree: isOrderFree, sizes: sizes)
        let result = PairContraction.contracted(left, right, by: plan, result: out, sizes: sizes)
        let ordered = PairContraction.permuted(result, to: out, sizes: sizes).tensor
        let tolerance = 1e-14 * Double(sizes.reduce(1) { $0 * max(1, $1) })
        #expect(ordered.shape == expected.shape)
        #expect(
          zip(ordered.elements, expected.elements).allSatisfy { abs($0 - $1) <= tolerance },
          "\(la) \(lb) \(out) \(sizes)")
      }
    }
  }

  @Test func sumsEqualTheDefinition() throws {
    var generator = SeededGenerator(seed: 42)
    for seed in 0..<300 {
      let sizes = (0..<5).map { _ in Int.random(in: 0...7, using: &generator) }
      var labels = (0..<5).filter { _ in Bool.random(using: &generator) }
      labels.shuffle(using: &generator)
      var kept = labels.filter { _ in Bool.random(using: &generator) }
      kept.shuffle(using: &generator)
      let a = RandomSource(seed: UInt64(seed)).normal(
        Shape(labels.map { sizes[$0] }), as: Double.self)
      let one = Tensor<Double>([], [1])
      let expected = definition(a, labels, one, [], kept, sizes)
      let operand = StridedOperand(a, labels: labels, sizes: sizes)
      let sum = PairContraction.summed(operand, keeping: kept, sizes: sizes)
      #expect(sum.tensor.shape == expected.shape)
      #expect(zip(sum.tensor.elements, expected.elements).allSatisfy { abs($0 - $1) <= 1e-11 })
      // A permutation moves numbers and changes none.
      let order = kept + labels.filter { !kept.contains($0) }
      let permuted = PairContraction.permuted(operand, to: order, sizes: sizes)
      #expect(permuted.tensor == definition(a, labels, one, [], order, sizes))
    }
  }

  @Test func sizesBeyondBLASAreNotHandedToIt() {
    // Nothing is allocated: 2³² rows of 8 terms.
    let rows = 1 << 32
    func product(_ rows: Int) -> MatrixProduct? {
      MatrixProduct(
        rows: LoopNest([LoopAxis(size: rows, a: 8, b: 0, c: 4)]),
        columns: LoopNest([LoopAxis(size: 4, a: 0, b: 1, c: 1)]),
        sums: LoopNest([LoopAxis(size: 8, a: 1, b: 4, c: 0)]))
    }
    #expect(product(rows) == nil && product(1 << 30) != nil)
  }
}
