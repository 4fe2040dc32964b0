import Einsum
import TestSupport
import Tensors
import Testing

@testable import Gradients

/// sin(x² + x).
private struct SineOfSquare: TensorFunction {
  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    (x[0] * x[0] + x[0]).sin()
  }
}

/// x₁x₂ + sin x₁.
private struct ProductAndSine: TensorFunction {
  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    x[0] * x[1] + x[0].sin()
  }
}

/// w₂ log w₁ + √(w₂ log w₁).
private struct LogAndRoot: TensorFunction {
  func callAsFunction<V: TensorValue>(_ w: [V]) throws(NumericalError) -> V {
    let v = w[1] * w[0].log()
    return v + v.sqrt()
  }
}

/// ½·xᵀAx of x and A.
private struct QuadraticForm: TensorFunction {
  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    V(0.5) * x[0].matrixProduct(x[1]).matrixProduct(x[0])
  }
}

/// x⁵ − 2x³, whose derivatives are whole numbers at whole numbers.
private struct Polynomial: TensorFunction {
  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    let cube = x[0] * x[0] * x[0]
    return cube * x[0] * x[0] - V(2) * cube
  }
}

/// One primitive function of one number, weighted so that adjoints differ.
private struct Elementwise: TensorFunction {
  let function: ElementaryFunction
  let weights: Tensor<Double>

  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    let weights = V(
      constant: Tensor<V.Element>(weights.shape, weights.elements.map { V.Element($0) }))
    return (x[0].applying(function) * weights).sum()
  }
}

/// (x ∘ y) with broadcasting, weighted.
private struct Binary: TensorFunction {
  let op: Arithmetic.Operator

  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    let z = V.total(Arithmetic(op: op), x[0], x[1])
    let weights = Tensor<V.Element>(z.shape, (0..<z.shape.count).map { V.Element(1 + $0 % 5) })
    return (z * V(constant: weights)).sum()
  }
}

/// A contraction, weighted.
private struct Contracted: TensorFunction {
  let contraction: Contraction

  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    let y = V.einsum(contraction, x)
    let weights = Tensor<V.Element>(y.shape, (0..<y.shape.count).map { V.Element(1 + $0 % 7) })
    return (y * V(constant: weights) * y).sum()
  }
}

/// `steps` steps of x ← x·c + sin x, with everything kept on the tape.
private struct LongChain: TensorFunction {
  let steps: Int

  func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
    var value = x[0]
    for _ in 0..<steps { value = value * V(0.5) + value.sin() * V(0.25) }
    return value
  }
}

@Suite struct DerivativeTests {
  private func scalar(_ x: Double) -> Tensor<Double> { Tensor([], [x]) }

  @Test func dualNumbers() throws {
    let (value, slope) = try SineOfSquare().valueAndDerivative(at: [scalar(1)], along: [scalar(1)])
    #expect(abs(value.elements[0] - 0.9092974268) < 1e-10)
    #expect(abs(slope.elements[0] + 1.2484405096) < 1e-10)
  }

  @Test func gradientsOfTheTextbooks() throws {
    let (_, g) = try ProductAndSine().valueAndGradient(at: [scalar(2), scalar(5)])
    #expect(abs(g[0].elements[0] - (5 + Double.cos(2))) <= 1e-14 && g[1].elements[0] == 2)
    let (_, w) = try LogAndRoot().valueAndGradient(at: [scalar(2), scalar(3)])
    let v = 3 * Double.log(2)
    let factor = 1 + 0.5 / v.squareRoot()
    #expect(abs(w[0].elements[0] - factor * 1.5) <= 1e-14)
    #expect(abs(w[1].elements[0] - 0.933485) < 1e-6)
    let forward = try LogAndRoot().valueAndDerivative(
      at: [scalar(2), scalar(3)], along: [nil, scalar(1)])
    #expect(abs(forward.derivative.elements[0] - w[1].elements[0]) <= 1e-15)
  }

  @Test func quadraticForm() throws {
    let x = RandomSource(seed: 1).normal([5], as: Double.self)
    let a = RandomSource(seed: 2).normal([5, 5], as: Double.self)
    let v = RandomSource(seed: 3).normal([5], as: Double.self)
    let symmetric = (a + a.permuted([1, 0])) * 0.5
    let (gradient, product) = try QuadraticForm().gradientAndHessianProduct(
      at: [x, a], along: [v, nil])
    let tolerance = 20 * Double.ulpOfOne * a.frobeniusNorm()
    func distance(_ p: Tensor<Double>, _ q: Tensor<Double>) -> Double { (p - q).frobeniusNorm() }
    #expect(distance(gradient[0], symmetric.matrixProduct(x)) <= tolerance * x.frobeniusNorm())
    #expect(distance(product[0], symmetric.matrixProduct(v)) <= tolerance * v.frobeniusNorm())
    // ∂/∂A of ½xᵀAx is ½xxᵀ; along v it changes by ½(vxᵀ + xvᵀ).
    let outer = x.reshaped([5, 1]).matrixProduct(x.reshaped([1, 5])) * 0.5
    #expect(distance(gradient[1], outer) <= tolerance)
  }

  @Test func thirdDerivativesOfPolynomialsAreExact() throws {
    typealias First = Dual<Tensor<Double>>
    typealias Second = Dual<First>
    let one = scalar(1)
    let x = First(scalar(3), tangent: one)
    let xx = Second(x, tangent: First(one, tangent: nil))
    let xxx = Dual<Second>(xx, tangent: Second(First(one, tangent: nil), tangent: nil))
    let result = try Polynomial()([xxx])
    #expect(result.value.value.value.elements == [189])
    #expect(result.value.value.tangent?.elements == [351])
    #expect(result.value.tangent?.tangent?.elements == [504])
    #expect(result.tangent?.tangent?.tangent?.elements == [528])
  }

  @Test(arguments: ElementaryFunction.allCases)
  func everyElementaryFunction(function: ElementaryFunction) throws {
    // Inside every domain and away from kinks.
    let x = Tensor<Double>([7], [0.11, 0.23, 0.37, 0.51, 0.64, 0.72, 0.86])
    let weights = RandomSource(seed: 5).normal([7], as: Double.self)
    try expectAgreement(Elementwise(function: function, weights: weights), [x], function.rawValue)
  }

  @Test func arithmeticWithBroadcasting() throws {
    let shapes: [(Shape, Shape)] = [
      ([], []), ([3], [3]), ([], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([4, 1, 2], [3, 1]),
      ([0, 2], [2]),
    ]
    for op in [Arithmetic.Operator.add, .subtract, .multiply, .divide, .power] {
      for (p, q) in shapes {
        let x = RandomSource(seed: 11).normal(p, as: Double.self).mapped { 1.5 + abs($0) }
        let y = RandomSource(seed: 12).normal(q, as: Double.self).mapped { 1.5 + abs($0) }
        try expectAgreement(Binary(op: op), [x, y], "\(p) \(op.rawValue) \(q)")
      }
    }
  }

  @Test func contractionsOfEveryKind() throws {
    for (text, shapes) in [
      ("ij,jk->ik", [[2, 3], [3, 4]]), ("i,i->", [[3], [3]]), ("ij->i", [[2, 3]]),
      ("ii->", [[3, 3]]), ("ii->i", [[3, 3]]), ("iji,jk->k", [[2, 3, 2], [3, 2]]),
      ("ij,kl->jk", [[2, 3], [3, 2]]), ("bij,bjk,bk->bi", [[2, 2, 3], [2, 3, 2], [2, 2]]),
    ] as [(String, [Shape])] {
      let contraction = try Subscripts(parsing: text).resolved(shapes: shapes).contraction
      let inputs = shapes.enumerated().map {
        RandomSource(seed: UInt64(20 + $0.offset)).normal($0.element, as: Double.self)
      }
      try expectAgreement(Contracted(contraction: contraction), inputs, text)
    }
  }

  @Test func matrixProductsAsInNumPy() throws {
    for (p, q, result) in [
      ([2, 3], [3, 4], [2, 4]), ([3], [3, 4], [4]), ([2, 3], [3], [2]), ([3], [3], []),
      ([5, 2, 3], [3, 4], [5, 2, 4]), ([5, 1, 2, 3], [4, 3, 2], [5, 4, 2, 2]),
    ] as [(Shape, Shape, Shape)] {
      let x = RandomSource(seed: 31).normal(p, as: Double.self)
      let y = RandomSource(seed: 32).normal(q, as: Double.self)
      let product: Tensor<Double> = x.matrixProduct(y)
      #expect(product.shape == result, "\(p) @ \(q)")
      #expect(Outline<Double>(p).matrixProduct(Outline(q)).shape == result)
    }
  }

  @Test func longChainsNeitherRecurseNorTakeQuadraticMemory() throws {
    let (_, gradient) = try LongChain(steps: 100_000).valueAndGradient(at: [scalar(0.3)])
    let short = try LongChain(steps: 3).valueAndGradient(at: [scalar(0.3)]).gradient
    // x shrinks to 0, where a step multiplies by 0.75.
    #expect(gradient[0].elements[0] >= 0 && gradient[0].elements[0] < short[0].elements[0])
  }

  @Test func whatDoesNotDependOnTheInputsIsNotRecorded() throws {
    let tape = Tape<Tensor<Double>>()
    let x = tape.input(scalar(2))
    let constant = Traced<Tensor<Double>>(3)
    let other = (constant * constant).exp()
    #expect(tape.nodes.isEmpty)
    let result = x * other + constant
    #expect(tape.nodes.map(\.name) == ["*", "+"])
    let adjoints = try tape.adjoints(of: [x, constant], seeds: [(result, scalar(1))])
    #expect(adjoints[0]?.elements == other.value.elements && adjoints[1] == nil)
  }
}
