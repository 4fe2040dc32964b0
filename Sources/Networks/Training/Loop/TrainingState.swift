public import Tensors

/// Everything that training needs to go on as if it had not been interrupted.
public struct TrainingState<Element: Scalar>: Sendable, Equatable {
  /// A tensor under the name that files give it.
  public struct Named: Sendable, Equatable {
    public let name: String
    public let tensor: Tensor<Element>

    public init(_ name: String, _ tensor: Tensor<Element>) {
      (self.name, self.tensor) = (name, tensor)
    }
  }

  /// The epoch of the smallest validation loss.
  public struct Best: Sendable, Equatable {
    public let epoch: Int
    public let loss: Double
    public let parameters: [Tensor<Element>]
  }

  /// The epochs that are done.
  public let epoch: Int
  /// The steps of the optimiser that are done.
  public let step: Int
  /// In the order of `MLPArchitecture.parameters`.
  public let parameters: [Tensor<Element>]
  /// What the optimiser keeps: `optimizer.m.layers.0.weight`, … of the parameters' shapes.
  public let moments: [Named]
  /// Kept where there is a patience; nil before the first validation.
  public let best: Best?
  /// The epochs in a row that were not better than the best.
  public let wait: Int

  /// All tensors under their names: parameters, moments, and the best parameters behind `best.`.
  public func tensors(_ architecture: MLPArchitecture) -> [Named] {
    let names = architecture.parameters.map(\.name)
    return zip(names, parameters).map { Named($0, $1) } + moments
      + zip(names, best?.parameters ?? []).map { Named("best.\($0)", $1) }
  }

  /// A state that was read from a file.
  ///
  /// - Parameters:
  ///   - best: the epoch and the loss of the best parameters; nil where there are none.
  ///   - tensors: what `tensors` gave, in any order.
  /// - Throws: `NumericalError.shape` for a tensor that is missing or of another shape.
  public init(
    _ architecture: MLPArchitecture, optimizer: Optimizer, epoch: Int, step: Int,
    best: (epoch: Int, loss: Double)?, wait: Int, tensors: [String: Tensor<Element>]
  ) throws(NumericalError) {
    func found(_ prefix: String) throws(NumericalError) -> [Named] {
      var list: [Named] = []
      for (name, shape) in architecture.parameters {
        let name = prefix + name
        guard let tensor = tensors[name] else { throw .shape("there is no tensor '\(name)'") }
        guard tensor.shape == shape else {
          throw .shape("\(name) of shape \(tensor.shape): the network needs \(shape)")
        }
        list.append(Named(name, tensor))
      }
      return list
    }
    guard (0...1 << 31).contains(epoch), (0..<1 << 62).contains(step), wait >= 0 else {
      throw .shape("a state after \(epoch) epochs, \(step) steps and \(wait) of waiting")
    }
    (self.epoch, self.step, self.wait) = (epoch, step, wait)
    parameters = try found("").map(\.tensor)
    var moments: [Named] = []
    for moment in optimizer.moments { moments += try found("optimizer.\(moment).") }
    self.moments = moments
    if let best {
      self.best = Best(
        epoch: best.epoch, loss: best.loss, parameters: try found("best.").map(\.tensor))
    } else {
      self.best = nil
    }
  }

  init(
    epoch: Int, step: Int, parameters: [Tensor<Element>], moments: [Named], best: Best?, wait: Int
  ) {
    (self.epoch, self.step, self.parameters) = (epoch, step, parameters)
    (self.moments, self.best, self.wait) = (moments, best, wait)
  }
}
