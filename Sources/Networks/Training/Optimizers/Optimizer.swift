import RealModule
import Tensors

/// How parameters follow the gradient.
public enum Optimizer: String, CaseIterable, Sendable {
  /// w ← w − η·g, with g the gradient plus λ·w.
  case sgd
  /// v ← μ·v + g, w ← w − η·v (Polyak 1964, as frameworks have it).
  case momentum
  /// Kingma & Ba 2015, g the gradient plus λ·w.
  case adam
  /// Loshchilov & Hutter 2019: weight decay apart from the gradient, w ← w − η·λ·w.
  case adamw

  /// The names of what it keeps for every parameter.
  var moments: [String] {
    switch self {
    case .sgd: []
    case .momentum: ["velocity"]
    case .adam, .adamw: ["m", "v"]
    }
  }
}

/// One step of an optimiser for any part of the parameters.
struct OptimizerStep<Element: Scalar> {
  private let optimizer: Optimizer
  private let rate: Double
  private let momentum: Double
  private let betas: (Double, Double)
  private let epsilon: Double
  private let decay: Double
  private let meanFactor: Double
  private let squareFactor: Double

  /// - Parameters:
  ///   - step: from 1.
  ///   - rate: the learning rate of this step.
  init(_ options: TrainingOptions, step: Int, rate: Double) {
    (optimizer, self.rate, momentum) = (options.optimizer, rate, options.momentum)
    (betas, epsilon, decay) = (options.betas, options.epsilon, options.weightDecay)
    meanFactor = 1 / (1 - Double.pow(options.betas.0, Double(step)))
    squareFactor = 1 / (1 - Double.pow(options.betas.1, Double(step)))
  }

  /// Moves `count` parameters.
  ///
  /// - Parameters:
  ///   - decays: whether weight decay holds for them.
  ///   - gradient: theirs; what sgd with decay adds stays there.
  ///   - moments: one array for each of the optimiser's moments.
  func update(
    _ count: Int, decays: Bool, gradient: UnsafeMutablePointer<Element>,
    moments: (UnsafeMutablePointer<Element>?, UnsafeMutablePointer<Element>?),
    parameters w: UnsafeMutablePointer<Element>
  ) {
    let decay = decays ? decay : 0
    switch optimizer {
    case .sgd:
      if decay != 0 { Element.vectorAdd(count, w, times: Element(decay), to: gradient) }
      Element.vectorAdd(count, gradient, times: Element(-rate), to: w)
    case .momentum:
      guard let velocity = moments.0 else { return }
      Element.momentumUpdate(
        count, rate: Element(rate), momentum: Element(momentum), decay: Element(decay),
        gradient: gradient, velocity: velocity, w: w)
    case .adam, .adamw:
      guard let m = moments.0, let v = moments.1 else { return }
      let isApart = optimizer == .adamw
      Element.adamUpdate(
        count, rate: Element(rate), beta1: Element(betas.0), beta2: Element(betas.1),
        epsilon: Element(epsilon), decay: isApart ? 0 : Element(decay),
        shrink: isApart ? Element(1 - rate * decay) : 1, meanFactor: Element(meanFactor),
        squareFactor: Element(squareFactor), gradient: gradient, m: m, v: v, w: w)
    }
  }
}
