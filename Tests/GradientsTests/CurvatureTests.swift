import Tensors
import Testing

@testable import Gradients

/// Jacobians, Hessians, and what is made of them.
struct CurvatureTests {
  /// A·tanh(B·x).
  private struct Layer: TensorFunction {
    let a: Tensor<Double>
    let b: Tensor<Double>

    func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
      let inner = V(constant: b.converted(to: V.Element.self)).matrixProduct(x[0]).tanh()
      return V(constant: a.converted(to: V.Element.self)).matrixProduct(inner)
    }
  }

  /// Σ yᵢ⁴/4 + y₀·y₁.
  private struct Loss: TensorFunction {
    func callAsFunction<V: TensorValue>(_ y: [V]) throws(NumericalError) -> V {
      let pair = try y[0].sliced([AxisSlice(start: 0, count: 2)])
      let halves = try (
        pair.sliced([AxisSlice(start: 0, count: 1)]), pair.sliced([AxisSlice(start: 1, count: 1)])
      )
      return V(0.25) * y[0].power(V(4)).sum() + (halves.0 * halves.1).sum()
    }
  }

  private struct Chain: TensorChain {
    let length: Int

    func step<V: TensorValue>(
      _ index: Int, _ state: V, _ parameters: [V]
    ) throws(NumericalError) -> V {
      (parameters[0].matrixProduct(state) + V(Double(index))).tanh()
    }
  }

  private struct Summed<Function: TensorFunction>: TensorFunction {
    let function: Function

    func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
      try function(x).sum()
    }
  }

  private func random(_ shape: Shape, _ seed: UInt64) -> Tensor<Double> {
    RandomSource(seed: seed).normal(shape, as: Double.self)
  }

  @Test("Both modes give the same Jacobian; the cheaper one is taken and passes are counted")
  func jacobian() throws {
    for (rows, columns) in [(3, 5), (5, 2), (1, 4)] {
      let layer = Layer(a: random([rows, 6], 1), b: random([6, columns], 2))
      let x = random([columns], 3)
      let forward = try layer.jacobian(at: [x], mode: .forward)
      let reverse = try layer.jacobian(at: [x], mode: .reverse)
      #expect(forward.passes == columns && reverse.passes == rows)
      #expect(forward.blocks[0].shape == [rows, columns])
      #expect(
        (forward.blocks[0] - reverse.blocks[0]).frobeniusNorm()
          <= 100 * .ulpOfOne * forward.blocks[0].frobeniusNorm())
      let own = try layer.jacobian(at: [x])
      #expect(own.passes == min(rows, columns))
      #expect(own.value == forward.value)
    }
  }

  @Test("A Hessian is symmetric, its trace lies within Hutchinson's error")
  func hessian() throws {
    let function = Summed(function: Layer(a: random([3, 6], 1), b: random([6, 5], 2)))
    let x = random([5], 3)
    let hessian = try function.hessian(at: [x], by: 0)
    #expect(hessian.shape == [5, 5])
    #expect((hessian - hessian.transposed()).frobeniusNorm() <= 1e-13 * hessian.frobeniusNorm())
    let exact = (0..<5).reduce(0) { $0 + hessian[$1, $1] }
    let (mean, error) = try function.hessianTrace(at: [x], by: 0, probes: 400, seed: 5)
    #expect(error > 0 && (mean - exact).magnitude <= 4 * error)
  }

  @Test("The Gauss–Newton product is JᵀHJv")
  func gaussNewton() throws {
    let layer = Layer(a: random([3, 6], 1), b: random([6, 5], 2))
    let (x, v) = (random([5], 3), random([5], 4))
    let jacobian = try layer.jacobian(at: [x])
    let curvature = try Loss().hessian(at: [jacobian.value], by: 0)
    let j = jacobian.blocks[0]
    let turned: Tensor<Double> = j.matrixProduct(v)
    let curved: Tensor<Double> = curvature.matrixProduct(turned)
    let expected: Tensor<Double> = j.transposed().matrixProduct(curved)
    let product = try layer.gaussNewtonProduct(at: [x], along: [v], loss: Loss())[0]
    #expect((product - expected).frobeniusNorm() <= 1e-12 * expected.frobeniusNorm())
  }

  @Test("Checkpoints change no gradient and no second derivative", arguments: [1, 7, 16])
  func checkpoints(length: Int) throws {
    let chain = Chain(length: length)
    let inputs = [random([4], 1), random([4, 4], 2) * 0.3]
    let kept = Summed(function: CheckpointedChain(chain))
    let plain = Summed(function: ChainSegment(chain: chain, steps: 0..<length))
    let (a, b) = (
      try kept.valueAndGradient(at: inputs).gradient,
      try plain.valueAndGradient(at: inputs).gradient
    )
    // A parameter's adjoints are summed segment by segment.
    for (one, other) in zip(a, b) {
      #expect((one - other).frobeniusNorm() <= 100 * .ulpOfOne * other.frobeniusNorm())
    }
    let directions = [random([4], 3), random([4, 4], 4)]
    let second = try kept.gradientAndHessianProduct(at: inputs, along: directions).product
    let expected = try plain.gradientAndHessianProduct(at: inputs, along: directions).product
    for (one, other) in zip(second, expected) {
      #expect((one - other).frobeniusNorm() <= 1e-13 * (1 + other.frobeniusNorm()))
    }
  }

  @Test("A checkpointed chain keeps about √L operations on its tape")
  func checkpointedTape() throws {
    let chain = CheckpointedChain(Chain(length: 100))
    #expect(chain.segmentLength == 10)
    let tape = Tape<Tensor<Double>>()
    let inputs = [tape.input(random([4], 1)), tape.input(random([4, 4], 2))]
    _ = try chain(inputs)
    #expect(tape.nodes.count == 10)
    // Each step is a product, a sum and a tanh of 4 numbers.
    let cost = try chain.cost(of: [[4], [4, 4]])
    #expect(cost.operations == 300 && cost.extraOperations == 300)
    #expect(cost.plainElements == 1200 && cost.recordedElements == 40 + 120)
    #expect(tape.elementCount == 40)
  }

  @Test("Steps against theory: exp at 1 has its four derivatives, errors stay near the curves")
  func stepSweep() throws {
    struct Exponential: TensorFunction {
      func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V { x[0].exp() }
    }
    let sweep = try StepSweep(
      Exponential(), at: [Tensor([], [1])], along: [Tensor([], [1])])
    for derivative in sweep.derivatives {
      #expect((derivative - 2.718281828459045).magnitude < 1e-15)
    }
    #expect(sweep.rows.count == 15)
    for row in sweep.rows {
      #expect(row.centralError <= 2 * row.centralTheory)
      #expect(row.forwardError <= 2 * row.forwardTheory)
    }
    let best = try #require(sweep.bestCentralStep)
    #expect(best > 5e-6 && best < 1e-5)
  }
}
