import Tensors
import Testing

@testable import Gradients

/// Reverse equals forward mode, both equal central differences along a random direction, and the
/// product with the Hessian is the difference of gradients.
func expectAgreement(
  _ function: some TensorFunction, _ inputs: [Tensor<Double>], _ name: String, seed: UInt64 = 90
) throws {
  let directions = inputs.enumerated().map {
    RandomSource(seed: seed, stream: .direction, substream: UInt32($0.offset))
      .normal($0.element.shape, as: Double.self)
  }
  func dot(_ a: [Tensor<Double>], _ b: [Tensor<Double>]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 * $1.1).sum() }
  }
  func moved(_ h: Double) -> [Tensor<Double>] { zip(inputs, directions).map { $0 + $1 * h } }
  let gradient = try function.valueAndGradient(at: inputs).gradient
  let slope = dot(gradient, directions)
  let scale = 1 + dot(gradient, gradient).squareRoot() * dot(directions, directions).squareRoot()
  let forward = try function.valueAndDerivative(at: inputs, along: directions).derivative
  #expect(abs(forward.elements[0] - slope) <= 1e-12 * scale, "\(name): forward and reverse")
  // Richardson's extrapolation of central differences at h and h/2: errors h⁴ and ε·f/h.
  let h = 1e-3
  func difference(_ h: Double) throws -> Double {
    (try function(moved(h)).elements[0] - function(moved(-h)).elements[0]) / (2 * h)
  }
  let numeric = (4 * (try difference(h / 2)) - (try difference(h))) / 3
  let value = abs(try function(inputs).elements[0])
  #expect(abs(numeric - slope) <= 1e-7 * (scale + value), "\(name): differences")
  let product = try function.gradientAndHessianProduct(at: inputs, along: directions).product
  func gradientDifference(_ h: Double) throws -> [Tensor<Double>] {
    zip(
      try function.valueAndGradient(at: moved(h)).gradient,
      try function.valueAndGradient(at: moved(-h)).gradient
    ).map { ($0 - $1) * (0.5 / h) }
  }
  let (wide, narrow) = (try gradientDifference(h), try gradientDifference(h / 2))
  for (index, one) in product.enumerated() {
    let numeric = (narrow[index] * 4 - wide[index]) * (1.0 / 3)
    let size = one.frobeniusNorm() + scale
    #expect((numeric - one).frobeniusNorm() <= 1e-6 * size, "\(name): second order")
  }
}
