public import Tensors

/// A multilayer perceptron with its numbers.
public struct MLP<Element: Scalar>: Sendable, Equatable {
  public let architecture: MLPArchitecture
  /// In the order of `MLPArchitecture.parameters`.
  public let parameters: [Tensor<Element>]

  /// A network of given parameters.
  ///
  /// - Throws: `NumericalError.shape` where they are not of the architecture's shapes.
  public init(
    _ architecture: MLPArchitecture, parameters: [Tensor<Element>]
  ) throws(NumericalError) {
    try architecture.check()
    let expected = architecture.parameters
    guard parameters.count == expected.count else {
      throw .shape("\(parameters.count) parameters for a network of \(expected.count)")
    }
    for ((name, shape), tensor) in zip(expected, parameters) where tensor.shape != shape {
      throw .shape("\(name) of shape \(tensor.shape): the network needs \(shape)")
    }
    (self.architecture, self.parameters) = (architecture, parameters)
  }

  /// A network whose weights are drawn from a seed.
  ///
  /// - Parameter budget: asked before they are drawn; they are not counted afterwards.
  /// - Throws: `NumericalError.shape` for a layer without units, `.tooLarge`, `.memory`.
  public init(
    _ architecture: MLPArchitecture, initialization: Initialization = .kaiming, seed: UInt64,
    budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) {
    try architecture.check()
    // Each matrix is scaled into a second one.
    try budget.check(
      2 * architecture.parameterCount * MemoryLayout<Element>.stride,
      for: "the network's parameters")
    self.architecture = architecture
    let hidden = architecture.hidden.count
    var layer = -1
    parameters = architecture.parameters.map { name, shape in
      if shape.rank == 2 {
        layer += 1
        return initialization.weights(
          shape, before: layer < hidden ? architecture.activation : nil,
          RandomSource(seed: seed, stream: .initialization, substream: UInt32(layer)))
      }
      return Tensor(repeating: name.hasSuffix("norm.weight") ? 1 : 0, shape)
    }
  }
}
