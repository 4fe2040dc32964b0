/// What came out of one pass over the samples.
public struct EpochFigures: Sendable, Equatable {
  /// From 1.
  public let epoch: Int
  /// The mean loss of the samples, each at the step that trained on it.
  public let loss: Double
  /// The share of samples that were answered rightly then; nil for a regression.
  public let accuracy: Double?
  /// After the epoch, without dropout; nil without validation samples.
  public let validation: Evaluation?
  /// Of the last step.
  public let learningRate: Double
  /// The mean of the steps' Euclidean norms of the whole gradient, before it is clipped.
  public let gradientNorm: Double
  /// What training took, without validation.
  public let seconds: Double
}

/// How well a network answers.
public struct Evaluation: Sendable, Equatable {
  /// Cross-entropy, or the mean squared error.
  public let loss: Double
  /// The share of right answers; nil for a regression.
  public let accuracy: Double?
  /// The mean over the outputs of 1 − Σ(y − t)²/Σ(t − mean t)²; nil for a classification. For targets
  /// that are all equal 1 if they are met, else 0.
  public let determination: Double?
}
