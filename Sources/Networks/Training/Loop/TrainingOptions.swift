import Tensors

/// How a network is trained.
public struct TrainingOptions: Sendable {
  public var optimizer = Optimizer.adam
  /// η, before the schedule.
  public var learningRate = 1e-3
  /// B, the samples of a step; the last step of an epoch takes those that are left. At most N are
  /// taken: `Trainer.batch`.
  public var batch = 32
  /// The passes over all samples that the schedule counts on.
  public var epochs = 20
  /// μ of `momentum`.
  public var momentum = 0.9
  /// β₁ and β₂ of Adam.
  public var betas = (0.9, 0.999)
  /// ε of Adam.
  public var epsilon = 1e-8
  /// λ; holds for weight matrices, not for biases and norms.
  public var weightDecay = 0.0
  /// The share p of hidden units that are set to 0 in training, 0 ≤ p < 1; the others are divided by
  /// 1 − p (Srivastava et al. 2014).
  public var dropout = 0.0
  public var schedule = LearningRateSchedule.constant
  /// The epochs, or the part of one, in which the rate grows linearly to the full one.
  public var warmUp = 0.0
  /// The largest Euclidean norm of the whole gradient; what is longer is cut to it (Pascanu, Mikolov
  /// & Bengio 2013).
  public var clip: Double?
  /// The epochs in a row without a smaller validation loss after which training should stop.
  public var patience: Int?
  /// Of the samples' order and the masks of dropout.
  public var seed: UInt64 = 0

  public init() {}

  /// - Throws: `NumericalError.shape` for a number out of its range.
  func check() throws(NumericalError) {
    func require(_ holds: Bool, _ text: @autoclosure () -> String) throws(NumericalError) {
      guard holds else { throw .shape(text()) }
    }
    try require(
      learningRate > 0 && learningRate.isFinite, "a learning rate of \(learningRate): more than 0")
    try require(batch > 0, "batches of \(batch) samples: at least 1")
    // So that the steps of a run can be counted.
    try require((0...1 << 31).contains(epochs), "\(epochs) epochs: from 0 to 2^31")
    try require((0..<1).contains(momentum), "a momentum of \(momentum): 0 ≤ momentum < 1")
    try require(
      (0..<1).contains(betas.0) && (0..<1).contains(betas.1),
      "betas of \(betas.0) and \(betas.1): 0 ≤ beta < 1")
    try require(epsilon > 0 && epsilon.isFinite, "an epsilon of \(epsilon): more than 0")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, "a weight decay of \(weightDecay): at least 0")
    try require((0..<1).contains(dropout), "dropout of a share of \(dropout): 0 ≤ p < 1")
    try require(warmUp >= 0 && warmUp.isFinite, "a warm-up of \(warmUp) epochs: at least 0")
    try require(clip.map { $0 > 0 } ?? true, "gradients clipped to \(clip ?? 0): more than 0")
    try require(patience.map { $0 > 0 } ?? true, "a patience of \(patience ?? 0): at least 1")
  }
}
